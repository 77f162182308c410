"""Rows as the tuples that the driver takes, without a dictionary made anew for each of them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from operator import attrgetter, itemgetter, length_hint, methodcaller
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from ..rows import checked, has_expression, misfit

CHUNK = 500
"""Rows made ready at a time: few enough to be in the processor's cache throughout."""

ISO: dict[Any, tuple[type, Callable[[Any], str]]] = {
    sqlite.DATETIME: (datetime.datetime, methodcaller("isoformat", " ", "microseconds")),
    sqlite.DATE: (datetime.date, methodcaller("isoformat")),
    sqlite.TIME: (datetime.time, methodcaller("isoformat", "microseconds")),
}
"""Types whose usual storage format is what ``isoformat`` gives."""

TIME_ZONE = attrgetter("tzinfo")

Processor = Callable[[Sequence[Any]], Sequence[Any]]


class Tuples:
    """Makes tuples of rows with the same keys, and states the INSERT for them."""

    def __init__(self, table: sa.TableClause, keys: Sequence[str], dialect: sa.Dialect) -> None:
        self.table = table
        self.keys = list(keys)
        self._dialect = dialect
        self._processors = [_processor(table.c[key].type, dialect) for key in keys]
        self._pick = itemgetter(*keys) if len(keys) > 1 else _single(keys[0])

    @property
    def head(self) -> str:
        """The INSERT up to its values."""
        preparer = self._dialect.identifier_preparer
        names = ", ".join(preparer.format_column(self.table.c[key]) for key in self.keys)
        return f"INSERT INTO {preparer.format_table(self.table)} ({names}) VALUES"

    @property
    def sql(self) -> str:
        """The INSERT with a mark for each value."""
        return f"{self.head} ({', '.join('?' * len(self.keys))})"

    def of(self, rows: list[Any], before: int) -> list[tuple[Any, ...]]:
        """These rows' tuples; ``before`` is how many rows came before them. Raises `BadRow`.

        They are made a column at a time, which is the fastest way. An SQL expression stays one.
        """
        tuples = self._picked(rows, before)
        if not any(self._processors):
            return tuples
        try:
            return self._processed(tuples)
        except Exception:
            # Most likely an SQL expression among the values, which no processor understands.
            return [self._one(values, before + place) for place, values in enumerate(tuples, 1)]

    def _picked(self, rows: list[Any], before: int) -> list[tuple[Any, ...]]:
        """The rows' values in the order of the keys. Raises `BadRow`."""
        if set(map(type, rows)) == {dict} and set(map(len, rows)) == {len(self.keys)}:
            try:
                return list(map(self._pick, rows))
            except KeyError:
                pass
        # The first one has the keys that all must have, and counts as the row before these.
        template = dict.fromkeys(self.keys)
        seen = checked(self.table, [template, *rows], first=before)
        return list(map(self._pick, islice(seen, 1, None)))

    def _processed(self, tuples: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        columns = zip(*tuples, strict=True)
        processed = [
            values if process is None else process(values)
            for process, values in zip(self._processors, columns, strict=True)
        ]
        return list(zip(*processed, strict=True))

    def _one(self, values: tuple[Any, ...], number: int) -> tuple[Any, ...]:
        """One row's tuple, as it is if it holds an SQL expression. Raises `BadRow`."""
        row = dict(zip(self.keys, values, strict=True))
        if has_expression(row):
            return values
        try:
            return self._processed([values])[0]
        except Exception as error:
            raise misfit(self.table, row, number, self._dialect, error) from error


class Feed:
    """Hands rows to the driver as it asks for them, and knows which one it took last."""

    def __init__(self, tuples: Tuples, rows: Iterable[Any]) -> None:
        self.tuples = tuples
        self._rows = iter(rows)
        self._chunk: list[Any] = []
        self._ready: list[tuple[Any, ...]] = []
        self._left: Iterator[tuple[Any, ...]] = iter(())
        self._before = 0
        # The driver looks at the statement before.
        self.is_asked = False

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """The tuples behind the last one taken."""
        return chain.from_iterable(self._parts())

    def _parts(self) -> Iterator[Iterator[tuple[Any, ...]]]:
        self.is_asked = True
        yield self._left
        while True:
            self._before += len(self._chunk)
            self._chunk = []
            chunk = list(islice(self._rows, CHUNK))
            if not chunk:
                return
            self._ready = self.tuples.of(chunk, self._before)
            self._left = iter(self._ready)
            self._chunk = chunk
            yield self._left

    @property
    def is_reading(self) -> bool:
        """Whether the next rows were being read and made ready, and not one being inserted."""
        return not self._chunk

    @property
    def number(self) -> int:
        """The number of the row that the driver took last, counted from 1."""
        return self._before + self._taken

    @property
    def row(self) -> dict[str, Any]:
        """That row as it was given."""
        return dict(self._chunk[self._taken - 1])

    @property
    def values(self) -> tuple[Any, ...]:
        """That row as the driver took it."""
        return self._ready[self._taken - 1]

    @property
    def _taken(self) -> int:
        return len(self._chunk) - length_hint(self._left)


def _processor(type_: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Processor | None:
    """What makes of a column its stored values; faster than SQLAlchemy for dates and times."""
    impl: Any = type_.dialect_impl(dialect)
    process = impl.bind_processor(dialect)
    if process is None:
        return None
    kind = next((kind for kind in ISO if isinstance(impl, kind)), None)
    if kind is None or impl._storage_format != kind._storage_format:
        return lambda values: list(map(process, values))
    if type(impl).bind_processor is not kind.bind_processor:
        return lambda values: list(map(process, values))
    usual, written = ISO[kind]

    def processed(values: Sequence[Any]) -> list[Any]:
        # SQLAlchemy leaves the time zone out, which isoformat does not.
        plain = set(map(type, values)) == {usual}
        if plain and (usual is datetime.date or not any(map(TIME_ZONE, values))):
            return list(map(written, values))
        return list(map(process, values))

    return processed


def _single(key: str) -> Callable[[Any], tuple[Any, ...]]:
    return lambda row: (row[key],)
