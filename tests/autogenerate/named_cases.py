"""Changes of what stands beside the tables: domains and sequences."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from tests.autogenerate.cases import INT, PG, STR, Case
from tests.autogenerate.models import TableOf, col, maker, t

MARIADB = frozenset({"mariadb"})
DOMAIN = maker(pg.DOMAIN)
SEQUENCE = maker(sa.Sequence)


def email(**rules: object) -> list[TableOf]:
    """A table with a column of a domain."""
    return [t(col("a", DOMAIN("email", sa.String(200), **rules)))]


def counted(**options: object) -> list[TableOf]:
    """A table with a column that a sequence numbers."""
    return [t(col("a", INT, SEQUENCE("counter", **options)))]


def of_domains() -> dict[str, Case]:
    """Changes of domains."""
    has_at = {"check": "VALUE ~ '@'", "constraint_name": "has_at"}
    other_check = {"check": "VALUE LIKE '%%@%%.%%'", "constraint_name": "has_at"}
    extra = DOMAIN("extra_email", STR, schema="extra", default="x@y")
    positive = [t(col("a", DOMAIN("positive", INT, check="VALUE > 0")))]
    pairs: dict[str, tuple[list[TableOf], list[TableOf]]] = {
        "added": ([t()], email(**has_at, default="it's: 100%", not_null=True)),
        "dropped": (email(**has_at, default="a@b"), [t()]),
        "dropped from a column": (email(**has_at), [t(col("a", STR))]),
        "of a column": ([t(col("a", STR))], email(**has_at)),
        "check without a name added": (email(), email(check="VALUE <> ''")),
        "check added": (email(), email(**has_at)),
        "check changed": (email(**has_at), email(**other_check)),
        "check renamed": (
            email(**has_at),
            email(check="VALUE ~ '@'", constraint_name="looks_right"),
        ),
        "check dropped": (email(**has_at), email()),
        "default added": (email(), email(default="a@b")),
        "default changed": (email(default="a@b"), email(default="c@d")),
        "default by a function": (email(), email(default=sa.text("CURRENT_USER"))),
        "default dropped": (email(default="a@b"), email()),
        "NOT NULL": (email(), email(not_null=True)),
        "NULL": (email(not_null=True), email()),
        "everything at once": (
            email(**has_at, default="a@b"),
            email(**other_check, default="c@d", not_null=True),
        ),
        "base type": (
            email(**has_at),
            [t(col("a", DOMAIN("email", sa.String(300), **has_at)))],
        ),
        "base type of numbers, with a default in the column": (
            [t(col("a", DOMAIN("size", INT, check="VALUE > 0"), server_default="7"))],
            [t(col("a", DOMAIN("size", sa.BigInteger, check="VALUE > 0"), server_default="7"))],
        ),
        "another domain": (email(**has_at), positive),
        "in a schema of its own": ([t()], [t(col("a", extra))]),
        "in the default schema by its name": (
            [t()],
            [t(col("a", DOMAIN("email", STR, schema="public", check="VALUE <> ''")))],
        ),
    }
    return {
        f"domain: {name}": Case(
            before,
            after,
            PG,
            reworded=name in {"check changed", "everything at once"},
        )
        for name, (before, after) in pairs.items()
    }


def of_sequences() -> dict[str, Case]:
    """Changes of sequences."""
    pairs = {
        "added": ([t(col("a", INT))], counted(start=5)),
        "dropped": (counted(start=5, cache=3), [t(col("a", INT))]),
        "start": (counted(), counted(start=5)),
        "increment": (counted(increment=2), counted(increment=3)),
        "increment as usual": (counted(increment=2), counted()),
        "limits": (counted(), counted(minvalue=-5, maxvalue=1000, start=1)),
        "no limits": (counted(minvalue=-5, maxvalue=1000, start=1), counted()),
        "cycle": (counted(), counted(cycle=True, maxvalue=9)),
        "no cycle": (counted(cycle=True), counted()),
        "cache": (counted(), counted(cache=20)),
        "cache as usual": (counted(cache=20), counted()),
        "downwards": (counted(), counted(increment=-1, minvalue=-9, maxvalue=100, start=100)),
    }
    cases = {
        f"sequence: {name}": Case(one, two, PG | MARIADB) for name, (one, two) in pairs.items()
    }
    cases["sequence: increment of the server"] = Case(counted(), counted(increment=0), MARIADB)
    return cases


NAMED = {**of_domains(), **of_sequences()}
