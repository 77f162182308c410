"""The options of a table: engine, character set, row format and what else stands behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

CHARACTER_SETS = ("charset", "character_set", "default_charset", "default_character_set")
COLLATIONS = ("collate", "default_collate")
TEXTS = ("comment", "connection", "data_directory", "index_directory", "encryption", "password")
WITHOUT_VALUE = {"engine": "InnoDB", "row_format": "DEFAULT", "key_block_size": "0"}
"""How an option is given back to the server; any other is set to DEFAULT."""
PARTITIONS = ("partition_by", "partitions", "subpartition_by", "subpartitions")
NOT_COMPARED = ("auto_increment", "prefixes", *PARTITIONS)
"""What is said once, when the table is created, and not read back."""
USUAL = {"page_checksum": "1", "transactional": "1"}
"""What Aria's tables are anyway, and say of themselves."""


def lowered(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options under names of one spelling, in whatever case a model wrote them."""
    found = {}
    for name, value in options.items():
        name = name.lower().replace(" ", "_")
        if name in CHARACTER_SETS:
            name = "charset"
        elif name in COLLATIONS:
            name = "collate"
        elif name == "type":
            name = "engine"
        found[name] = value
    return found


def words(options: Mapping[str, Any], literal: Any) -> Iterator[str]:
    """The options as they stand behind a table; ``None`` takes one back to what it is by itself."""
    given = lowered(options)
    for name, value in given.items():
        if name in (*PARTITIONS, "prefixes", "charset", "collate"):
            continue
        if value is None:
            value = "''" if name in TEXTS else WITHOUT_VALUE.get(name, "DEFAULT")
        elif name in TEXTS:
            value = literal(str(value))
        yield f"{_title(name)}={value}"
    yield from character_set(given)


def partitioning(options: Mapping[str, Any]) -> str:
    """How the table is partitioned, which stands behind all else and without a comma."""
    given = lowered(options)
    said = (name for name in PARTITIONS if given.get(name) is not None)
    return " ".join(f"{name.upper().replace('_', ' ')} {given[name]}" for name in said)


def character_set(options: Mapping[str, Any]) -> Iterator[str]:
    """The default character set and collation; nothing where the database's own is asked for."""
    charset, collation = options.get("charset"), options.get("collate")
    if charset is not None:
        yield f"DEFAULT CHARACTER SET={charset}"
    if collation is not None:
        yield f"COLLATE={collation}"


def conversion(options: Mapping[str, Any]) -> str:
    """The conversion of a table and all of its columns, which is all that takes no knowledge."""
    charset, collation = options.get("charset"), options.get("collate")
    if charset is None and collation is None:
        return "CONVERT TO CHARACTER SET DEFAULT"
    # A collation's name begins with that of its character set.
    charset = charset or str(collation).partition("_")[0]
    return f"CONVERT TO CHARACTER SET {charset}" + (f" COLLATE {collation}" if collation else "")


def _title(name: str) -> str:
    return {"data_directory": "DATA DIRECTORY", "index_directory": "INDEX DIRECTORY"}.get(
        name, name.upper()
    )
