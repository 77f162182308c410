"""How a column's old values become values of its new type."""

from __future__ import annotations

import re

from .types import INTEGERS, NUMBERS, STRINGS, Words, words

DATES = frozenset({"date", "timestamp without time zone", "timestamp with time zone"})
CLOCKS = frozenset({"time without time zone", "time with time zone"})
BITS = frozenset({"bit", "bit varying"})
NETWORKS = frozenset({"inet", "cidr"})
DOCUMENTS = frozenset({"json", "jsonb"})
# Within these PostgreSQL casts by itself where a value is assigned, and complains of what does not
# fit; a cast we wrote would cut it off: https://www.postgresql.org/docs/current/sql-createcast.html
MACHINES = frozenset({"macaddr", "macaddr8"})
FAMILIES = (NUMBERS, STRINGS, DATES, CLOCKS, BITS, NETWORKS, DOCUMENTS, MACHINES)
# Types whose constants another type cannot be trusted to read.
INTRICATE = NUMBERS | BITS | DOCUMENTS | {"boolean", "bytea", "money"}
CONSTANT = re.compile(r"(E?'(?:[^']|'')*')(?:::[\w\" .()]+(?:\[\])?)?$")


def using(old: str, new: str, value: str) -> str | None:
    """The expression that makes a new value of an old one, or ``None`` where none is needed."""
    before, after = words(old), words(new)
    if before.bare == after.bare:
        return None
    if before.array or after.array:
        return of_arrays(before, after, value)
    if assigned(before.name, after.name):
        return None
    return converted(before.name, after, value)


def assigned(before: str, after: str) -> bool:
    """Whether PostgreSQL casts from the one to the other by itself."""
    if after in STRINGS:
        return before != "bytea"
    if any(before in family and after in family for family in FAMILIES):
        return True
    if after in CLOCKS:
        return before in DATES - {"date"} or before.startswith("interval")
    if after.startswith("interval"):
        return before == "time without time zone" or before.startswith("interval")
    return (before, after) in {("money", "numeric"), ("numeric", "money"), ("integer", "money")}


def converted(before: str, after: Words, value: str) -> str:
    """A cast that PostgreSQL only carries out when told to."""
    name = after.bare
    if after.name == "bytea" and before in STRINGS:
        return f"convert_to({value}, 'UTF8')"
    if before == "bytea" and after.name in STRINGS:
        return f"convert_from({value}, 'UTF8')"
    if after.name == "boolean" and before in NUMBERS:
        return f"{value} <> 0"
    if before == "boolean" and after.name in NUMBERS:
        return f"{value}::integer" + ("" if after.name == "integer" else f"::{name}")
    if {before, after.name} & BITS and {before, after.name} & INTEGERS:
        return f"{value}::{after.element}"
    if before == "money" and after.name in NUMBERS:
        return f"{value}::numeric::{name}"
    if before in STRINGS:
        return f"{value}::{name}"
    return f"{value}::text::{name}"


def of_arrays(before: Words, after: Words, value: str) -> str | None:
    """Between arrays, and from a single value to an array and back.

    A text that looks like an array is taken for one, so that the way back finds what was there.
    """
    if before.array and after.array:
        if assigned(before.name, after.name):
            return f"{value}::{after.bare}"
        return f"{value}::text[]::{after.bare}"
    if after.name in DOCUMENTS:
        return f"to_json{'b' if after.name == 'jsonb' else ''}({value})"
    if before.name in DOCUMENTS:
        # Texts are escaped otherwise in an array than in JSON: the cast fails rather than err.
        plain = after.name in NUMBERS or after.name == "boolean"
        text = f"translate({value}::text, '[]', '{{}}')" if plain else f"{value}::text"
        return f"{text}::{after.bare}"
    if after.array:
        whole = f"{value}::{after.bare}"
        single = f"ARRAY[{single_value(before.name, after, value)}]"
        if before.name not in STRINGS:
            return f"CASE WHEN {value} IS NOT NULL THEN {single} END"
        return (
            f"CASE WHEN {value} ~ '^\\{{.*\\}}$' THEN {whole} "
            f"WHEN {value} IS NOT NULL THEN {single} END"
        )
    single = single_value(before.name, after, f"({value})[1]")
    # Several values do not fit into one: as a text they stay what they are, else the cast fails.
    return f"CASE WHEN cardinality({value}) = 1 THEN {single} ELSE {value}::text::{after.name} END"


def single_value(before: str, after: Words, value: str) -> str:
    """One value of an array's element type, cast if that takes a cast."""
    if before == after.name:
        return value
    return (
        f"{value}::{after.name}"
        if assigned(before, after.name)
        else converted(before, Words(after.name), value)
    )


def default_after(old: str, new: str, default: str) -> str:
    """A default that was written for the old type, for the new one."""
    before, after = words(old), words(new)
    if before.name == "boolean" and after.name in NUMBERS and default in ("true", "false"):
        return str(int(default == "true"))
    if before.name in NUMBERS and after.name == "boolean" and default.isdigit():
        return "false" if int(default) == 0 else "true"
    constant = CONSTANT.match(default)
    simple = not (before.array or after.array) and after.name != "bytea"
    if constant and simple and before.name not in INTRICATE:
        return constant[1]
    if constant and constant[0] == constant[1]:
        # Between functions a text alone would be of no type.
        default = f"{default}::{before.bare}"
    return using(old, new, f"({default})") or default
