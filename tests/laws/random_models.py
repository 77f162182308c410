"""Random models: tables with columns, keys, uniques, checks and indexes that lead to each other."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st

TYPES = (
    sa.Integer(),
    sa.BigInteger(),
    sa.String(20),
    sa.String(40),
    sa.Text(),
    sa.Boolean(),
    sa.Numeric(10, 2),
    sa.DateTime(),
    sa.Date(),
)
KEYS = (0, 1, 2)
"""Types that a key or an index may stand on in every database."""
NAMES = ("a", "b", "c", "d")
TABLES = ("t", "u", "v")

columns = st.fixed_dictionaries(
    {
        "type": st.integers(0, len(TYPES) - 1),
        "nullable": st.booleans(),
        "default": st.sampled_from((None, None, "0")),
    }
)
names = st.sampled_from(NAMES)
tables = st.fixed_dictionaries(
    {
        "columns": st.dictionaries(names, columns, min_size=1),
        "unique": st.none() | st.lists(names, min_size=1, max_size=2, unique=True),
        "index": st.none() | st.lists(names, min_size=1, max_size=2, unique=True),
        "is_unique": st.booleans(),
        "check": st.none() | names,
        "leads_to": st.lists(st.sampled_from(TABLES), max_size=2, unique=True),
        "ondelete": st.sampled_from((None, "CASCADE")),
    }
)
models = st.dictionaries(st.sampled_from(TABLES), tables)


def metadata(drawn: dict[str, dict[str, Any]]) -> sa.MetaData:
    """The metadata of drawn models; what names a missing column or table is left out."""
    found = sa.MetaData()
    for name, table in drawn.items():
        items: list[Any] = [sa.Column("id", sa.Integer, primary_key=True)]
        items += [_column(key, column) for key, column in table["columns"].items()]
        for referent in table["leads_to"]:
            if referent in drawn:
                items += [
                    sa.Column(f"{referent}_id", sa.Integer),
                    sa.ForeignKeyConstraint(
                        [f"{referent}_id"],
                        [f"{referent}.id"],
                        ondelete=table["ondelete"],
                        name=f"fk_{name}_{referent}",
                    ),
                ]
        sa.Table(name, found, *items, *_standing_on(name, table))
    return found


def _column(name: str, drawn: dict[str, Any]) -> sa.Column[Any]:
    type_ = TYPES[drawn["type"]]
    default = drawn["default"] if isinstance(type_, sa.Integer | sa.String) else None
    # MariaDB has no plain defaults for TEXT.
    default = None if isinstance(type_, sa.Text) else default
    return sa.Column(name, type_, nullable=drawn["nullable"], server_default=default)


def _standing_on(name: str, table: dict[str, Any]) -> list[Any]:
    def can_stand(on: list[str] | None) -> bool:
        return on is not None and all(
            key in table["columns"] and table["columns"][key]["type"] in KEYS for key in on
        )

    items: list[Any] = []
    if can_stand(table["unique"]):
        items.append(sa.UniqueConstraint(*table["unique"]))
    if can_stand(table["index"]):
        items.append(sa.Index(f"ix_{name}", *table["index"], unique=table["is_unique"]))
    check = table["check"]
    if check is not None and can_stand([check]):
        items.append(sa.CheckConstraint(f"{check} IS NOT NULL", name=f"ck_{name}"))
    return items
