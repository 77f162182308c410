"""The questions a dialect answers: read, echo, state, carry out, lock."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any, ClassVar, Self, cast

import sqlalchemy as sa
from sqlalchemy.engine import Dialect as SQLAlchemyDialect

from ..errors import OperationError
from ..errors.operations import NotSupportedHere
from ..operations import Operation
from ..schema import Enum, Known, Schema, Table, Type, key_of
from .asking import asked
from .blocking import Blocking
from .declared import Declared
from .locks import Holder, MigrationLock, NoLock
from .rows import Rows
from .standard import StandardStatements
from .statement import Data, Question, Statement, Step


class Dialect(StandardStatements, Rows):
    """What one kind of database can do, and how it says it.

    This class answers with the SQL standard, for databases that nobody wrote a dialect for; it
    refuses what the standard does not tell.
    """

    transactional_ddl = False
    begin_text = ""
    commit_text = ""
    script_note = ""
    """What whoever runs a script should know, where the URL alone does not tell the server."""
    done: Sequence[Operation] = ()
    """What the revision at hand has done so far."""
    tidies = True
    """Whether what the server made for something goes with it: an enum type, a key's index.

    Alembic leaves it, so that revisions written for that may drop it themselves, even much later.
    """
    name_spaces: ClassVar[Mapping[str, tuple[str, bool]]] = {}
    """The space of names that a kind of thing is in, and whether it is of the schema or a table."""
    longest_name: ClassVar[int | None] = None
    """The bytes that it keeps of a table's or column's name, where it cuts a longer one itself."""
    empty_texts: ClassVar[Mapping[type[sa.types.TypeEngine[Any]], str]] = {}
    """Values that mean nothing, as text, for types that no other database has or has otherwise."""
    type_texts: ClassVar[type[Any] | None] = None
    """SQLAlchemy's compiler of types, where its own would write what this database refuses."""
    echo_refused: str | None = None
    """Why the last `echo` had to leave some tables as the models spell them, if it had to."""

    def __init__(self, sqlalchemy_dialect: SQLAlchemyDialect) -> None:
        twin: Any = undoubled(sqlalchemy_dialect)
        if self.type_texts is not None:
            twin.type_compiler_instance = twin.type_compiler = self.type_texts(twin)
        super().__init__(twin)

    def within(self, done: Sequence[Operation], *, tidies: bool = True) -> Self:
        """The dialect for one revision, which looks at what that has ``done`` and at no other."""
        twin = copy.copy(self)
        twin.done = done
        twin.tidies = tidies
        return twin

    # -- reading and comparing

    def read(
        self,
        connection: sa.Connection,
        *,
        schemas: Sequence[str | None] = (None,),
        tables: Collection[str] | None = None,
    ) -> Schema:
        """The database as a `Schema`; only these table keys if ``tables`` names some.

        The number of queries does not grow with the number of tables.
        """
        raise NotSupportedHere("reading its schema", self.title)

    def read_table(
        self, connection: sa.Connection, name: str, schema: str | None = None
    ) -> Table | None:
        """One table as it is now, or ``None``."""
        key = key_of(name, schema)
        return self.read(connection, schemas=(schema,), tables=(key,)).tables.get(key)

    def spelled(self, wanted: Schema) -> Schema:
        """The models' schema in this database's own words, as far as that takes no database.

        What still differs afterwards is echoed, so this only needs to be right where it speaks.
        """
        return wanted

    def with_unsaid(self, models: Schema, before: Schema) -> Schema:
        """The models' schema with what this database was given besides, and no model speaks of."""
        return models

    def echo(self, connection: sa.Connection, wanted: Schema) -> Schema:
        """These tables and enums as the database spells them once it has created them.

        They are created as scratch objects that nobody sees and that are gone afterwards.
        """
        raise NotSupportedHere("comparing its schema", self.title)

    def python_type(self, type_: Type) -> sa.types.TypeEngine[Any]:
        """The SQLAlchemy type for a type that was read from the database."""
        return Declared(type_.text) if type_.python is None else type_.python

    def blocking(self, operation: Operation, table: Table) -> Blocking | None:
        """What an operation keeps others from as long as it goes through the table's rows."""
        return None

    def can_refer(self, type_: Type, referent: Type) -> bool:
        """Whether a foreign key may lead from a column of one type to one of the other.

        Where that is not certain, the database shall say.
        """
        return True

    def enum_users(self, connection: sa.Connection, key: str) -> frozenset[tuple[str, str]]:
        """The (table key, column name) pairs whose type is the enum filed under ``key``."""
        schema = key.rpartition(".")[0] or None
        return self.read(connection, schemas=(schema,)).enum_users(key)

    # -- carrying out

    @contextmanager
    def transaction(self, connection: sa.Connection, *, unguarded: bool = False) -> Iterator[None]:
        """A transaction around a revision; ``unguarded`` switches foreign keys off around it."""
        # Not "with connection.begin()": a revision may commit by itself and go on.
        if not connection.in_transaction():
            connection.begin()
        try:
            yield
        except BaseException:
            connection.rollback()
            raise
        connection.commit()

    def together(
        self, connection: sa.Connection, steps: Sequence[Step]
    ) -> AbstractContextManager[object]:
        """A block for the steps of an operation, of which none remains if one fails.

        That is so by itself where the server takes nothing more after an error.
        """
        return nullcontext()

    @contextmanager
    def uncommitted(self, connection: sa.Connection) -> Iterator[None]:
        """A block with transactions on a connection that the app has commit each statement."""
        connection.rollback()
        connection.execution_options(isolation_level=connection.default_isolation_level)
        try:
            yield
        finally:
            # The app is to find its connections as it made them.
            connection.rollback()
            connection.invalidate()

    @contextmanager
    def autocommit(self, connection: sa.Connection) -> Iterator[None]:
        """A block in which each statement commits by itself; what came before it is committed."""
        connection.commit()
        connection.execution_options(isolation_level="AUTOCOMMIT")
        try:
            yield
        except BaseException:
            connection.rollback()
            raise
        else:
            connection.commit()
        finally:
            # One that broke has the usual level again once it is made anew.
            if not connection.invalidated:
                connection.execution_options(isolation_level=connection.default_isolation_level)

    asked = staticmethod(asked)

    def carry_out(self, step: Step, connection: sa.Connection) -> Any:
        """Do one step. Raises what the driver raises, or a question's refusal."""
        match step:
            case Statement():
                return self.asked(connection, step.sql)
            case Question():
                rows = list(self.asked(connection, step.sql))
                if rows:
                    raise step.refusal(rows)
                return None
            case Data():
                return self.carry_out_data(step.operation, connection)

    def closing(self, done: Sequence[Operation], known: Known) -> Iterator[Operation]:
        """What is left to do at the end of a revision that did these operations."""
        yield from ()

    def lend(self, connection: sa.Connection) -> None:
        """Prepare a connection for a revision that asks for it."""

    def commits_by_itself(self, sql: str) -> bool:
        """Whether the database commits what was done so far before it carries this out."""
        return False

    local_words: tuple[str, str] | None = None
    """What to put in place of what in the settings below, so that they are a transaction's."""

    def lock_timeout_statements(self, seconds: float) -> Iterator[str]:
        """Settings that make a session give up waiting for another one's lock."""
        yield from ()

    def statement_timeout_statements(self, seconds: float) -> Iterator[str]:
        """Settings that end a statement that takes longer."""
        yield from ()

    def flush_statements(self, *, waits: bool) -> Iterator[str]:
        """Settings that make a commit wait for the disk, or leave that to one that comes later."""
        yield from ()

    def lets_others_on(self, sql: str) -> bool:
        """Whether a statement makes nobody else wait while it waits for others itself."""
        return False

    def is_lock_timeout(self, error: BaseException) -> bool:
        """Whether a statement gave up because another session held a lock."""
        return False

    def way_out(self, error: BaseException) -> str | None:
        """What to do about an error of the database's, in whole sentences, if that is known."""
        return None

    def blockers(self, connection: sa.Connection, table: str | None = None) -> list[Holder]:
        """The sessions that others wait for, as far as the database tells."""
        return []

    def session_locks_hold(self, connection: sa.Connection) -> bool:
        """Whether a lock of a session keeps others out, whatever stands in between."""
        return True

    def migration_lock(
        self, engine: sa.Engine, name: str, working: sa.Connection | None = None
    ) -> MigrationLock:
        """The lock of that name in the database of this engine.

        ``working`` is the connection that its holder works on. Where a server goes on with a
        statement whose client was killed, the lock is free when that has ended.
        """
        return NoLock()

    def canceller(
        self, connection: sa.Connection, aside: Callable[[str], None]
    ) -> Callable[[], None]:
        """What ends, from another thread, the statement that this connection is at.

        ``aside`` carries out a statement on a connection of its own.
        """
        return lambda: None

    # -- writing

    def rehearsal(self) -> Rehearsal:
        """What stands in for the database while a script is written."""
        return Rehearsal()

    def written(self, step: Step) -> Iterator[str]:
        """A step as statements of an SQL script, without the semicolon."""
        match step:
            case Statement():
                yield step.sql
            case Question():
                yield from ()
            case Data():
                yield from self.written_data(step.operation)


