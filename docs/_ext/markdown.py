"""Pieces of Markdown that the generated pages are made of."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

ROLE = re.compile(r":(?:exc|class|meth|func|data|attr):`([^`]+)`")
PARAMETER = re.compile(r"^:param (\w+):\s*", re.MULTILINE)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(cell, line))} |" for line in lines) + "\n"


def cell(text: str) -> str:
    """Text for a cell, on one line."""
    return " ".join(text.replace("|", "\\|").split())


def prose(documented: Any) -> str:
    """A docstring as Markdown, which ours nearly are."""
    text = ROLE.sub(r"`\1`", inspect.getdoc(documented) or "")
    text = PARAMETER.sub(r"* `\1`: ", text)
    # Markdown knows no "::" before an indented example, and takes that for code all the same.
    text = re.sub(r"^(\s*)::$", "", text, flags=re.MULTILINE)
    text = re.sub(r"::$", ":", text, flags=re.MULTILINE)
    return f"{text.strip()}\n"


class Said(str):
    """An annotation as it is written; what is written is not yet resolved."""

    __repr__ = str.__str__


def signature(name: str, function: Callable[..., Any], *, bare: bool = False) -> str:
    """A call as the reader writes it, on several lines if it is long; ``bare`` without types."""
    found = inspect.signature(function)
    parameters = [
        each.replace(annotation=annotation(each.annotation, bare))
        for each in found.parameters.values()
        if each.name not in {"self", "cls"}
    ]
    returned = annotation(found.return_annotation, bare)
    text = f"{name}{found.replace(parameters=parameters, return_annotation=returned)}"
    if len(text) > 90:
        inside = "\n".join(f"    {each}," for each in marked(parameters))
        arrow = "" if returned is found.empty else f" -> {returned}"
        text = f"{name}(\n{inside}\n){arrow}"
    return f"```python\n{text}\n```\n"


def annotation(given: Any, bare: bool) -> Any:
    """An annotation for a signature, or the mark for none."""
    return Said(given) if isinstance(given, str) and not bare else inspect.Signature.empty


def marked(parameters: Sequence[inspect.Parameter]) -> list[str]:
    """The parameters as they are declared, with the star that only keywords follow."""
    said: list[str] = []
    for each in parameters:
        if each.kind is each.KEYWORD_ONLY and not any(text.startswith("*") for text in said):
            said.append("*")
        said.append(str(each))
    return said
