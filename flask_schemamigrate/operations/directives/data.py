"""Directives about raw SQL and rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from ..batches import Backfill, RunData
from ..data import BulkInsert, Execute, Upsert
from .base import Directives


class InlineLiteral(sa.BindParameter[Any]):
    """A value that is text wherever it is compiled, by ``str()`` too, which revisions put in SQL.

    SQLAlchemy's own ``literal_execute`` is a placeholder until the moment it is carried out.
    """

    inherit_cache = False  # The text of the value is part of the statement.


@compiles(InlineLiteral)
def inline_literal_text(element: InlineLiteral, compiler: Any, **kw: Any) -> str:
    """The value as SQL text."""
    text: str = compiler.render_literal_bindparam(element, **kw)
    return text


class DataDirectives(Directives):
    """SQL, rows and the connection itself."""

    def execute(
        self,
        sqltext: Any,
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> None:
        """Carry out SQL text or an expression.

        ``:name`` in text is a parameter, ``\\:`` a colon.
        """
        self.invoke(Execute(sqltext, parameters, dict(execution_options or {})))

    def bulk_insert(
        self,
        table: sa.TableClause,
        rows: Iterable[Mapping[str, Any]],
        *,
        multiinsert: bool = True,
    ) -> None:
        """Insert rows: any iterable of dicts with the same keys, a generator as well.

        With ``multiinsert=False`` each row is a statement of its own, and has keys of its own.
        """
        self.invoke(BulkInsert(table, rows, multiinsert))

    def upsert(
        self,
        table: sa.TableClause,
        rows: Iterable[Mapping[str, Any]],
        *,
        key: Sequence[str],
        update: Sequence[str] | None = None,
    ) -> None:
        """Insert rows, or update those whose ``key`` columns are there already.

        ``update`` names the columns to update; all others of the row if left out.
        """
        names = None if update is None else tuple(update)
        self.invoke(Upsert(table, rows, tuple(key), names))

    def backfill(
        self,
        table_name: str,
        set: Mapping[str, Any],
        *,
        where: Any = None,
        batch: int = 5000,
        pause: float = 0.0,
        key: Sequence[str] = (),
        schema: str | None = None,
    ) -> None:
        """Set columns of all rows, or of those where ``where`` is true, in batches.

        Values are values, SQL goes into ``sa.text()`` or an expression; ``where`` may be text. Each
        batch is a transaction of its own, and a run that was killed goes on behind the last one.
        At the end no row is left for which ``where`` is true, so ``set`` must make it false.
        ``pause`` is in seconds. What the revision did before is committed first.
        """
        self.invoke(Backfill(table_name, schema, where, batch, pause, tuple(key), values=dict(set)))

    def run_data(
        self,
        function: Callable[..., Any],
        table_name: str = "",
        *,
        columns: Sequence[str] = (),
        where: Any = None,
        batch: int = 1000,
        pause: float = 0.0,
        key: Sequence[str] = (),
        schema: str | None = None,
    ) -> None:
        """Call a function with a connection and a batch of rows, again and again to the last row.

        A row is a dict of its ``columns`` (all if none are named) and its key. The function may
        return dicts, each with the key and the columns to update. A batch and what the function did
        with it are one transaction. What the revision did before is committed first.

        Without a table the function is called with the connection alone, in one transaction; if a
        run is killed in it, once more from its start.
        """
        self.invoke(
            RunData(
                table_name,
                schema,
                where,
                batch,
                pause,
                tuple(key),
                function=function,
                columns=tuple(columns),
            )
        )

    def inline_literal(self, value: Any, type_: Any = None) -> Any:
        """A value that is written into the SQL text instead of being a parameter."""
        return InlineLiteral(None, value, type_, unique=True)

    def get_bind(self) -> sa.Connection:
        """The connection of this run. Raises `NeedsDatabase` with ``--sql``."""
        return self._sink.bind()

    def get_context(self) -> Any:
        """What surrounds this run: ``dialect``, ``connection``, ``as_sql``, `autocommit_block`."""
        return self._sink.context

    def run_async(
        self, async_function: Callable[..., Awaitable[Any]], *args: Any, **kw_args: Any
    ) -> Any:
        """Run a coroutine function with the async connection as its first argument."""
        return self._sink.context.run_async(async_function, *args, **kw_args)
