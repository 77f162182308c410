"""Rows and SQL."""

from __future__ import annotations

import sqlalchemy as sa

from tests.vocabulary.case import case

OWNER = sa.table("owner", sa.column("id", sa.Integer), sa.column("code", sa.String))
NEW = [{"id": 3, "code": "it's"}, {"id": 4, "code": "100% \\ :x"}]

CASES = {
    "rows": case(
        lambda op, other: op.bulk_insert(OWNER, (row for row in NEW)), one_way="rows stay"
    ),
    "rows one by one": case(
        lambda op, other: op.bulk_insert(
            OWNER, [{"id": op.inline_literal(5), "code": "x"}], multiinsert=False
        ),
        one_way="rows stay",
    ),
    "rows with keys of their own": case(
        lambda op, other: op.bulk_insert(
            sa.table("pet", *map(sa.column, ("id", "name", "age"))),
            [{"id": 3, "name": "ada", "age": 5}, {"id": 4, "name": "bo"}],
            multiinsert=False,
        ),
        one_way="rows stay",
    ),
    "rows that may be there": case(
        lambda op, other: op.upsert(OWNER, [{"id": 1, "code": "new"}, *NEW], key=["id"]),
        one_way="rows stay",
    ),
    "rows that are left alone if they are there": case(
        lambda op, other: op.upsert(OWNER, [{"id": 1, "code": "new"}], key=["id"], update=[]),
        one_way="rows stay",
    ),
    "a statement": case(
        lambda op, other: op.execute("UPDATE owner SET code = '\\:a' WHERE id = 1"),
        one_way="rows stay",
    ),
    "a statement with parameters": case(
        lambda op, other: op.execute(
            "UPDATE owner SET code = :code WHERE id = :id",
            parameters={"code": "it's", "id": 1},
            execution_options={"stream_results": False},
        ),
        one_way="rows stay",
    ),
    "an expression": case(
        lambda op, other: op.execute(sa.update(OWNER).where(OWNER.c.id == 2).values(code="x")),
        one_way="rows stay",
    ),
}
