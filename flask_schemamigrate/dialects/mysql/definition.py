"""The text of SHOW CREATE TABLE: for a quick look, and taken apart for temporary tables.

No catalogue lists those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ...schema import Check, Column, Computed, Index, IndexKey, Known, Type
from ..asking import asked
from .defaults import Defaults
from .expressions import backticked, unticked
from .types import TEXTS, base, unquoted

QUOTED = r"""'(?:[^'\\]|''|\\.)*'|"(?:[^"\\]|""|\\.)*"|`(?:[^`]|``)*`"""
ANSI = re.compile(r'CREATE [A-Z ]*TABLE "')
SIGNS = re.compile(rf"{QUOTED}|[(), ]", re.DOTALL)
"""What a text is taken apart at, and the quotes in which that means nothing."""


def stored(before: Known, place: str) -> str:
    """The text as it is now; none of a database that is not there, or that quotes otherwise."""
    connection = getattr(before, "connection", None)
    return "" if connection is None else text_of(connection, place)


def text_of(connection: sa.Connection, place: str) -> str:
    """The text of a table; none where it is not there, or quotes otherwise."""
    sql = f"SHOW CREATE TABLE {place}"
    try:
        found = asked(connection, sql)
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        return ""
    text = str(found.scalars(1).one())
    return text if text.startswith("CREATE TABLE `") else ""


@dataclass
class Definition:
    """What a CREATE TABLE text says; foreign keys are left aside."""

    columns: dict[str, Column] = field(default_factory=dict)
    checks: dict[str, Check] = field(default_factory=dict)
    column_checks: dict[str, str] = field(default_factory=dict)
    indexes: dict[str, Index] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)


class DefinitionParser:
    """Takes the server's own text apart, which is regular: words apart by single spaces."""

    def __init__(self, defaults: Defaults) -> None:
        self.defaults = defaults

    def parse(self, text: str) -> Definition:
        """What the text says."""
        found = Definition()
        if ANSI.match(text):
            text = backticked(text)
        start = text.index("(")
        end = start + closing(text[start:])
        for part in split(text[start + 1 : end], ","):
            words = split(part.replace("\n", " ").strip(), " ") if part else []
            self._part(found, [word for word in words if word])
        for word in split(text[end + 1 :].strip(), " "):
            name, equals, value = word.partition("=")
            if equals:
                found.options[name.lower()] = unquoted(value) if value[:1] == "'" else value
        return found

    def _part(self, found: Definition, words: list[str]) -> None:
        first = words[0].upper()
        if words[0].startswith("`"):
            self._column(found, words)
        elif first == "CONSTRAINT" and words[2].upper() == "CHECK":
            enforced = "NOT ENFORCED" not in " ".join(words[4:])
            options = {} if enforced else {"enforced": False}
            name = unticked(words[1])
            found.checks[name] = Check(self._bare(words[3]), name, options=options)
        elif first in ("UNIQUE", "KEY", "INDEX"):
            place = 1 if first == "UNIQUE" else 0
            index = Index(
                name=unticked(words[place + 1]),
                keys=tuple(self._keys(words[place + 2])),
                unique=first == "UNIQUE",
            )
            found.indexes[index.name or ""] = index

    def _bare(self, text: str) -> str:
        """The expression between parentheses."""
        return self.defaults.expression(text[1:-1])

    def _keys(self, text: str) -> Iterator[IndexKey]:
        """The keys between an index's parentheses."""
        for part in split(text.strip()[1:-1], ","):
            words = split(part.strip(), " ")
            order = "DESC" if words[-1].upper() == "DESC" else ""
            if words[0].startswith("("):
                expression = self.defaults.expression(words[0])
                yield IndexKey(expression=expression, order=order)
                continue
            name, _, length = words[0].rpartition("`")
            length = length.strip("()")
            yield IndexKey(
                column=unticked(f"{name}`"), order=order, length=int(length) if length else None
            )

    def _column(self, found: Definition, words: list[str]) -> None:
        name, type_words, rest = unticked(words[0]), [words[1]], words[2:]
        while rest and rest[0].lower() in ("unsigned", "zerofill"):
            type_words.append(rest.pop(0))
        text = " ".join(type_words)
        column = Column(name, Type(text))
        while rest:
            column = self._attribute(found, column, text, rest)
        found.columns[name] = column

    def _attribute(
        self, found: Definition, column: Column, type_text: str, rest: list[str]
    ) -> Column:
        """The column with what the first words of ``rest`` say, which are taken from it."""
        word = rest.pop(0).upper()
        match word:
            case "COLLATE" if base(type_text) in TEXTS:
                return replace(column, type=Type(f"{type_text} COLLATE {rest.pop(0)}"))
            case "GENERATED":
                expression = self._bare(rest[2])
                stored = rest[3:4] == ["STORED"]
                del rest[:4]
                return replace(column, computed=Computed(expression, stored))
            case "NOT":
                rest.pop(0)
                return replace(column, nullable=False)
            case "DEFAULT":
                default = self.defaults.from_definition(rest.pop(0), type_text)
                return replace(column, default=default)
            case "ON":
                moment = self.defaults.moment(rest[1])
                del rest[:2]
                return replace(column, options={"on_update": moment})
            case "AUTO_INCREMENT":
                return replace(column, autoincrement=True)
            case "COMMENT":
                return replace(column, comment=unquoted(rest.pop(0)) or None)
            case "CHECK":
                found.column_checks[column.name] = self._bare(rest.pop(0))
        return column


def split(text: str, separator: str) -> list[str]:
    """The text apart at the commas, or the spaces, outside quotes and parentheses."""
    places = [place for place, sign, depth in _signs(text) if sign == separator and not depth]
    starts = [0, *(place + 1 for place in places)]
    return [text[start:end] for start, end in zip(starts, [*places, len(text)], strict=True)]


def closing(text: str) -> int:
    """Where the parenthesis closes that the text begins with."""
    ends = (place for place, sign, depth in _signs(text) if sign == ")" and not depth)
    return next(ends, len(text))


def _signs(text: str) -> Iterator[tuple[int, str, int]]:
    """The signs outside quotes, each with its place and how many parentheses are open then."""
    depth = 0
    for found in SIGNS.finditer(text):
        sign = found[0]
        depth += (sign == "(") - (sign == ")")
        yield found.start(), sign, depth
