"""What ``op.get_context()`` answers: the surroundings of the revision being carried out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import sqlalchemy as sa

from ..errors.operations import NeedsDatabase, WrongArgument
from ..operations import op


class Surrounded(Protocol):
    """The sink that a context belongs to."""

    def bind(self) -> sa.Connection:
        """The connection, after everything said so far was carried out."""

    def outside_transaction(self) -> AbstractContextManager[None]:
        """A block outside a transaction."""


class MigrationContext:
    """The surroundings of a run: its connection, its dialect, and how it is carried out."""

    def __init__(
        self,
        sink: Surrounded,
        *,
        dialect: sa.Dialect,
        as_sql: bool = False,
        opts: Mapping[str, Any] | None = None,
    ) -> None:
        self._sink = sink
        self.dialect = dialect
        self.as_sql = as_sql
        self.opts = dict(opts or {})

    @property
    def connection(self) -> sa.Connection:
        """The connection of this run. Raises `NeedsDatabase` with ``--sql``."""
        return self._sink.bind()

    bind = connection

    @property
    def impl(self) -> Any:
        """The context, and what plugins' operations do with SQLAlchemy's objects."""
        return op.impl

    @property
    def config(self) -> Any:
        """The app's configuration of the extension."""
        return self.opts.get("config")

    @property
    def script(self) -> Any:
        """The revision files: ``script.get_revision("ab12").module`` is another one, imported."""
        return self.opts.get("script")

    @property
    def version_table_schema(self) -> str | None:
        """The schema the history table is in."""
        schema: str | None = self.opts.get("version_table_schema")
        return schema

    def get_context(self) -> MigrationContext:
        """Itself."""
        return self

    def get_bind(self) -> sa.Connection:
        """The connection of this run."""
        return self.connection

    def get_impl(self) -> Any:
        """The same as ``impl``."""
        return self.impl

    def execute(self, sql: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        """Carry out SQL text or an expression, as ``op.execute`` does."""
        op.execute(sql, execution_options=execution_options)

    def is_offline_mode(self) -> bool:
        """Whether SQL is only being written."""
        return self.as_sql

    def get_x_argument(self, as_dictionary: bool = False) -> Any:
        """What was given with ``-x``: a list, or the ``key=value`` pairs as a dict."""
        given = list(self.opts.get("x", ()))
        if not as_dictionary:
            return given
        pairs = (text.partition("=") for text in given)
        return {key: value for key, _, value in pairs}

    def get_tag_argument(self) -> str | None:
        """What was given with ``--tag``."""
        tag: str | None = self.opts.get("tag")
        return tag

    @contextmanager
    def autocommit_block(self) -> Iterator[None]:
        """Carry out what is in the block outside a transaction; what came before is committed."""
        with self._sink.outside_transaction():
            yield

    def run_async(self, function: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any) -> Any:
        """Await a coroutine function with the async connection as its first argument."""
        if self.as_sql:
            raise NeedsDatabase("op.run_async()")
        if not self.dialect.is_async:
            raise WrongArgument(
                f"op.run_async() needs an asynchronous driver, and this is {self.dialect.driver}.",
                hint="Use op.get_bind() instead.",
            )
        from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
        from sqlalchemy.util import await_only

        connection = self.connection
        awaitable = function(
            AsyncConnection(AsyncEngine(connection.engine), connection), *args, **kwargs
        )
        return await_only(awaitable)
