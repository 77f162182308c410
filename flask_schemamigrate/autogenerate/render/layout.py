"""Calls and lists as Python source, broken over lines as ruff and black would leave them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

WIDTH = 88
"""What ruff and black allow a line by default."""


@dataclass(frozen=True)
class Brackets:
    """A call, a list, a tuple or a dict; ``exploded`` asks for an item per line in any case."""

    opening: str
    items: tuple[Node, ...]
    closing: str
    exploded: bool = False

    @property
    def is_call(self) -> bool:
        """Whether a name stands before the parentheses."""
        return self.closing == ")" and self.opening != "("


@dataclass(frozen=True)
class Labelled:
    """``name=value`` in a call, or ``key: value`` in a dict."""

    label: str
    value: Node


@dataclass(frozen=True)
class Chain:
    """A call, and calls of methods on what it returns, each opening with its dot."""

    first: Brackets
    links: tuple[Brackets, ...]

    @property
    def joined(self) -> Brackets:
        """The whole as its last call."""
        before = flat(Chain(self.first, self.links[:-1]))
        return replace(self.links[-1], opening=before + self.links[-1].opening)


Node = str | Brackets | Labelled | Chain


def call(function: str, *arguments: Node, exploded: bool = False, **keywords: Any) -> Brackets:
    """A call with its arguments; keyword arguments that are ``None`` are left out."""
    named = tuple(_named(name, value) for name, value in keywords.items() if value is not None)
    return Brackets(f"{function}(", (*arguments, *named), ")", exploded)


def _named(name: str, value: Node) -> Labelled:
    """A keyword argument; SQLAlchemy reflects options whose names are no words of Python."""
    if name.isidentifier():
        return Labelled(f"{name}=", value)
    return Labelled("**", Brackets("{", (Labelled(f"{quoted(name)}: ", value),), "}"))


def listing(items: Sequence[Node], *, exploded: bool = False) -> Brackets:
    """A list."""
    return Brackets("[", tuple(items), "]", exploded)


def literal(value: Any) -> Node:
    """A plain Python value: text, numbers, lists and dicts of these."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        return Brackets(
            "{",
            tuple(Labelled(f"{flat(literal(key))}: ", literal(it)) for key, it in value.items()),
            "}",
        )
    if isinstance(value, list):
        return listing([literal(item) for item in value])
    if isinstance(value, tuple):
        if len(value) == 1:
            return f"({flat(literal(value[0]))},)"
        return Brackets("(", tuple(literal(item) for item in value), ")")
    return repr(value)


def quoted(text: str) -> str:
    """A string literal in double quotes, or in single ones where that saves backslashes."""
    written = repr(text)
    if written[0] == '"':
        return written
    if text.count('"') > text.count("'"):
        return written
    return '"' + written[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'


def optional(text: str | None) -> str | None:
    """A string literal, or ``None`` for an argument that is left out."""
    return None if text is None else quoted(text)


def flag(value: bool) -> str | None:
    """``True``, or ``None`` for an argument that is left out."""
    return "True" if value else None


def flat(node: Node) -> str:
    """The node on one line."""
    if isinstance(node, str):
        return node
    if isinstance(node, Labelled):
        return node.label + flat(node.value)
    if isinstance(node, Chain):
        return flat(node.first) + "".join(map(flat, node.links))
    return node.opening + ", ".join(map(flat, node.items)) + node.closing


def lines(node: Node, *, indent: int = 0, suffix: str = "", width: int = WIDTH) -> Iterator[str]:
    """The node on as few lines as fit, in the manner of ruff and black."""
    prefix = " " * indent
    while isinstance(node, Labelled):
        prefix += node.label
        node = node.value
    whole = prefix + flat(node) + suffix
    if isinstance(node, Chain):
        if len(whole) > width and len(node.links) > 1:
            yield prefix + flat(node.first)
            yield from _links(node, indent, suffix, width)
            return
        node = node.joined
    if isinstance(node, str) or not node.items or (len(whole) <= width and not is_exploded(node)):
        yield whole
    else:
        yield prefix + node.opening
        yield from _inside(node, indent + 4, width)
        yield " " * indent + node.closing + suffix


def _links(chain: Chain, indent: int, suffix: str, width: int) -> Iterator[str]:
    """Calls of methods below each other, as both tools have them from the second on."""
    for number, link in enumerate(chain.links, 1):
        end = suffix if number == len(chain.links) else ""
        yield from lines(link, indent=indent, suffix=end, width=width)


def _inside(node: Brackets, indent: int, width: int) -> Iterator[str]:
    body = ", ".join(map(flat, node.items))
    if not any(map(is_exploded, (node, *node.items))) and indent + len(body) <= width:
        yield " " * indent + body
    else:
        # A sole argument gets no comma behind it; neither tool would add one.
        comma = "" if node.is_call and len(node.items) == 1 and not node.exploded else ","
        for item in node.items:
            yield from lines(item, indent=indent, suffix=comma, width=width)


def is_exploded(node: Node) -> bool:
    """Whether something in the node asks for a line per item."""
    if isinstance(node, str):
        return False
    if isinstance(node, Labelled):
        return is_exploded(node.value)
    if isinstance(node, Chain):
        return False
    return node.exploded or any(map(is_exploded, node.items))
