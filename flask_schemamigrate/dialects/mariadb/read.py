"""Reading a MariaDB database: where its catalogue tells other things than MySQL's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import ceil

import sqlalchemy as sa

from ...schema import Check, Type
from ...schema import Sequence as SequenceValue
from ..mysql.catalogue import (
    ACTIONS,
    COLUMNS,
    KEY_COLUMNS,
    STATISTICS,
    TABLES,
    Catalogue,
    Query,
    Row,
    of_constraints,
    pack,
    unpacked,
)
from ..mysql.defaults import quoted
from ..mysql.expressions import backticked, ticked
from ..mysql.read import Asked, Parts, Reader
from .defaults import MariaDBDefaults

JSON_COLLATION = "utf8mb4_bin"
HIGHEST = 9223372036854775806
LONGEST = 1 << 30
"""The greatest group_concat_max_len that every version takes as it is."""
AFTER = "\x1d"
"""What stands between packed rows."""
PACKS = 256
"""How many texts a long answer is sent in."""


PERIOD = re.compile(r"`[^<]+` < `[^<]+`")
CHECKS = Query(
    "check_constraints",
    "constraint_schema, table_name, constraint_name, check_clause, level, 'YES'",
    order="constraint_name",
    condition=of_constraints,
)


class MariaDBCatalogue(Catalogue):
    """What MariaDB tells of itself."""

    column_query = replace(COLUMNS, fields=COLUMNS.fields.replace("srs_id", "NULL"))

    def __init__(self, connection: sa.Connection) -> None:
        super().__init__(connection)
        self._answers: dict[str, dict[str, list[str]]] = {}

    @property
    def index_query(self) -> Query:
        """STATISTICS; MariaDB can leave indexes unused since 10.6."""
        version = self._connection.dialect.server_version_info or ()
        ignored = "ignored" if tuple(version[:2]) >= (10, 6) else "NULL"
        fields = STATISTICS.fields.replace("expression", "NULL").replace("is_visible", ignored)
        return replace(STATISTICS, fields=fields)

    def packed(self, query: Query, here: str) -> Iterator[str]:
        """What a query answers; the first one asks all that a reading needs."""
        if here not in self._answers:
            self._answers[here] = self.answers(here)
        packs = self._answers[here].pop(query.table, ())
        return (row for pack in packs for row in pack.split(AFTER))

    def answers(self, here: str) -> dict[str, list[str]]:
        """What all queries answer to one statement, many rows in each text, by what they ask."""
        queries = (TABLES, self.column_query, self.index_query, KEY_COLUMNS, ACTIONS, CHECKS)
        selects = [
            packing(query, query.condition(here) + share)
            for share in self.shares(here)
            for query in queries
        ]
        found: dict[str, list[str]] = defaultdict(list)
        # Nothing may be cut off.
        setting = f"SET STATEMENT group_concat_max_len = {LONGEST} FOR "
        for table, pack_ in self.rows(setting + " UNION ALL ".join(selects)):
            found[table].append(pack_)
        return found

    def shares(self, here: str) -> list[str]:
        """Conditions by which the tables are asked for in turns, where they are very many.

        The server opens each table for every query, unless it keeps it open from the one before.
        """
        if not self.asks_for_all:
            return in_turns(1)
        query = "SELECT COUNT(*), @@table_open_cache FROM information_schema.tables WHERE "
        count, kept_open = map(int, self.rows(query + here)[0])
        return in_turns(ceil(2 * count / kept_open))

    def check_rows(self, here: str) -> list[Row]:
        """The checks, with the level that tells a column's own from the table's."""
        return [*map(unpacked, self.packed(CHECKS, here))]

    def sequences(self, names: Sequence[tuple[str, str]]) -> list[Row]:
        """The sequences of these names, each of which is a table of one row."""
        return self.rows(
            " UNION ALL ".join(
                f"SELECT {quoted(schema)}, {quoted(name)}, start_value, increment, minimum_value,"
                " maximum_value, cycle_option, cache_size"
                f" FROM {ticked(schema)}.{ticked(name)}"
                for schema, name in names
            )
        )


def owner_of(name: str, condition: str, columns: Iterable[str]) -> str:
    """The column in whose clause a check stands.

    The catalogue calls the check by the name that the column had when it was made.
    """
    mentioned = [column for column in columns if ticked(column) in condition]
    return mentioned[0] if len(mentioned) == 1 and name not in mentioned else name


def in_turns(turns: int) -> list[str]:
    """What to add to a condition so that each turn is about other tables."""
    if turns < 2:
        return [""]
    return [f" AND MOD(CRC32(table_name), {turns}) = {turn}" for turn in range(turns)]


def packing(query: Query, condition: str) -> str:
    """The query's answer with all rows of some of the tables in one text, after what was asked.

    One text may be as long as max_allowed_packet, so that there are many of them.
    """
    order = f"ORDER BY {query.order} SEPARATOR '{AFTER}'"
    owner = ", ".join(query.fields.split(", ")[:2])
    return (
        f"SELECT '{query.table}', GROUP_CONCAT({pack(query.fields)} {order})"
        f" FROM information_schema.{query.table} WHERE {condition}"
        f" GROUP BY MOD(CRC32(CONCAT({owner})), {PACKS})"
    )


class MariaDBReader(Reader):
    """Reads a schema from MariaDB's catalogue."""

    defaults = MariaDBDefaults()
    unused = "YES"

    def expression(self, text: str) -> str:
        """An expression, which MariaDB's catalogue prints as the session's mode quotes."""
        return backticked(text) if self.catalogue.quotes_names_doubly else text

    def hang_check(self, part: Parts, row: Row) -> None:
        """A check; the one that a JSON column brings along makes its type JSON."""
        _, _, name, condition, level, _ = row
        condition = self.expression(condition)
        if level != "Column":
            if not self.is_period(part, name, condition):
                part.checks.append(Check(condition, name))
            return
        owner = owner_of(name, condition, part.columns)
        column = part.columns.get(owner)
        if column is not None and is_json(column.type.text, owner, condition):
            part.columns[owner] = replace(column, type=Type("json"))
        else:
            part.checks.append(Check(condition, column=owner))

    def is_period(self, part: Parts, name: str, condition: str) -> bool:
        """Whether what is listed as a check is a PERIOD, which models cannot say.

        https://mariadb.com/kb/en/application-time-periods/
        """
        if PERIOD.fullmatch(condition) is None:
            return False
        text = self.expression(self.catalogue.definition(part.row[0], part.row[1]))
        return f"PERIOD FOR {ticked(name)} (" in text

    def sequences(self, rows: Iterable[Row], asked: Asked) -> Iterator[SequenceValue]:
        """The sequences, with None where an option is what a sequence has by itself."""
        names = [(row[0], row[1]) for row in rows if row[2] == "SEQUENCE"]
        if not names:
            return
        for database, name, *numbers in self.catalogue.sequences(names):
            yield sequence(name, asked.labels[database], [int(number) for number in numbers])


