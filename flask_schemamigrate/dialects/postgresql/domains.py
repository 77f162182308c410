"""The statements about domains, and about schemas that may hold something."""

from __future__ import annotations

from collections.abc import Iterator

from ...operations import AlterDomain, CreateDomain, DropDomain, DropNamespace, Operation
from ...schema import Domain
from ..standard import StandardStatements
from ..statement import Statement, Step
from .clauses import PostgreSQLClauses


class DomainStatements(PostgreSQLClauses, StandardStatements):
    """Domains, which have no IF NOT EXISTS, and schemas that are dropped only if empty."""

    def domain(self, operation: Operation) -> Iterator[Step]:
        """CREATE DOMAIN, DROP DOMAIN, or an ALTER DOMAIN for each change."""
        match operation:
            case CreateDomain():
                text = self.domain_text(operation.domain)
                guarded = operation.if_not_exists
                yield Statement(unless("duplicate_object", text) if guarded else text)
            case DropDomain():
                guard = "IF EXISTS " if operation.if_exists else ""
                place = self.place(operation.name, operation.schema)
                yield Statement(f"DROP DOMAIN {guard}{place}")
            case AlterDomain():
                place = self.place(operation.name, operation.schema)
                for action in self.domain_actions(operation):
                    yield Statement(f"ALTER DOMAIN {place} {action}")

    def domain_text(self, domain: Domain) -> str:
        """CREATE DOMAIN."""
        words = [f"CREATE DOMAIN {self.place(domain.name, domain.schema)} AS {domain.type.text}"]
        words += [] if domain.default is None else [f"DEFAULT {domain.default}"]
        words += [] if domain.nullable else ["NOT NULL"]
        return " ".join([*words, *map(self.constraint, domain.checks.values())])

    def domain_actions(self, operation: AlterDomain) -> Iterator[str]:
        """What follows ALTER DOMAIN, checks that go before those that come."""
        changes = operation.changes
        if "default" in changes:
            default = changes["default"]
            yield "DROP DEFAULT" if default is None else f"SET DEFAULT {default}"
        if "nullable" in changes:
            yield "DROP NOT NULL" if changes["nullable"] else "SET NOT NULL"
        yield from (f"DROP CONSTRAINT {self.quoted(name)}" for name in operation.dropped)
        yield from (f"ADD {self.constraint(check)}" for check in operation.added)

    def drop_namespace(self, operation: DropNamespace) -> Iterator[Step]:
        if not operation.if_empty:
            yield from super().drop_namespace(operation)
            return
        text = f"DROP SCHEMA IF EXISTS {self.quoted(operation.name)}"
        yield Statement(unless("dependent_objects_still_exist", text))


def unless(condition: str, statement: str) -> str:
    """A block that does nothing where the statement fails for this reason."""
    return f"DO $$ BEGIN\n    {statement};\nEXCEPTION WHEN {condition} THEN NULL;\nEND $$"
