"""Spelling Python as a formatter would leave it."""

from __future__ import annotations

import io
import re
import sys
import tokenize
from collections.abc import Iterable, Sequence

# What black and ruff format use unless told otherwise.
WIDTH = 88


def literal(value: str | Sequence[str] | None, before: str = "") -> str:
    """A string, a tuple of strings, or None; ``before`` is what stands left of it on its line."""
    if value is None:
        return "None"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    each = [literal(item) for item in value]
    line = f"({each[0]},)" if len(each) == 1 else f"({', '.join(each)})"
    if len(before) + len(line) <= WIDTH:
        return line
    return "(\n" + "".join(f"    {item},\n" for item in each) + ")"


def docstring(text: str) -> str:
    """Text that can stand at the beginning of a triple-quoted string and still says the same."""
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f" {escaped}" if escaped.startswith('"') else escaped


def import_block(lines: Iterable[str]) -> str:
    """Import statements in the order that isort would give them, the standard library first."""
    unique = sorted({line.strip() for line in lines if line.strip()}, key=_import_order)
    blocks = [
        [line for line in unique if _is_standard(line) is standard] for standard in (True, False)
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def indented(code: str) -> str:
    """Code as the body of a function; what lies inside strings of several lines stays as it is."""
    lines = code.strip("\n").split("\n")
    inside = _inside_strings("\n".join(lines))
    return "\n".join(
        line if number in inside or not line.strip() else f"    {line}"
        for number, line in enumerate(lines, 1)
    )


def _import_order(line: str) -> tuple[bool, list[str]]:
    """``import x`` comes before ``from x import y``; the case of letters decides last."""
    words = line.split()
    return words[0] == "from", [words[1].lower(), words[1], line]


def _is_standard(line: str) -> bool:
    return re.split(r"[\s.]+", line)[1] in sys.stdlib_module_names


def _inside_strings(code: str) -> set[int]:
    """The numbers of the lines that begin inside a string."""
    if '"""' not in code and "'''" not in code and "\\\n" not in code:
        return set()
    inside: set[int] = set()
    opened: list[int] = []
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        kind = tokenize.tok_name[token.type]
        if kind == "STRING":
            inside.update(range(token.start[0] + 1, token.end[0] + 1))
        # From Python 3.12 on, an f-string is several tokens.
        elif kind.endswith("STRING_START"):
            opened.append(token.start[0])
        elif kind.endswith("STRING_END"):
            inside.update(range(opened.pop() + 1, token.end[0] + 1))
    return inside
