"""SQLite: the answers to all that is asked of a dialect."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote

import sqlalchemy as sa
from sqlalchemy.engine import Dialect as SQLAlchemyDialect

from ...schema import Schema, Type
from ..base import Rehearsal
from ..locks import MigrationLock, NoLock
from ..statement import BeginUnguarded, Statement, Step
from . import lending, read, schema_edit, transaction, types
from .asking import asking, looking
from .echo import echo
from .lock import FileLock
from .polite import Politeness
from .rehearsal import ShadowRehearsal
from .rows import Inserting
from .schema_edit import SchemaEdit
from .spelled import spelled_schema
from .statements import Changing

# https://www.sqlite.org/lang_keywords.html; the others that SQLAlchemy leaves bare may be names.
UNQUOTED_BY_SQLALCHEMY = frozenset({"nothing", "returning"})


class SQLite(Politeness, Inserting, Changing):
    """SQLite, from version 3.34 on."""

    title = "SQLite"
    transactional_ddl = True
    name_spaces: ClassVar = dict.fromkeys(("table", "index"), ("relation", True))
    # The first line is for the sqlite3 program, which would else go on after an error and, having
    # failed to copy a table, drop it.
    begin_text = ".bail on\nPRAGMA foreign_keys=OFF;\nBEGIN IMMEDIATE"
    commit_text = "COMMIT"

    def __init__(self, sqlalchemy_dialect: SQLAlchemyDialect) -> None:
        super().__init__(sqlalchemy_dialect)
        preparer = self.sqlalchemy.identifier_preparer
        preparer.reserved_words = preparer.reserved_words | UNQUOTED_BY_SQLALCHEMY

    # -- reading and comparing

    def read(
        self,
        connection: sa.Connection,
        *,
        schemas: Sequence[str | None] = (None,),
        tables: Collection[str] | None = None,
    ) -> Schema:
        return read.read(looking(connection), schemas, tables)

    def spelled(self, wanted: Schema) -> Schema:
        return spelled_schema(wanted)

    def echo(self, connection: sa.Connection, wanted: Schema) -> Schema:
        return echo(self, wanted)

    def python_type(self, type_: Type) -> sa.types.TypeEngine[Any]:
        return types.python_type(type_.text) if type_.python is None else type_.python

    # -- carrying out

    @contextmanager
    def transaction(self, connection: sa.Connection, *, unguarded: bool = False) -> Iterator[None]:
        with transaction.transaction(connection, unguarded=unguarded):
            yield

    def together(
        self, connection: sa.Connection, steps: Sequence[Step]
    ) -> AbstractContextManager[object]:
        # SQLite goes on, and a revision may catch the error and leave half a rebuild.
        return connection.begin_nested() if len(steps) > 1 else nullcontext()

    @contextmanager
    def uncommitted(self, connection: sa.Connection) -> Iterator[None]:
        # The driver is told at each transaction; and in memory, a new connection has no rows.
        yield

    @contextmanager
    def autocommit(self, connection: sa.Connection) -> Iterator[None]:
        with transaction.autocommit(connection):
            yield

    def lend(self, connection: sa.Connection) -> None:
        lending.lend(connection)

    def carry_out(self, step: Step, connection: sa.Connection) -> Any:
        match step:
            case SchemaEdit():
                return schema_edit.carry_out(
                    step, asking(connection), lambda other: self.carry_out(other, connection)
                )
            case Statement(unguarded=True) if transaction.pragma(connection, "foreign_keys"):
                raise BeginUnguarded
            case _:
                return super().carry_out(step, connection)

    def migration_lock(
        self, engine: sa.Engine, name: str, working: sa.Connection | None = None
    ) -> MigrationLock:
        database = engine.url.database
        memory = not database or ":memory:" in database or "mode=memory" in database
        if memory or engine.url.query.get("mode") == "memory":
            return NoLock()
        return FileLock(_path(database or ""))

    def canceller(
        self, connection: sa.Connection, aside: Callable[[str], None]
    ) -> Callable[[], None]:
        driver: Any = connection.connection.driver_connection
        # The asynchronous driver has the sqlite3 module's connection inside.
        interrupt: Callable[[], None] = getattr(driver, "_conn", driver).interrupt
        return interrupt

    # -- writing

    def rehearsal(self) -> Rehearsal:
        return ShadowRehearsal(self)

    def written(self, step: Step) -> Iterator[str]:
        if isinstance(step, SchemaEdit):
            for other in step.instead:
                yield from self.written(other)
        else:
            yield from super().written(step)


def _path(database: str) -> Path:
    """The file of a database, which a URL may name as a file: URI."""
    if database.startswith("file:"):
        database = unquote(database.removeprefix("file:").partition("?")[0])
        database = "/" + database.lstrip("/") if database.startswith("//") else database
    return Path(database).resolve()
