"""``op``: everything a revision can say."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa

from ..errors.operations import UnknownOperation
from .base import TableOperation
from .batch import BatchOperations
from .custom import PLUGINS, REGISTERED, implementation_for, implementation_of, register_in
from .directives.everything import AllDirectives
from .group import AlterTable, in_order, written_anew
from .impl import Implementation
from .sink import Collector
from .tables import SetTableOptions

Function = TypeVar("Function", bound=Callable[..., Any])


class Operations(AllDirectives):
    """The directives of a revision. ``op`` is the one of the revision being carried out."""

    register_operation: Any = classmethod(register_in(REGISTERED))
    implementation_for: Any = classmethod(implementation_for)

    def invoke(self, operation: Any) -> Any:
        """Carry out an operation given as a value, a plugin's own one too."""
        implementation = implementation_of(operation)
        if implementation is not None:
            return implementation(self, operation)
        return super().invoke(operation)

    @property
    def migration_context(self) -> Any:
        """What surrounds this run."""
        return self.get_context()

    @property
    def impl(self) -> Implementation:
        """What carries out a plugin's operations."""
        return Implementation(self)

    @property
    def _proxy(self) -> Operations:
        """Itself; scripts written for Alembic reach through its private name."""
        return self

    def f(self, name: str) -> Any:
        """Mark a name as final, so that no naming convention is applied to it."""
        return sa.schema.conv(name)

    def upgrade(self, bind: str) -> Callable[[Function], Function]:
        """Mark a function as the upgrade of a further bind: ``@op.upgrade("my-db")``."""
        return _marked("upgrade", bind)

    def downgrade(self, bind: str) -> Callable[[Function], Function]:
        """Mark a function as the downgrade of a further bind: ``@op.downgrade("my-db")``."""
        return _marked("downgrade", bind)

    @contextmanager
    def alter_table(
        self, table_name: str, *, schema: str | None = None
    ) -> Iterator[BatchOperations]:
        """Several changes to one table, carried out together at the end of the block."""
        with self.batch_alter_table(table_name, schema=schema) as group:
            yield group

    @contextmanager
    def batch_alter_table(
        self,
        table_name: str,
        schema: str | None = None,
        recreate: str = "auto",
        partial_reordering: Sequence[Sequence[str]] | None = None,
        copy_from: sa.Table | None = None,
        table_args: Sequence[Any] = (),
        table_kwargs: Mapping[str, Any] | None = None,
        reflect_args: Sequence[Any] = (),
        reflect_kwargs: Mapping[str, Any] | None = None,
        naming_convention: Mapping[str, str] | None = None,
    ) -> Iterator[BatchOperations]:
        """Several changes to one table, carried out together at the end of the block.

        ``recreate="always"`` asks for a new table even where it could be altered. ``table_args``
        and ``table_kwargs`` count where Alembic writes the table anew, and there SQLite's table
        gets the unique constraints of ``copy_from``. ``reflect_args`` and ``reflect_kwargs`` are
        accepted and not needed: the table is read as it really is.
        """
        collector = Collector(self._sink)
        batch = BatchOperations(type(self)(collector), table_name, schema)
        yield batch
        last: tuple[TableOperation, ...] = ()
        if written_anew(collector.operations, recreate, self._sink.spelling.dialect):
            batch.add_table_args(table_args)
            if options := self._sink.spelling.own_options(table_kwargs or {}):
                last = (SetTableOptions(str(table_name), schema, options=options),)
        alter = partial(
            AlterTable,
            str(table_name),
            schema,
            recreate=recreate,
            copied_from=None if copy_from is None else self._sink.spelling.table(copy_from),
            naming_convention=dict(naming_convention or {}),
        )
        changes: list[TableOperation] = []
        for operation in collector.operations:
            if isinstance(operation, TableOperation):
                changes.append(operation)
            else:
                if changes:
                    self.invoke(alter(operations=in_order(changes)))
                changes = []
                self.invoke(operation)
        if changes or recreate == "always":
            order = tuple(tuple(names) for names in partial_reordering or ())
            self.invoke(alter(operations=(*in_order(changes), *last), order=order))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        say = REGISTERED.get(name)
        if say is None:
            names = [item for item in dir(type(self)) if not item.startswith("_")]
            near = difflib.get_close_matches(name, [*names, *REGISTERED])
            raise UnknownOperation(name, near, plugin=PLUGINS.get(name))
        return lambda *args, **kwargs: say(self, *args, **kwargs)


class FormerOperations(Operations):
    """``op`` of a file that was written for Alembic: what plugins registered goes before ours.

    Where it meets one of ours by name, such a file cannot mean ours.
    """

    def __getattribute__(self, name: str) -> Any:
        if name in REGISTERED:
            # The plugin itself may mean ours.
            return partial(REGISTERED[name], Operations(self._sink))
        return super().__getattribute__(name)


def _marked(direction: str, bind: str) -> Callable[[Function], Function]:
    def mark(function: Function) -> Function:
        function.__schemamigrate__ = (direction, bind)  # type: ignore[attr-defined]
        return function

    return mark
