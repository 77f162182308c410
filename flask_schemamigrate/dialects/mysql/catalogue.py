"""The queries of information_schema: as many as there are kinds of things, not as there are things.

Each takes the condition on the table's schema and name, because a server answers a literal name
without opening every table: https://mariadb.com/kb/en/information-schema-optimizations/.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ..asking import asked
from .defaults import quoted
from .expressions import ticked

Row = Sequence[Any]

FIELD, NULL = "\x1f", "\x1e"
"""What stands between the fields of a packed row, and for NULL: characters no name contains."""
BETWEEN = f"CHAR({ord(FIELD)} USING utf8mb4)"
NOTHING = f"CHAR({ord(NULL)} USING utf8mb4)"


@dataclass(frozen=True)
class Query:
    """What is asked of a table of information_schema; the first two fields name a table.

    ``order`` is that of the rows of one table, ``condition`` is made of the one that is asked for.
    """

    table: str
    fields: str
    order: str
    condition: Callable[[str], str] = str


TABLES = Query(
    "tables",
    "table_schema, table_name, table_type, engine, table_collation, create_options, table_comment",
    order="table_type",
)
COLUMNS = Query(
    "columns",
    "table_schema, table_name, column_name, column_type, is_nullable, column_default, extra, "
    "collation_name, column_comment, generation_expression, srs_id",
    order="ordinal_position",
)
STATISTICS = Query(
    "statistics",
    "table_schema, table_name, index_name, non_unique, column_name, collation, sub_part, "
    "index_type, expression, index_comment, is_visible",
    order="index_name, seq_in_index",
)
KEY_COLUMNS = Query(
    "key_column_usage",
    "table_schema, table_name, constraint_name, column_name, "
    "referenced_table_schema, referenced_table_name, referenced_column_name",
    order="constraint_name, ordinal_position",
    condition=lambda here: f"{here} AND referenced_table_name IS NOT NULL",
)


def of_constraints(here: str) -> str:
    """The condition for a table that calls a table's schema the constraint's."""
    return here.replace("table_schema", "constraint_schema")


ACTIONS = Query(
    "referential_constraints",
    "constraint_schema, table_name, constraint_name, update_rule, delete_rule",
    order="constraint_name",
    condition=of_constraints,
)


class Catalogue:
    """What MySQL 8.0 tells of itself."""

    column_query = COLUMNS
    asks_for_all = True
    """Whether it is about all tables, which may be very many."""
    checks = """
        SELECT t.table_schema, t.table_name, t.constraint_name, c.check_clause, 'Table', t.enforced
          FROM information_schema.table_constraints t
          JOIN information_schema.check_constraints c
            ON c.constraint_schema = t.constraint_schema AND c.constraint_name = t.constraint_name
         WHERE t.constraint_type = 'CHECK' AND {here}
         ORDER BY t.constraint_name"""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def rows(self, query: str) -> list[Row]:
        """What a query answers; some drivers hand long texts over as bytes."""
        result = asked(self._connection, query)
        rows = result.cursor.fetchall() if result.cursor is not None else []
        result.close()
        if any({bytes, bytearray} & set(map(type, column)) for column in zip(*rows, strict=True)):
            return [tuple(map(_decoded, row)) for row in rows]
        return list(rows)

    @property
    def quotes_names_doubly(self) -> bool:
        """Whether names are printed in double quotes, as they are under ANSI_QUOTES."""
        return bool(getattr(self._connection.dialect, "_server_ansiquotes", False))

    def packed(self, query: Query, here: str) -> Iterator[str]:
        """What a query answers, each row sent as one text; a table's rows are in order.

        Drivers written in Python spend most of a long answer's time on taking its fields apart.
        """
        text = (
            f"SELECT {pack(query.fields)} FROM information_schema.{query.table}"
            f" WHERE {query.condition(here)} ORDER BY {query.order}"
        )
        return (row[0] for row in self.rows(text))

    def databases(self, names: Collection[str]) -> list[Row]:
        """The (name, default collation, the connection's own) of these databases and its own."""
        others = f" OR {within('schema_name', names)}" if names else ""
        return self.rows(
            "SELECT schema_name, default_collation_name, DATABASE() FROM"
            f" information_schema.schemata WHERE schema_name = DATABASE(){others}"
        )

    def character_sets(self) -> dict[str, str]:
        """Each character set's default collation."""
        query = "SELECT character_set_name, default_collate_name FROM "
        return {row[0]: row[1] for row in self.rows(query + "information_schema.character_sets")}

    def columns(self, here: str) -> Iterator[Sequence[str]]:
        """The (schema, table, packed rest) of the columns of the tables, in their order."""
        return (text.split(FIELD, 2) for text in self.packed(self.column_query, here))

    def statistics(self, here: str) -> Iterator[Sequence[str]]:
        """The (schema, table, index, packed rest) of the columns of the indexes, in their order."""
        return (text.split(FIELD, 3) for text in self.packed(self.index_query, here))

    @property
    def index_query(self) -> Query:
        """STATISTICS with the fields that this server has."""
        return STATISTICS

    def definition(self, database: str, table: str) -> str:
        """A table's own text, which tells more than the catalogue."""
        place = ".".join(map(ticked, (database, table)))
        text: str = self.rows(f"SHOW CREATE TABLE {place}")[0][1]
        return text

    def tables(self, here: str) -> list[Row]:
        """The tables, views and sequences."""
        return [*map(unpacked, self.packed(TABLES, here))]

    def key_columns(self, here: str) -> list[Row]:
        """The columns of the foreign keys, in the keys' order."""
        return [*map(unpacked, self.packed(KEY_COLUMNS, here))]

    def actions(self, here: str) -> dict[tuple[str, str, str], tuple[str, str]]:
        """The (ON UPDATE, ON DELETE) of the foreign keys."""
        return {
            (schema, table, name): (updated, deleted)
            for schema, table, name, updated, deleted in map(unpacked, self.packed(ACTIONS, here))
        }

    def check_rows(self, here: str) -> list[Row]:
        """The checks: schema, table, name, clause, level, enforced."""
        return self.rows(self.checks.format(here=here.replace("table_", "t.table_")))

    def sequences(self, names: Sequence[tuple[str, str]]) -> list[Row]:
        """The sequences of these names, which MySQL has none of."""
        return []


def pack(fields: str) -> str:
    """The SQL that makes one text of a row's fields."""
    texts = ", ".join(f"COALESCE({name}, {NOTHING})" for name in fields.split(", "))
    return f"CONCAT_WS({BETWEEN}, {texts})"


def unpacked(row: str) -> Row:
    """The fields of a packed row."""
    return [None if text == NULL else text for text in row.split(FIELD)]


def _decoded(item: Any) -> Any:
    return item.decode() if isinstance(item, bytes | bytearray) else item


def within(column: str, names: Collection[str]) -> str:
    """A condition; equality where it is enough, because the server looks only that one up."""
    texts = sorted(map(quoted, names))
    if len(texts) == 1:
        return f"{column} = {texts[0]}"
    return f"{column} IN ({', '.join(texts)})" if texts else "FALSE"
