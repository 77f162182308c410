"""The words and signs that SQLite's stored texts are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

TOKEN = re.compile(
    r"""(?P<space>[ \t\n\f\r]+|--[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<string>[xX]?'(?:[^']|'')*')
    |(?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])
    |(?P<number>0[xX][0-9a-fA-F]+|(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<word>[A-Za-z_\u0080-\U0010ffff][A-Za-z0-9_$\u0080-\U0010ffff]*)
    |(?P<sign>\|\||->>|->|<<|>>|<=|>=|<>|==|!=|.)""",
    re.VERBOSE | re.DOTALL,
)
"""What SQLite takes for a token: whatever is not ASCII may be part of a name, even a space."""
QUOTES = {'"': '"', "`": "`", "[": "]", "'": "'"}


class NotUnderstood(Exception):
    """A stored text does not follow the grammar that is known here."""


class Token(NamedTuple):
    """A token and where it stands; ``word`` is a bare word in capitals, else empty."""

    start: int
    end: int
    text: str
    kind: str
    word: str


def tokens(text: str) -> list[Token]:
    """The tokens of an SQL text without spaces and comments."""
    found = []
    for match in TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind != "space":
            token = match[0]
            start, end = match.span()
            found.append(Token(start, end, token, kind, token.upper() if kind == "word" else ""))
    return found


def words(text: str) -> frozenset[str]:
    """The identifiers and words of an SQL text in small letters, unquoted."""
    return frozenset(
        unquoted(token.text).lower()
        for token in tokens(text)
        if token.kind in ("word", "quoted") or token.text[0] == "'"
    )


def names(expression: str) -> frozenset[str]:
    """The identifiers and words of an expression in small letters, but not its strings."""
    return frozenset(
        unquoted(token.text).lower()
        for token in tokens(expression)
        if token.kind in ("word", "quoted")
    )


def mentions(text: str, name: str) -> bool:
    """Whether a text may well have this name in it."""
    # Making the expression for a new name takes long, and most are not in the text at all.
    if name.lower() not in text.lower():
        return False
    return re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) is not None


def quoted(name: str) -> str:
    """An identifier in quotes."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("'", "''") + "'"


def unquoted(text: str) -> str:
    """An identifier without its quotes, whichever of SQLite's four kinds they are."""
    close = QUOTES.get(text[:1])
    if close is None or len(text) < 2:
        return text
    inner = text[1:-1]
    return inner if close == "]" else inner.replace(close * 2, close)


class Walk:
    """A way along the tokens of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.place = 0

    @property
    def word(self) -> str:
        """What is at hand, a bare word in capitals; empty at the end."""
        if self.place >= len(self.tokens):
            return ""
        token = self.tokens[self.place]
        return token.word or token.text

    def word_after(self) -> str:
        """The word after the one at hand."""
        return self.tokens[self.place + 1].word if self.place + 1 < len(self.tokens) else ""

    def take(self) -> Token:
        """The token at hand; the next one is at hand afterwards."""
        if self.place >= len(self.tokens):
            raise NotUnderstood("it ends too early")
        token = self.tokens[self.place]
        self.place += 1
        return token

    def skip(self, *expected: str) -> bool:
        """Go past these words if they are at hand."""
        there = [token.word or token.text for token in self.tokens[self.place :][: len(expected)]]
        if there == list(expected):
            self.place += len(expected)
            return True
        return False

    def need(self, *expected: str) -> Token:
        """Go past these words, which must be there; the last of them."""
        if not self.skip(*expected):
            raise NotUnderstood(f"{' '.join(expected)} is missing")
        return self.last

    @property
    def start(self) -> int:
        """Where the token at hand starts."""
        if self.place >= len(self.tokens):
            raise NotUnderstood("it ends too early")
        return self.tokens[self.place].start

    @property
    def last(self) -> Token:
        """The token that was taken last."""
        return self.tokens[self.place - 1]

    def name(self) -> str:
        """The identifier at hand."""
        token = self.take()
        if token.kind not in ("word", "quoted", "string"):
            raise NotUnderstood(f"a name is missing before {token.text}")
        return unquoted(token.text)

    def parenthesised(self) -> str:
        """What stands between the parentheses at hand."""
        start = self.need("(").end
        depth = 1
        while depth:
            token = self.take()
            depth += (token.text == "(") - (token.text == ")")
        return self.text[start : self.last.start].strip()


def parts(text: str) -> Iterator[str]:
    """A list's items, split at the commas that stand in no parentheses."""
    depth = start = 0
    for token in tokens(text):
        depth += (token.text == "(") - (token.text == ")")
        if token.text == "," and not depth:
            yield text[start : token.start].strip()
            start = token.end
    yield text[start:].strip()
