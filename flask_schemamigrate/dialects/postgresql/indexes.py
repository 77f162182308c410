"""The statements that create, drop and rename indexes."""

from __future__ import annotations

from collections.abc import Iterator

from ...operations import CreateIndex, DropIndex, RenameIndex
from ...schema import Known
from ..base import Live
from ..standard import StandardStatements
from ..statement import Statement, Step
from .alteration import Afterwards
from .catalogue import INVALID_INDEX
from .clauses import PostgreSQLClauses
from .following import origin
from .read import answers


class IndexStatements(PostgreSQLClauses, StandardStatements):
    """Indexes; CONCURRENTLY is outside of any transaction."""

    def create_index(self, operation: CreateIndex, before: Known) -> Iterator[Step]:
        """CREATE INDEX, after an invalid one that a failed run left behind is gone.

        IF NOT EXISTS would take the invalid one for the index, so it is not used concurrently: the
        invalid one is not among those that are read.
        """
        index = operation.index
        name = self.index_name(index, operation.key)
        guard = "IF NOT EXISTS " if operation.if_not_exists else ""
        how = "CONCURRENTLY " if operation.concurrently else guard
        if operation.concurrently:
            if operation.is_done(before):
                return
            yield from self._without_invalid(operation, before)
        unique = "UNIQUE " if index.unique else ""
        place = self.place(operation.table, operation.schema)
        sql = f"CREATE {unique}INDEX {how}{name} ON {place}{self.index(index)}"
        yield Statement(sql, outside=True) if operation.concurrently else Afterwards(sql)

    def _without_invalid(self, operation: CreateIndex, before: Known) -> Iterator[Step]:
        """DROP INDEX for an invalid index of this name."""
        name, schema = operation.index.name or "", operation.schema
        place = self.place(name, schema)
        query = INVALID_INDEX.format(
            name=self.literal(name),
            schema="current_schema()" if schema is None else self.literal(schema),
        )
        first = origin(before)
        if isinstance(first, Live):
            if answers(first.connection, query):
                yield Statement(f"DROP INDEX CONCURRENTLY {place}", outside=True)
            return
        yield Statement(
            f"DO $$ BEGIN IF EXISTS ({query.strip()}) THEN\n"
            f"    DROP INDEX {place};\nEND IF; END $$",
            outside=True,
        )

    def drop_index(self, operation: DropIndex, before: Known) -> Iterator[Step]:
        """DROP INDEX, by its full name."""
        how = "CONCURRENTLY " if operation.concurrently else ""
        how += "IF EXISTS " if operation.if_exists else ""
        place = self.place(operation.name, operation.schema)
        yield Statement(f"DROP INDEX {how}{place}", outside=operation.concurrently)

    def rename_index(self, operation: RenameIndex, before: Known) -> Iterator[Step]:
        """ALTER INDEX ... RENAME TO."""
        place = self.place(operation.name, operation.schema)
        yield Statement(f"ALTER INDEX {place} RENAME TO {self.quoted(operation.new_name)}")
