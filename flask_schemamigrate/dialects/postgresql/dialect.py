"""What PostgreSQL can do, and how it says it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, ClassVar

import sqlalchemy as sa

from ...operations import Operation
from ...schema import Schema, Table, Type
from ..base import Dialect
from ..blocking import Blocking
from ..locks import MigrationLock
from ..statement import Question, Step
from .blocking import blocking
from .catalogue import ENUM_USERS
from .echo import echo
from .lock import AdvisoryLock, session_locks_hold
from .plain import LONGEST_NAME
from .polite import Politeness
from .read import answers, read
from .rehearsal import EnumRehearsal
from .rows import PostgreSQLRows
from .spelled import Spelled
from .statements import PostgreSQLStatements
from .types import EMPTY, TypeTexts, python_type
from .unsaid import with_unsaid
from .ways_out import way_out


class PostgreSQL(Politeness, PostgreSQLStatements, PostgreSQLRows, Dialect):
    """PostgreSQL 12 and later."""

    title = "PostgreSQL"
    transactional_ddl = True
    name_spaces: ClassVar = {
        **dict.fromkeys(
            ("table", "index", "primary key", "unique constraint", "exclusion constraint"),
            ("relation", True),
        ),
        **dict.fromkeys(("check", "foreign key"), ("constraint", False)),
    }
    longest_name = LONGEST_NAME
    empty_texts: ClassVar = EMPTY
    type_texts: ClassVar = TypeTexts
    begin_text = "BEGIN"
    commit_text = "COMMIT"

    def way_out(self, error: BaseException) -> str | None:
        return way_out(error)

    # -- reading and comparing

    def read(
        self,
        connection: sa.Connection,
        *,
        schemas: Sequence[str | None] = (None,),
        tables: Collection[str] | None = None,
    ) -> Schema:
        return read(connection, schemas, tables)

    def enum_users(self, connection: sa.Connection, key: str) -> frozenset[tuple[str, str]]:
        schema, _, name = key.rpartition(".")
        where = self.literal(schema) if schema else "current_schema()"
        query = ENUM_USERS.format(name=self.literal(name), schema=where)
        return frozenset((table, column) for table, column in answers(connection, query))

    def spelled(self, wanted: Schema) -> Schema:
        virtual = self.version >= (18,)
        spelled = Spelled(virtual=virtual, stores_by_default=self.stores_by_default)
        return spelled.schema(wanted)

    def with_unsaid(self, models: Schema, before: Schema) -> Schema:
        return with_unsaid(models, before)

    def blocking(self, operation: Operation, table: Table) -> Blocking | None:
        return blocking(operation, table)

    def echo(self, connection: sa.Connection, wanted: Schema) -> Schema:
        echoed, refusal = echo(self, connection, wanted)
        self.echo_refused = refusal
        return echoed

    def python_type(self, type_: Type) -> sa.types.TypeEngine[Any]:
        if type_.python is None and (found := python_type(type_.text)) is not None:
            return found
        return super().python_type(type_)

    # -- carrying out

    def migration_lock(
        self, engine: sa.Engine, name: str, working: sa.Connection | None = None
    ) -> MigrationLock:
        return AdvisoryLock(engine, name, working)

    def session_locks_hold(self, connection: sa.Connection) -> bool:
        return session_locks_hold(connection)

    def canceller(
        self, connection: sa.Connection, aside: Callable[[str], None]
    ) -> Callable[[], None]:
        driver: Any = connection.connection.driver_connection
        # The protocol's own way also finds its session through a pool that shares sessions.
        cancel: Callable[[], None] | None = getattr(driver, "cancel", None)
        if cancel is not None:
            return cancel
        session = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        connection.rollback()
        return lambda: aside(f"SELECT pg_cancel_backend({session})")

    # -- writing

    def rehearsal(self) -> EnumRehearsal:
        return EnumRehearsal()

    def written(self, step: Step) -> Iterator[str]:
        if isinstance(step, Question):
            yield self.written_question(step)
            return
        yield from super().written(step)

    def written_question(self, question: Question) -> str:
        """A block that stops the script where the question has an answer."""
        message = self.literal(f"Nothing was changed, because rows were found by: {question.sql}")
        return (
            f"DO $$ BEGIN IF EXISTS ({question.sql}) THEN\n"
            f"    RAISE EXCEPTION USING MESSAGE = {message};\nEND IF; END $$"
        )
