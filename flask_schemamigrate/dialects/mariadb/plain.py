"""A plain table by its own text: one question in place of a reading of the catalogue.

Only a text that is understood to its last word counts; of any other table the catalogue tells.
"""

from __future__ import annotations

import re
from operator import attrgetter
from typing import Any

from ...schema import Check, Column, ForeignKey, Index, IndexKey, PrimaryKey, Table, Type, Unique
from ..mysql.expressions import unticked
from ..mysql.read import action, implied
from ..mysql.types import unquoted
from .defaults import MariaDBDefaults
from .read import is_json

NAME = r"`[^`.]+`"
NAMES = rf"\(({NAME}(?:, ?{NAME})*)\)"
STRING = r"'(?:[^'\\]|'')*'"
MOMENT = r"current_timestamp\(\d*\)"
COLUMN = re.compile(
    rf"(?P<name>{NAME})"
    rf" (?P<type>\w+(?:\((?:[\d,]+|{STRING}(?:,{STRING})*)\))?(?: unsigned)?(?: zerofill)?)"
    rf"(?: CHARACTER SET \w+ COLLATE (?P<collation>\w+))?(?:(?P<required> NOT)? NULL)?"
    rf"(?: DEFAULT (?P<default>NULL|-?[\d.]+|{STRING}|{MOMENT}))?"
    rf"(?: ON UPDATE (?P<on_update>{MOMENT}))?(?P<counts> AUTO_INCREMENT)?"
    rf"(?: COMMENT (?P<comment>{STRING}))?(?: CHECK \((?P<check>json_valid\({NAME}\))\))?"
)
PRIMARY_KEY = re.compile(rf"PRIMARY KEY {NAMES}")
KEY = re.compile(rf"(UNIQUE )?KEY ({NAME}) {NAMES}")
RULE = "(CASCADE|SET NULL|SET DEFAULT|NO ACTION)"
FOREIGN_KEY = re.compile(
    rf"CONSTRAINT ({NAME}) FOREIGN KEY {NAMES} REFERENCES ({NAME}) {NAMES}"
    rf"(?: ON DELETE {RULE})?(?: ON UPDATE {RULE})?"
)
CHECK = re.compile(rf"CONSTRAINT ({NAME}) CHECK \(([^'\"\\]*)\)")
TABLE = re.compile(
    r"CREATE TABLE `[^`]+` \(\n  (.*)\n\) ENGINE=InnoDB(?: AUTO_INCREMENT=\d+)?"
    rf" DEFAULT CHARSET=\w+ COLLATE=(\w+)(?: COMMENT=({STRING}))?",
    re.DOTALL,
)


def plain_table(name: str, text: str, usual_collation: str) -> Table | None:
    """The table of a CREATE TABLE text, if it is plain: nothing generated, nothing rare.

    ``usual_collation`` is that of the database.
    """
    found = TABLE.fullmatch(text)
    if found is None:
        return None
    lines, collation, comment = found.groups()
    parts = _Parts(collation)
    if not all(parts.take(line) for line in lines.split(",\n  ")):
        return None
    keys = [implied(key, parts.indexes) for key in _by_name(parts.foreign_keys)]
    implicit = {key.index for key in keys}
    indexes = [index for index in _by_name(parts.indexes) if index.name not in implicit]
    uniques = [Unique(index.columns, index.name) for index in indexes if index.unique]
    return Table(
        name,
        parts.columns,
        primary_key=parts.primary_key,
        uniques={unique.key: unique for unique in uniques},
        foreign_keys={key.key: key for key in keys},
        checks={check.key: check for check in _by_name(parts.checks)},
        indexes={index.key: index for index in indexes if not index.unique},
        comment=unquoted(comment) if comment else None,
        options={} if collation == usual_collation else {"collate": collation},
    )


class _Parts:
    """What the lines of a table's text say."""

    def __init__(self, collation: str) -> None:
        self.collation = collation
        self.columns: dict[str, Column] = {}
        self.primary_key: PrimaryKey | None = None
        self.indexes: list[Index] = []
        self.foreign_keys: list[ForeignKey] = []
        self.checks: list[Check] = []

    def take(self, line: str) -> bool:
        """Whether a line was understood."""
        if found := COLUMN.fullmatch(line):
            return self._column(found)
        if found := PRIMARY_KEY.fullmatch(line):
            self.primary_key = PrimaryKey(_names(found[1]))
        elif found := KEY.fullmatch(line):
            keys = tuple(IndexKey(column) for column in _names(found[3]))
            self.indexes.append(Index(unticked(found[2]), keys, unique=bool(found[1])))
        elif found := CHECK.fullmatch(line):
            self.checks.append(Check(found[2], unticked(found[1])))
        elif found := FOREIGN_KEY.fullmatch(line):
            name, columns, referent, others, deleted, updated = found.groups()
            self.foreign_keys.append(
                ForeignKey(
                    _names(columns),
                    unticked(referent),
                    _names(others),
                    unticked(name),
                    ondelete=action(deleted or "RESTRICT"),
                    onupdate=action(updated or "RESTRICT"),
                )
            )
        return found is not None

    def _column(self, found: re.Match[str]) -> bool:
        name, type_, defaults = unticked(found["name"]), found["type"], MariaDBDefaults()
        if found["collation"] not in (None, self.collation):
            type_ = f"{type_} COLLATE {found['collation']}"
        if found["check"]:
            if not is_json(type_, name, found["check"]):
                return False
            type_ = "json"
        moment = found["on_update"]
        self.columns[name] = Column(
            name,
            Type(type_),
            nullable=not found["required"],
            default=defaults.from_definition(found["default"] or "NULL", type_),
            autoincrement=bool(found["counts"]),
            comment=unquoted(found["comment"]) if found["comment"] else None,
            options={"on_update": defaults.moment(moment)} if moment else {},
        )
        return True


def _names(text: str) -> tuple[str, ...]:
    """The names of a list."""
    return tuple(unticked(name) for name in re.findall(NAME, text))


def _by_name(items: list[Any]) -> list[Any]:
    """In the catalogue's order."""
    return sorted(items, key=attrgetter("name"))
