"""Expressions as MySQL prints them: in checks, generated columns, defaults and index keys."""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress

ESCAPED = re.compile(r"\\(['\\])")
LITERAL = r"'(?:[^'\\]|''|\\.)*'"
PRINTED = re.compile(
    rf"`(?:[^`]|``)*`|(?P<charset>_\w+)?(?P<literal>{LITERAL})|-\((?P<number>\d+(?:\.\d+)?)\)",
    re.DOTALL,
)
LIKE_ASCII = ("_ascii", "_latin1", "_utf8mb3", "_utf8mb4")
ANSI = re.compile(rf'{LITERAL}|"(?P<name>(?:[^"]|"")*)"', re.DOTALL)
NAMED = re.compile(rf"({LITERAL})|(`(?:[^`]|``)*`)", re.DOTALL)


def ticked(name: str) -> str:
    """An identifier in its quotes."""
    return "`" + name.replace("`", "``") + "`"


def unticked(text: str) -> str:
    """An identifier without its quotes."""
    return text.strip()[1:-1].replace("``", "`")


def backticked(text: str) -> str:
    """A text printed under ANSI_QUOTES, with names in backticks instead of double quotes.

    https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html#sqlmode_ansi_quotes
    """

    def said(found: re.Match[str]) -> str:
        name = found["name"]
        return found[0] if name is None else ticked(name.replace('""', '"'))

    return ANSI.sub(said, text)


def unescaped(text: str) -> str:
    r"""An expression of the catalogue, which holds ``'`` as ``\'`` and ``\`` twice.

    MySQL, unlike MariaDB, takes its UTF-8 for Latin-1 and encodes it once more.
    """
    with suppress(UnicodeError):
        text = text.encode("latin-1").decode()
    return ESCAPED.sub(r"\1", text)


def plain(text: str) -> str:
    """The expression as a person writes it: ``'a'`` for ``_utf8mb4'a'``, ``-3`` for ``-(3)``.

    The character set is that of whoever wrote a literal, and means nothing to one of ASCII.
    """

    def said(found: re.Match[str]) -> str:
        if found["number"] is not None:
            return f"-{found['number']}"
        is_plain = found["charset"] in LIKE_ASCII and found["literal"].isascii()
        return found["literal"] if is_plain else found[0]

    return PRINTED.sub(said, text)


def with_names(text: str, names: Collection[str]) -> str:
    """The expression with columns called as the table calls them, not as somebody once wrote."""
    known = {name.lower(): name for name in names}

    def named(found: re.Match[str]) -> str:
        if found[2] is None:
            return found[0]
        name = known.get(unticked(found[2]).lower())
        return found[0] if name is None else ticked(name)

    return NAMED.sub(named, text)
