"""Constraints: created, dropped, renamed, validated."""

from __future__ import annotations

import sqlalchemy as sa

from tests.vocabulary.case import batch, case

CASES = {
    "a primary key": case(lambda op, other: op.create_primary_key("pk_bare", "bare", ["a"])),
    "a primary key in another schema": case(
        lambda op, other: op.create_primary_key("pk_bare", "bare", ["a", "b"], schema=other)
    ),
    "a unique": case(lambda op, other: op.create_unique_constraint("uq", "pet", ["age", "name"])),
    "a unique in another schema": case(
        lambda op, other: op.create_unique_constraint("uq", "pet", ["age"], schema=other)
    ),
    "a unique that waits": case(
        lambda op, other: op.create_unique_constraint(
            "uq", "pet", ["age"], deferrable=True, initially="DEFERRED"
        )
    ),
    "a unique that is there": case(
        lambda op, other: op.create_unique_constraint(
            "uq_name", "pet", ["name"], if_not_exists=True
        )
    ),
    "a foreign key": case(
        lambda op, other: op.create_foreign_key(
            "fk", "bare", "owner", ["a"], ["id"], onupdate="CASCADE", ondelete="CASCADE"
        )
    ),
    "a foreign key that waits": case(
        lambda op, other: op.create_foreign_key(
            "fk", "bare", "owner", ["a"], ["id"], deferrable=True, initially="DEFERRED"
        )
    ),
    "a foreign key that is at first deferred": case(
        lambda op, other: op.create_foreign_key(
            "fk", "bare", "owner", ["a"], ["id"], initially="DEFERRED"
        )
    ),
    "a foreign key that matches in full": case(
        lambda op, other: op.create_foreign_key("fk", "bare", "owner", ["a"], ["id"], match="FULL")
    ),
    "a foreign key in another schema": case(
        lambda op, other: op.create_foreign_key(
            "fk",
            "bare",
            "owner",
            ["a"],
            ["id"],
            source_schema=other,
            referent_schema=other,
        )
    ),
    "a foreign key that is there": case(
        lambda op, other: op.create_foreign_key(
            "fk_owner", "pet", "owner", ["owner_id"], ["id"], if_not_exists=True
        )
    ),
    "a foreign key to itself": case(
        lambda op, other: op.create_foreign_key(
            "fk", "pet", "pet", ["owner_id"], ["id"], validate=False
        ),
        first=lambda op, other: op.execute("UPDATE pet SET owner_id = 1"),
        loses="pet",
    ),
    "a foreign key for new rows, then for all": case(
        lambda op, other: (
            op.create_foreign_key("fk", "bare", "owner", ["a"], ["id"], validate=False),
            op.validate_constraint("fk", "bare"),
        )
    ),
    "a check for new rows in another schema, then for all": case(
        lambda op, other: (
            op.create_check_constraint("ck", "pet", "age > 0", schema=other, validate=False),
            op.validate_constraint("ck", "pet", schema=other),
        )
    ),
    "a check": case(
        lambda op, other: op.create_check_constraint("ck", "pet", sa.column("age") > 0)
    ),
    "a check that is there": case(
        lambda op, other: op.create_check_constraint(
            "ck_age", "pet", "age < 100", if_not_exists=True
        )
    ),
    "an exclusion": case(
        lambda op, other: op.create_exclude_constraint(
            "ex",
            "pet",
            ("age", "="),
            using="btree",
            where=sa.text("age > 1"),
            deferrable=True,
            initially="DEFERRED",
        )
    ),
    "an exclusion in another schema": case(
        lambda op, other: op.create_exclude_constraint(
            "ex", "pet", ("age", "="), using="btree", schema=other
        )
    ),
    "no unique": case(lambda op, other: op.drop_constraint("uq_name", "pet", "unique")),
    "no check": case(lambda op, other: op.drop_constraint("ck_age", "pet", type_="check")),
    "no foreign key": case(
        lambda op, other: op.drop_constraint("fk_owner", "pet", type_="foreignkey")
    ),
    "no foreign key in another schema": case(
        lambda op, other: op.drop_constraint("fk_owner", "pet", schema=other)
    ),
    "no constraint that is not there": case(
        lambda op, other: op.drop_constraint("nothing", "pet", type_="check", if_exists=True)
    ),
    "no constraint that may be there": case(
        lambda op, other: op.drop_constraint("ck_age", "pet", if_exists=True)
    ),
    "no constraint with these columns": case(
        lambda op, other: op.drop_constraint(None, "pet", "unique", columns=["name"])
    ),
    "no constraint with this condition": case(
        lambda op, other: op.drop_constraint(None, "pet", "check", condition="age < 100")
    ),
    "a constraint of another name": case(
        lambda op, other: op.rename_constraint("pet", "uq_name", "uq_new")
    ),
    "a check of another name in another schema": case(
        lambda op, other: op.rename_constraint("pet", "ck_age", "ck_new", schema=other)
    ),
    "a group of constraints": case(
        batch(
            lambda batch: (
                batch.create_unique_constraint("uq", ["age"]),
                batch.create_check_constraint("ck", "age > 0"),
                batch.drop_constraint("uq_name", type_="unique"),
                batch.rename_constraint("ck_age", "ck_years"),
            )
        )
    ),
    "a group with keys": case(
        batch(
            lambda batch: (
                batch.create_primary_key("pk_bare", ["a"]),
                batch.create_foreign_key("fk", "owner", ["b"], ["id"], ondelete="SET NULL"),
            ),
            table="bare",
        ),
        first=lambda op, other: (
            op.execute("DELETE FROM bare"),
            op.alter_column("bare", "b", nullable=True),
        ),
        loses="bare",
    ),
    "a group with an exclusion": case(
        batch(lambda batch: batch.create_exclude_constraint("ex", ("age", "="), using="btree"))
    ),
}
