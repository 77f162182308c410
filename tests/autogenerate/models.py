"""Models in one line, made anew each time: SQLAlchemy's objects belong to one table only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa

Make = Callable[[], Any]


def made(item: Any) -> Any:
    """What a maker makes; anything else as it is."""
    return item() if isinstance(item, partial) else item


def maker(kind: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose call is carried out later, as often as needed."""

    def later(*args: Any, **kwargs: Any) -> partial[Any]:
        return partial(_call, kind, args, kwargs)

    return later


def _call(kind: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return kind(*map(made, args), **{name: made(value) for name, value in kwargs.items()})


col = maker(sa.Column)
fk = maker(sa.ForeignKey)
fkc = maker(sa.ForeignKeyConstraint)
uq = maker(sa.UniqueConstraint)
pk = maker(sa.PrimaryKeyConstraint)
ck = maker(sa.CheckConstraint)
ix = maker(sa.Index)


@dataclass(frozen=True)
class TableOf:
    """A table to be made in some metadata."""

    name: str
    items: tuple[Any, ...]
    options: dict[str, Any]


def table(name: str, *items: Any, **options: Any) -> TableOf:
    """A table with a numbered primary key, unless ``key=False``."""
    key = options.pop("key", True)
    first = (col("id", sa.Integer, primary_key=True),) if key else ()
    return TableOf(name, (*first, *items), options)


def t(*items: Any, **options: Any) -> TableOf:
    """The table ``t``."""
    return table("t", *items, **options)


def metadata(*tables: TableOf, **options: Any) -> sa.MetaData:
    """The metadata of these tables."""
    found = sa.MetaData(**options)
    for item in tables:
        sa.Table(item.name, found, *map(made, item.items), **item.options)
    return found


def can_be_said(tables: Iterable[TableOf]) -> bool:
    """Whether this SQLAlchemy has all the keywords; some came later than 2.0.22."""
    try:
        metadata(*tables)
    except sa.exc.ArgumentError:
        return False
    return True
