"""Reading a MariaDB database: where its catalogue tells other things than MySQL's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ...schema import Check, Type
from ...schema import Sequence as SequenceValue
from ..mysql.catalogue import Catalogue, Row, owner, pack
from ..mysql.read import Asked, Parts, Reader
from .defaults import MariaDBDefaults

JSON_COLLATION = "utf8mb4_bin"
HIGHEST = 9223372036854775806
LONGEST = 1 << 30
"""The greatest group_concat_max_len that every version takes as it is."""
AFTER = "\x1d"
"""What stands between packed rows."""
PACKS = 256
"""How many packs a long answer is sent in."""


class MariaDBCatalogue(Catalogue):
    """What MariaDB tells of itself."""

    column_fields = Catalogue.column_fields.replace("srs_id", "NULL")
    index_fields = Catalogue.index_fields.replace("expression", "NULL")
    checks = """
        SELECT constraint_schema, table_name, constraint_name, check_clause, level, 'YES'
          FROM information_schema.check_constraints WHERE {here}"""
    check_alias = ""

    def packed(self, fields: str, table: str, here: str, *, order: str) -> Iterator[str]:
        """What a query answers; all rows of some tables of the schema are sent as one."""
        packs = super().packed(fields, table, here, order=order)
        return (row for pack in packs for row in pack.split(AFTER))

    def known_index_fields(self) -> str:
        """The fields of STATISTICS; MariaDB can leave indexes unused since 10.6."""
        version = self._connection.dialect.server_version_info or ()
        ignored = "ignored" if tuple(version[:2]) >= (10, 6) else "NULL"
        return self.index_fields.replace("is_visible", ignored)

    def packing(self, fields: str, table: str, here: str, order: str) -> str:
        """The query whose answer is packed; nothing of it may be cut off.

        One pack may be as long as max_allowed_packet, so that there are many of them.
        """
        return (
            f"SET STATEMENT group_concat_max_len = {LONGEST} FOR"
            f" SELECT GROUP_CONCAT({pack(fields)} ORDER BY {order} SEPARATOR '{AFTER}')"
            f" FROM information_schema.{table} WHERE {here}"
            f" GROUP BY MOD(CRC32(CONCAT({owner(fields)})), {PACKS})"
        )

    def check_rows(self, here: str) -> list[Row]:
        """The checks, with the level that tells a column's own from the table's."""
        return super().check_rows(here.replace("table_schema", "constraint_schema"))

    def sequences(self, names: Sequence[tuple[str, str]]) -> list[Row]:
        """The sequences of these names, each of which is a table of one row."""
        quoted = [(_text(schema), _text(name), _place(schema, name)) for schema, name in names]
        return self.rows(
            " UNION ALL ".join(
                f"SELECT {schema}, {name}, start_value, increment, minimum_value, maximum_value,"
                f" cycle_option, cache_size FROM {place}"
                for schema, name, place in quoted
            )
        )


class MariaDBReader(Reader):
    """Reads a schema from MariaDB's catalogue."""

    defaults = MariaDBDefaults()
    unused = "YES"

    def expression(self, text: str) -> str:
        """An expression, which MariaDB's catalogue holds as SQL text."""
        return text

    def hang_check(self, part: Parts, row: Row) -> None:
        """A check; the one that a JSON column brings along makes its type JSON."""
        _, _, name, condition, level, _ = row
        if level != "Column":
            part.checks.append(Check(condition, name))
            return
        column = part.columns.get(name)
        if column is not None and is_json(column.type.text, name, condition):
            part.columns[name] = replace(column, type=Type("json"))
        else:
            part.checks.append(Check(condition, column=name))

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
    quoted = column.replace("`", "``")
    is_text = type_text in ("longtext", f"longtext COLLATE {JSON_COLLATION}")
    return is_text and condition.lower() == f"json_valid(`{quoted}`)".lower()


def sequence(name: str, schema: str | None, numbers: Sequence[int]) -> SequenceValue:
    """A sequence of its start, increment, minimum, maximum, cycle and cache."""
    start, increment, minimum, maximum, cycle, cache = numbers
    rises = increment > 0
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
    usual = (1, HIGHEST) if increment > 0 else (-HIGHEST - 1, -1)
    minimum = usual[0] if item.minimum is None else item.minimum
    maximum = usual[1] if item.maximum is None else item.maximum
    first = minimum if increment > 0 else maximum
    start = first if item.start is None else item.start
    cache = 1000 if item.cache is None else item.cache
    numbers = [start, increment, minimum, maximum, int(item.cycle), cache]
    return sequence(item.name, item.schema, numbers)


def _text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _place(schema: str, name: str) -> str:
    return ".".join("`" + part.replace("`", "``") + "`" for part in (schema, name))
