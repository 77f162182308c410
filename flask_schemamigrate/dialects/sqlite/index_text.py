"""The CREATE INDEX texts that SQLite keeps, and the keys in them, taken apart."""

from __future__ import annotations

from dataclasses import dataclass

from .tokens import NotUnderstood, Walk, parts, tokens, unquoted


@dataclass(frozen=True, slots=True)
class Term:
    """One key of an index as it is written."""

    column: str | None
    expression: str | None
    collation: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True)
class IndexText:
    """A CREATE INDEX text."""

    text: str
    name: str
    name_start: int
    name_end: int
    table: str
    unique: bool
    terms: tuple[Term, ...]
    where: str | None


def parse_index(text: str) -> IndexText:
    """Take a CREATE INDEX text apart. Raises `NotUnderstood`."""
    walk = Walk(text)
    walk.need("CREATE")
    unique = walk.skip("UNIQUE")
    walk.need("INDEX")
    walk.skip("IF", "NOT", "EXISTS")
    name = walk.name()
    if walk.skip("."):
        name = walk.name()
    label = walk.last
    walk.need("ON")
    table = walk.name()
    terms = tuple(parse_term(part) for part in parts(walk.parenthesised()))
    where = text[walk.last.end :].strip() if walk.skip("WHERE") else None
    return IndexText(text, name, label.start, label.end, table, unique, terms, where)


def parse_term(text: str) -> Term:
    """One key of an index: a column or an expression, its collation and its order."""
    found = tokens(text)
    order = collation = ""
    if len(found) > 1 and found[-1].word in ("ASC", "DESC"):
        order = "DESC" if found.pop().word == "DESC" else ""
    if len(found) > 2 and found[-2].word == "COLLATE":
        collation = unquoted(found.pop().text).upper()
        found.pop()
    if not found:
        raise NotUnderstood("an empty key")
    # SQLite takes a string for a name here.
    if len(found) == 1 and (found[0].kind in ("word", "quoted") or found[0].text[0] == "'"):
        return Term(unquoted(found[0].text), None, collation, order)
    return Term(None, text[found[0].start : found[-1].end], collation, order)