class Live:
    """What is known of a live database before an operation: what it says when it is asked."""

    def __init__(self, dialect: Dialect, connection: sa.Connection) -> None:
        self.dialect = dialect
        self.connection = connection
        self._tables: dict[str, Table | None] = {}

    def table(self, name: str, schema: str | None = None) -> Table | None:
        """The table as it is now, or ``None``; one operation asks for it more than once."""
        key = key_of(name, schema)
        if key not in self._tables:
            self._tables[key] = self.dialect.read_table(self.connection, name, schema)
        return self._tables[key]

    def enum(self, key: str) -> Enum | None:
        """The enum type as it is now, or ``None``."""
        schema = key.rpartition(".")[0] or None
        return self.dialect.read(self.connection, schemas=(schema,), tables=()).enums.get(key)

    def enum_users(self, key: str) -> frozenset[tuple[str, str]]:
        """The columns that use the enum type now."""
        return self.dialect.enum_users(self.connection, key)


class Rehearsal:
    """What a script's database would hold by now, replayed in memory.

    An operation on a table that raw SQL made leaves it as it is: nothing is known of that table.
    ``follows_sql`` says that raw SQL is understood, too.
    """

    follows_sql = False

    def __init__(self) -> None:
        self.known: Known = Schema()

    def begin_with(self, dialect: Dialect, connection: sa.Connection) -> None:
        """Begin with what a live database holds, instead of with nothing."""
        self.known = dialect.read(connection)

    def carry_out(self, step: Step) -> None:
        """Take a step as done; the schema only follows operations."""

    def after(self, operation: Operation) -> None:
        """Take an operation as done."""
        with suppress(OperationError):
            assert isinstance(self.known, Schema)
            self.known = operation.apply(self.known)


def undoubled(dialect: SQLAlchemyDialect) -> SQLAlchemyDialect:
    """A copy of SQLAlchemy's dialect that does not double percent signs.

    Drivers with ``%s`` parameters need them doubled in statements with parameters; ours have none.
    """
    twin: Any = copy.copy(dialect)
    # What a type makes of literals is kept there, percent signs doubled.
    twin.__dict__.pop("_type_memos", None)
    twin.paramstyle = "named"
    twin.positional = False
    twin.identifier_preparer = twin.preparer(twin)
    twin.type_compiler_instance = twin.type_compiler = twin.type_compiler_cls(twin)
    return cast(SQLAlchemyDialect, twin)
