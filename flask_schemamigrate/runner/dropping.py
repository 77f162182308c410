"""What revisions drop by SQL of their own, or where nobody can follow them, as far as they say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress

from ..operations import DropColumn, DropTable
from ..revisions.revision import Direction

Drop = DropTable | DropColumn

_WORD = r"(?:\"[^\"]+\"|`[^`]+`|\[[^\]]+\]|[\w$]+)"
_NAME = rf"{_WORD}(?:\s*\.\s*{_WORD})?"
_IF = r"(?:IF\s+EXISTS\s+)?"
_TABLES = re.compile(
    rf"\b(?:DROP\s+TABLE|TRUNCATE(?:\s+TABLE)?)\s+{_IF}(?:ONLY\s+)?({_NAME}(?:\s*,\s*{_NAME})*)",
    re.IGNORECASE,
)
_ALTERED = re.compile(rf"\bALTER\s+TABLE\s+{_IF}(?:ONLY\s+)?({_NAME})([^;]*)", re.IGNORECASE)
_COLUMN = re.compile(rf"\bDROP\s+COLUMN\s+{_IF}({_WORD})", re.IGNORECASE)


def in_sql(text: str) -> Iterator[Drop]:
    """What a statement drops or empties, or each of several."""
    for names in _TABLES.findall(text):
        for name in re.findall(_NAME, names):
            yield DropTable(*_place(name))
    for name, changes in _ALTERED.findall(text):
        for column in _COLUMN.findall(changes):
            yield DropColumn(*_place(name), column=_bare(column))


def in_source(source: bytes, direction: Direction) -> Iterator[Drop]:
    """What the file of a revision drops in this direction; names that are computed are not seen."""
    seen = _Seen()
    for node in ast.parse(source).body:
        if not _goes_back(node, "upgrade" if direction == "downgrade" else "downgrade"):
            seen.visit(node)
    yield from seen.drops


class _Seen(ast.NodeVisitor):
    """Finds calls of ``op`` and of a batch, and SQL in literals."""

    def __init__(self) -> None:
        self.drops: list[Drop] = []
        self._batches: dict[str, tuple[str, str | None]] = {}

    def visit_Expr(self, node: ast.Expr) -> None:
        """What stands there as a value alone is a docstring."""
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_With(self, node: ast.With) -> None:
        """A batch is about its table for the length of the block."""
        for item in node.items:
            call, name = item.context_expr, item.optional_vars
            if isinstance(call, ast.Call) and isinstance(name, ast.Name):
                texts = _texts(call)
                if _called(call) == "batch_alter_table" and texts:
                    self._batches[name.id] = texts[0], _text(call, "schema")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """A literal may be SQL."""
        if isinstance(node.value, str):
            self.drops += in_sql(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        """A call may drop something."""
        called, texts, schema = _called(node), _texts(node), _text(node, "schema")
        of = node.func.value if isinstance(node.func, ast.Attribute) else None
        if called == "drop_table" and texts:
            self.drops.append(DropTable(texts[0], schema))
        elif called == "drop_column" and len(texts) > 1:
            self.drops.append(DropColumn(texts[0], schema, column=texts[1]))
        elif called == "drop_column" and texts and isinstance(of, ast.Name):
            table = self._batches.get(of.id)
            if table is not None:
                self.drops.append(DropColumn(*table, column=texts[0]))
        self.generic_visit(node)


def _goes_back(node: ast.stmt, direction: str) -> bool:
    """Whether a function is that of this direction, for whatever bind."""
    if not isinstance(node, ast.FunctionDef):
        return False
    marks = [each for each in node.decorator_list if isinstance(each, ast.Call)]
    return node.name == direction or any(_called(mark) == direction for mark in marks)


def _called(call: ast.Call) -> str:
    """The last part of the name that is called."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _texts(call: ast.Call) -> list[str]:
    """The literal arguments up to the first that is computed."""
    found = []
    named = ("table_name", "column_name")
    keywords = [each.value for name in named for each in call.keywords if each.arg == name]
    for value in [*call.args, *keywords]:
        if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
            break
        found.append(value.value)
    return found


def _text(call: ast.Call, name: str) -> str | None:
    """A keyword's literal value."""
    for each in call.keywords:
        if each.arg == name:
            with suppress(ValueError):
                return str(ast.literal_eval(each.value))
    return None


def _place(name: str) -> tuple[str, str | None]:
    """The table and the schema of a name in SQL."""
    *schema, table = map(_bare, re.findall(_WORD, name))
    return table, schema[0] if schema else None


def _bare(word: str) -> str:
    return word[1:-1] if word[0] in '"`[' else word
