"""Names as options of the command line have them: quoted where their marks would divide them."""

from __future__ import annotations

import re

KEY_MARKS = ':="'
MARKS = f".{KEY_MARKS}"
NAME = re.compile(r'(?:^|(?<=[.:=]))"((?:[^"]|"")+)"(?=[.:=]|$)')


def place(key: str, name: str) -> str:
    """The full name of a column, or of a value of an enum type."""
    return f"{quoted_key(key)}.{quoted(name)}"


def quoted_key(key: str) -> str:
    """The key of a table or an enum type, where a dot stands behind the schema."""
    return quoted(key, KEY_MARKS)


def quoted(name: str, marks: str = MARKS) -> str:
    """A name, in quotes if one of the marks is in it."""
    if not any(mark in name for mark in marks):
        return name
    return '"' + name.replace('"', '""') + '"'


def unquoted(text: str) -> str:
    """The text with its names as they are."""
    return NAME.sub(lambda found: found[1].replace('""', '"'), text)


def divided(text: str, mark: str) -> list[str]:
    """What stands between the marks that are in no quoted name; the names remain as written."""
    hidden = NAME.sub(lambda found: "x" * len(found[0]), text)
    parts = []
    start = 0
    for part in hidden.split(mark):
        parts.append(text[start : start + len(part)])
        start += len(part) + 1
    return parts