def is_json(type_text: str, column: str, condition: str) -> bool:
    """Whether a check is the one of ``JSON``, which is a LONGTEXT that checks itself here.

    https://mariadb.com/kb/en/json-data-type/
    """
    is_text = type_text in ("longtext", f"longtext COLLATE {JSON_COLLATION}")
    return is_text and condition.lower() == f"json_valid({ticked(column)})".lower()


def sequence(name: str, schema: str | None, numbers: Sequence[int]) -> SequenceValue:
    """A sequence of its start, increment, minimum, maximum, cycle and cache."""
    start, increment, minimum, maximum, cycle, cache = numbers
    # 0 is for what the server's auto_increment_increment says.
    rises = increment >= 0
    usual = (1, HIGHEST) if rises else (-HIGHEST - 1, -1)
    first = minimum if rises else maximum
    return SequenceValue(
        name,
        schema,
        start=None if start == first else start,
        increment=None if increment == 1 else increment,
        minimum=None if minimum == usual[0] else minimum,
        maximum=None if maximum == usual[1] else maximum,
        cycle=bool(cycle),
        cache=None if cache == 1000 else cache,
    )


def unsaid(item: SequenceValue) -> SequenceValue:
    """A sequence without the options that say what would be anyway."""
    increment = 1 if item.increment is None else item.increment
    usual = (1, HIGHEST) if increment >= 0 else (-HIGHEST - 1, -1)
    minimum = usual[0] if item.minimum is None else item.minimum
    maximum = usual[1] if item.maximum is None else item.maximum
    cache = 1000 if item.cache is None else item.cache
    numbers = [item.first, increment, minimum, maximum, int(item.cycle), cache]
    return sequence(item.name, item.schema, numbers)
