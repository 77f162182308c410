"""MySQL: reads, echoes, states, carries out, locks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.engine import Dialect as SQLAlchemyDialect

from ...operations import Operation
from ...schema import Schema, Table, Type
from ..base import Dialect
from ..blocking import Blocking
from ..locks import MigrationLock
from .blocking import blocking
from .canonical import Canonical, Collations
from .catalogue import Catalogue
from .echo import Echo
from .lock import ServerLock
from .polite import Politeness
from .read import Reader
from .rehearsal import MySQLRehearsal
from .rows import MySQLRows
from .statements import MySQLStatements
from .types import integer

COMMITTING = (["ALTER"], ["CREATE"], ["DROP"], ["RENAME"])


class MySQL(MySQLStatements, MySQLRows, Politeness, Dialect):
    """MySQL 8.0 and later. Each DDL statement commits by itself."""

    title = "MySQL"
    name_spaces: ClassVar = {
        **dict.fromkeys(("index", "unique constraint"), ("index", False)),
        "check": ("check", True),
        "foreign key": ("foreign key", True),
    }
    # TIMESTAMP begins at 1970-01-01 00:00:01 UTC, which is hours later by other sessions' clocks.
    empty_texts: ClassVar = {sa.TIMESTAMP: "1970-01-02T00:00:00"}
    catalogue: type[Catalogue] = Catalogue
    reader: type[Reader] = Reader
    script_note = "Written for MySQL. For MariaDB, begin the URL with mariadb, not mysql."
    canonical: type[Canonical] = Canonical
    echoing: type[Echo] = Echo

    def __init__(self, sqlalchemy_dialect: SQLAlchemyDialect) -> None:
        super().__init__(sqlalchemy_dialect)
        self._collations = Collations()
        # The twin that states SQL shares it, so it is only ever added to.
        self._own_collations: dict[str | None, str] = {}

    def read(
        self,
        connection: sa.Connection,
        *,
        schemas: Sequence[str | None] = (None,),
        tables: Collection[str] | None = None,
    ) -> Schema:
        """The database as a `Schema`, by a handful of queries of information_schema."""
        reader = self.reader(self.catalogue(connection))
        found = reader.read(schemas, tables)
        if tables is None:
            self._collations = Collations(reader.collations, reader.catalogue.character_sets())
        self._own_collations.update(reader.collations)
        return found

    def commits_by_itself(self, sql: str) -> bool:
        """Whether a statement is of those before which the server commits.

        https://mariadb.com/kb/en/sql-statements-that-cause-an-implicit-commit/
        """
        words = sql.upper().split(None, 2)[:2]
        return words[:1] in COMMITTING and words[1:] != ["TEMPORARY"]

    def known_collation(self, schema: str | None) -> str | None:
        """The collation of a database, if a reading has told."""
        return self._own_collations.get(schema)

    def spelled(self, wanted: Schema) -> Schema:
        """The models' schema as it is read back.

        Collations are compared by what the last reading told of the server's; without one they are
        left to the echo.
        """
        return self.canonical(self._collations).schema(wanted)

    def collations(self, connection: sa.Connection, wanted: Schema | None = None) -> Collations:
        """The server's collations; those of the wanted tables' databases among them."""
        schemas = set() if wanted is None else {table.schema for table in wanted.tables.values()}
        if not self._collations.character_sets or schemas - self._collations.databases.keys():
            catalogue = self.catalogue(connection)
            known = dict(self._collations.databases)
            names = {name for name in schemas if name is not None}
            for name, collation, _ in catalogue.databases(names):
                known[name if name in schemas else None] = collation
            self._collations = Collations(known, catalogue.character_sets())
        return self._collations

    def blocking(self, operation: Operation, table: Table) -> Blocking | None:
        return blocking(operation, table, is_mysql=True)

    def echo(self, connection: sa.Connection, wanted: Schema) -> Schema:
        """These tables as the server spells them, by temporary tables that are gone at once."""
        return self.echoing(self, connection).schema(wanted)

    def python_type(self, type_: Type) -> sa.types.TypeEngine[Any]:
        """The SQLAlchemy type for a type that was read."""
        return type_.python if type_.python is not None else self.canonical.types.python(type_)

    def can_refer(self, type_: Type, referent: Type) -> bool:
        """Whether both are integers of one size and sign, if they are integers.

        https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html
        """
        one, other = integer(type_.text), integer(referent.text)
        return one is None or other is None or one == other

    def migration_lock(
        self, engine: sa.Engine, name: str, working: sa.Connection | None = None
    ) -> MigrationLock:
        """GET_LOCK on a connection of its own."""
        return ServerLock(engine, name, working)

    def rehearsal(self) -> MySQLRehearsal:
        """What stands in for the database while a script is written."""
        return MySQLRehearsal()

    def canceller(
        self, connection: sa.Connection, aside: Callable[[str], None]
    ) -> Callable[[], None]:
        """Have another session end the statement of this one."""
        session = connection.exec_driver_sql("SELECT CONNECTION_ID()").scalar()
        connection.rollback()
        return lambda: aside(f"KILL QUERY {session}")
