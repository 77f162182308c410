"""The values that a check allows a column, where it says nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable

CAST = r"::[a-z]+(?:\ [a-z]+)*(?:\(\d+\))?(?:\[\])?"
LITERAL = r"(?:(?:_\w+|N)?'(?:[^'\\]|'')*'|-?\d+(?:\.\d+)?)"
ITEM = rf"\(*(?:{LITERAL}|'(?:[^'\\]|''|\\.)*')(?:\)|{CAST})*"

# "x IN ('a', 'b')", and "((x)::text = ANY ((ARRAY['a'::character varying, ...])::text[]))".
LISTED = re.compile(
    rf"""
    \(*
    (?: "(?P<quoted>(?:[^"]|"")+)" | `(?P<ticked>(?:[^`]|``)+)` | (?P<plain>\w+) )
    (?:\)|{CAST})*
    \s* (?: \bIN\s*\( | =\s*ANY\s*\(+ARRAY\[ | = ) \s*
    \(* (?P<first>{LITERAL}) (?:\)|{CAST})*
    (?: \s*,\s*{ITEM} )*
    (?: [\])] | {CAST} )*
    """,
    re.IGNORECASE | re.VERBOSE,
)


def first_allowed(column: str, conditions: Iterable[str]) -> str | None:
    """The first value, as SQL, of the one condition that lists what the column may be.

    One with a backslash is none: it means different things to databases.
    """
    found = []
    for condition in conditions:
        listed = LISTED.fullmatch(condition.strip())
        if listed is not None and _name(listed).lower() == column.lower():
            found.append(listed["first"])
    return found[0] if len(found) == 1 else None


def _name(listed: re.Match[str]) -> str:
    """The name that a condition begins with, without its quotes."""
    quoted, ticked, plain = listed["quoted"], listed["ticked"], listed["plain"]
    if plain is not None:
        return str(plain)
    return ticked.replace("``", "`") if quoted is None else quoted.replace('""', '"')
