"""The parts of an index key that a revision or a model gives as one text."""

from __future__ import annotations

import re
from dataclasses import replace

from ...schema import IndexKey

TAIL = re.compile(
    r"""^(?P<what>.+?)
        (?:\s+COLLATE\s+(?P<collation>"[^"]+"(?:\."[^"]+")?|[\w.]+))?
        (?:\s+(?P<operators>(?:(?:\w+|"[^"]+")\.)?\w+_ops\w*(?:\s*\(\s*\w+\s*=[^()]*\))?))?
        (?:\s+(?P<order>ASC|DESC))?
        (?:\s+NULLS\s+(?P<nulls>FIRST|LAST))?$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
NAME = re.compile(r'(?:[a-z_][a-z0-9_$]*|"(?:[^"]|"")+")$')
CALL = re.compile(r'(?:[\w.]|"[^"]+")*\(')


def parted(key: IndexKey) -> IndexKey:
    """A key whose expression holds no order, operator class or collation any more."""
    if key.expression is None or key.order:
        return key
    match = TAIL.match(key.expression.strip())
    if match is None:
        return key
    nulls = f"NULLS {match['nulls'].upper()}" if match["nulls"] else ""
    what, collation = match["what"], match["collation"]
    if collation and not (NAME.match(what) or stands_alone(what)):
        # It belongs to the end of a longer expression.
        what, collation = f"{what} COLLATE {collation}", None
    is_column = NAME.match(what) is not None
    return replace(
        key,
        column=what.strip('"').replace('""', '"') if is_column else None,
        expression=None if is_column else what,
        order=" ".join(filter(None, ((match["order"] or "").upper(), nulls))),
        operator_class=key.operator_class or match["operators"] or "",
        collation=key.collation or collation or "",
    )


def stands_alone(expression: str) -> bool:
    """Whether an expression is one call or one pair of parentheses, and needs no more of them."""
    match = CALL.match(expression)
    return match is not None and closing(expression, match.end() - 1) == len(expression) - 1


def closing(text: str, opening: int) -> int:
    """Where the parenthesis that opens at this place is closed, or -1."""
    depth, quote = 0, ""
    for place in range(opening, len(text)):
        letter = text[place]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if not depth:
                return place
    return -1
