"""Carrying over into a file what a page shows of it: some of its classes and functions."""

from __future__ import annotations

import ast

Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def changed(text: str, part: str) -> str:
    """The file with the part in it.

    Imports go after those that are there; a class or function goes in place of the one of its name,
    and anything else to the end, as a reader would do it.
    """
    tree = ast.parse(part)
    for node in tree.body:
        source = piece(part, node)
        if isinstance(node, ast.Import | ast.ImportFrom):
            text = imported(text, source)
        elif isinstance(node, Definition):
            text = defined(text, node.name, source)
        else:
            text = f"{text.rstrip()}\n\n{source}\n"
    return text


def piece(text: str, node: ast.stmt) -> str:
    """The lines of a statement, with its decorators."""
    return "\n".join(text.splitlines()[first(node) - 1 : node.end_lineno])


def first(node: ast.stmt) -> int:
    """The line a statement begins at, its decorators included."""
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def imported(text: str, source: str) -> str:
    """The file with one more import."""
    lines = text.splitlines()
    if source in lines:
        return text
    there = [node for node in ast.parse(text).body if isinstance(node, ast.Import | ast.ImportFrom)]
    end = there[-1].end_lineno if there else 0
    return "\n".join([*lines[:end], source, *lines[end:]]) + "\n"


def defined(text: str, name: str, source: str) -> str:
    """The file with a class or function in place of the one of that name, or at its end."""
    lines = text.splitlines()
    for node in ast.parse(text).body:
        if isinstance(node, Definition) and node.name == name:
            return "\n".join([*lines[: first(node) - 1], source, *lines[node.end_lineno :]]) + "\n"
    return f"{text.rstrip()}\n\n\n{source}\n"
