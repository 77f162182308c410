"""Indexes: created, dropped, renamed."""

from __future__ import annotations

import sqlalchemy as sa

from tests.vocabulary.case import batch, case

CASES = {
    "an index": case(lambda op, other: op.create_index("ix", "pet", ["name", "age"])),
    "an index in another schema": case(
        lambda op, other: op.create_index("ix", "pet", ["name"], schema=other)
    ),
    "a unique index": case(lambda op, other: op.create_index("ix", "pet", ["age"], unique=True)),
    "an index that is there": case(
        lambda op, other: op.create_index("ix_age", "pet", ["age"], if_not_exists=True)
    ),
    "an index that is not there": case(
        lambda op, other: op.create_index("ix", "pet", ["name"], if_not_exists=True)
    ),
    "an index that lets others write": case(
        lambda op, other: op.create_index("ix", "pet", ["name"], concurrently=True)
    ),
    "an index that falls": case(
        lambda op, other: op.create_index("ix", "pet", [sa.text("age DESC"), sa.column("name")])
    ),
    "an index with options of each database": case(
        lambda op, other: op.create_index(
            "ix",
            "pet",
            ["name", "age"],
            postgresql_where=sa.text("age > 1"),
            sqlite_where=sa.text("age > 2"),
            postgresql_include=["note"],
            postgresql_using="btree",
            postgresql_with={"fillfactor": 70},
            postgresql_ops={"name": "varchar_pattern_ops"},
            mysql_length={"name": 5},
            mysql_using="btree",
        )
    ),
    "no index": case(lambda op, other: op.drop_index("ix_age", "pet")),
    "no index in another schema": case(
        lambda op, other: op.drop_index("ix_age", table_name="pet", schema=other)
    ),
    "no index of a table that is not named": case(
        lambda op, other: op.drop_index("ix_age"), one_way="its table is not named"
    ),
    "no index that is not there": case(
        lambda op, other: op.drop_index("nothing", "pet", if_exists=True)
    ),
    "no index that may be there": case(
        lambda op, other: op.drop_index("ix_age", "pet", if_exists=True)
    ),
    "no index, while others write": case(
        lambda op, other: op.drop_index("ix_age", "pet", concurrently=True)
    ),
    "an index of another name": case(
        lambda op, other: op.rename_index("pet", "ix_age", "ix_years")
    ),
    "an index of another name in another schema": case(
        lambda op, other: op.rename_index("pet", "ix_age", "ix_years", schema=other)
    ),
    "a group of indexes": case(
        batch(
            lambda batch: (
                batch.create_index("ix", ["name"], unique=True),
                batch.rename_index("ix_age", "ix_years"),
            )
        )
    ),
    "a group without an index": case(batch(lambda batch: batch.drop_index("ix_age"))),
}
