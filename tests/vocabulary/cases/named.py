"""Enum types, domains, sequences and schemas, which only some databases have."""

from __future__ import annotations

import sqlalchemy as sa

from tests.vocabulary.case import case

CASES = {
    "an enum": case(lambda op, other: op.create_enum("size", ["small", "it's"])),
    "an enum in another schema": case(
        lambda op, other: op.create_enum("size", ["small"], schema=other)
    ),
    "an enum that is there": case(
        lambda op, other: op.create_enum("mood", ["happy"], if_not_exists=True)
    ),
    "no enum": case(lambda op, other: op.drop_enum("mood")),
    "no enum in another schema that may be there": case(
        lambda op, other: op.drop_enum("mood", schema=other, if_exists=True)
    ),
    "a renamed enum": case(lambda op, other: op.rename_enum("mood", "temper")),
    "a renamed enum in another schema": case(
        lambda op, other: op.rename_enum("mood", "temper", schema=other)
    ),
    "a value": case(lambda op, other: op.add_enum_value("mood", "calm")),
    "a value before another": case(
        lambda op, other: op.add_enum_value("mood", "calm", before="sad", schema=other)
    ),
    "a value after another that may be there": case(
        lambda op, other: op.add_enum_value("mood", "calm", after="happy", if_not_exists=True)
    ),
    "a renamed value": case(lambda op, other: op.rename_enum_value("mood", "sad", "blue")),
    "a renamed value in another schema": case(
        lambda op, other: op.rename_enum_value("mood", "sad", "blue", schema=other)
    ),
    "other values": case(
        lambda op, other: op.set_enum_values("mood", ["glad", "sad"], replacing={"happy": "glad"}),
    ),
    "other values in another schema": case(
        lambda op, other: op.set_enum_values("mood", ["sad", "happy"], schema=other)
    ),
    "a domain": case(
        lambda op, other: op.create_domain(
            "percent",
            sa.Integer,
            nullable=False,
            default="5",
            checks={"in_range": "VALUE BETWEEN 0 AND 100"},
        )
    ),
    "a domain in another schema": case(
        lambda op, other: op.create_domain("percent", sa.String(5), schema=other)
    ),
    "a domain that is there": case(
        lambda op, other: op.create_domain("positive", sa.Integer, if_not_exists=True)
    ),
    "no domain": case(lambda op, other: op.drop_domain("positive")),
    "no domain in another schema that may be there": case(
        lambda op, other: op.drop_domain("positive", schema=other, if_exists=True)
    ),
    "another domain": case(
        lambda op, other: op.alter_domain(
            "positive",
            nullable=False,
            default="7",
            add_checks={"is_small": "VALUE < 10"},
            drop_checks=["is_positive"],
        )
    ),
    "another domain in another schema": case(
        lambda op, other: op.alter_domain("positive", schema=other, default=sa.text("8"))
    ),
    "a sequence": case(
        lambda op, other: op.create_sequence(
            "counts", start=5, increment=2, minimum=1, maximum=99, cycle=True, cache=3
        )
    ),
    "a sequence in another schema that may be there": case(
        lambda op, other: op.create_sequence("counts", schema=other, if_not_exists=True)
    ),
    "no sequence": case(
        lambda op, other: op.drop_sequence("counts"),
        first=lambda op, other: op.create_sequence("counts", start=4),
        leaves="the sequence that was made first",
    ),
    "no sequence in another schema that may be there": case(
        lambda op, other: op.drop_sequence("nothing", schema=other, if_exists=True)
    ),
    "another sequence": case(
        lambda op, other: op.alter_sequence(
            "counts", start=6, increment=3, minimum=2, maximum=90, cycle=True, cache=4
        ),
        first=lambda op, other: op.create_sequence("counts", start=4),
        leaves="the sequence that was made first",
    ),
    "another sequence in another schema": case(
        lambda op, other: op.alter_sequence("counts", schema=other, maximum=None, cycle=False),
        first=lambda op, other: op.create_sequence("counts", schema=other, maximum=50, cycle=True),
        leaves="the sequence that was made first",
    ),
    "a schema": case(
        lambda op, other: op.create_schema(f"{other}_third", if_not_exists=True),
        leaves="nothing that is read here",
    ),
    "no schema": case(
        lambda op, other: (
            op.create_schema(f"{other}_third"),
            op.drop_schema(f"{other}_third", if_exists=True, cascade=True),
        ),
        one_way="all of it is gone",
    ),
    "no schema that is empty": case(
        lambda op, other: (
            op.create_schema(f"{other}_third"),
            op.drop_schema(f"{other}_third", if_empty=True),
        ),
        one_way="all of it is gone",
    ),
}
