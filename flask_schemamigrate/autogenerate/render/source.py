"""The bodies of ``upgrade()`` and ``downgrade()``, and the imports above them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...dialects.base import Dialect
from ...errors.autogenerate import NotRenderable
from ...operations import AlterTable, CreateTable, Nothing, Operation
from ...schema import Schema
from ..destructive import loss
from ..downgrade import flat
from ..options import Options
from ..refilling import Refill, refilled
from ..resolve import Resolved
from . import others
from .calls import SAYINGS, indexes_of
from .layout import WIDTH, Brackets, call, lines, literal
from .layout import flat as flattened
from .writing import Writing

# The bodies are indented by one level once they stand in a function.
INDENT = 4


@dataclass(frozen=True)
class Source:
    """The lines of the two bodies, without indentation, and the lines of import they need."""

    upgrade: list[str]
    downgrade: list[str]
    imports: tuple[str, ...]


def render(
    resolved: Resolved,
    dialect: Dialect,
    *,
    options: Options = Options(),  # noqa: B008 -- a frozen value
) -> Source:
    """Source that says what was resolved, and its reverse.

    Raises `NotRenderable` and `Irreversible`.
    """
    operations, before = resolved.operations, resolved.before
    writing = Writing(dialect, options)
    upgrade = list(body(operations, before, writing))
    after = before
    for operation in flat(operations):
        after = operation.apply(after)
    backwards = refilled(resolved.reversed, after, dialect)
    downgrade = list(body(backwards, after, writing, marked=False))
    writing.imports.update(("import sqlalchemy as sa", *resolved.imports))
    for name, text in (("upgrade", upgrade), ("downgrade", downgrade)):
        try:
            compile("\n".join(text), f"<{name}>", "exec")
        except SyntaxError as error:
            raise NotRenderable(f"{name}(), line {error.lineno},") from error
    return Source(upgrade, downgrade, tuple(sorted(writing.imports, key=_import_order)))


def _import_order(line: str) -> tuple[bool, bool, str]:
    is_sqlalchemy = "sqlalchemy" in line
    return is_sqlalchemy, line.startswith("from "), line


def body(
    operations: Sequence[Operation], before: Schema, writing: Writing, *, marked: bool = True
) -> Iterator[str]:
    """The lines that say these operations; what they lose is marked where that is asked."""
    state = before
    for operation in operations:
        _learn_enums(operation, state, writing)
        if isinstance(operation, AlterTable):
            yield from _group(operation, state, writing, marked=marked)
        else:
            if marked:
                yield from _marked(operation, state, 0)
            if isinstance(operation, Refill):
                yield f"# What was in {operation.column} is gone; rows get this in its place."
            yield from statement(operation, writing)
        state = operation.apply(state)


def statement(operation: Operation, writing: Writing, *, in_group: bool = False) -> Iterator[str]:
    """The lines of one operation."""
    if isinstance(operation, Nothing):
        return
    indent = 4 if in_group else 0
    if (saying := SAYINGS.get(type(operation))) is not None:
        node = saying(operation, writing).node(in_group=in_group)
    else:
        made = others.node(operation, writing)
        if isinstance(made, str):
            yield from (" " * indent + line for line in made.splitlines())
            return
        assert isinstance(made, Brackets)
        node = made
    yield from lines(node, indent=indent, width=WIDTH - INDENT)
    if isinstance(operation, CreateTable):
        for index in indexes_of(operation):
            yield from statement(index, writing)


def _group(group: AlterTable, before: Schema, writing: Writing, *, marked: bool) -> Iterator[str]:
    """Several changes of one table in one block."""
    recreate = None if group.recreate == "auto" else literal(group.recreate)
    order = [list(names) for names in group.order]
    opening = call(
        "op.batch_alter_table",
        literal(group.table),
        schema=None if group.schema is None else literal(group.schema),
        recreate=recreate,
        partial_reordering=literal(order) if order else None,
    )
    head = f"with {flattened(opening)} as batch_op:"
    yield head
    if not group.operations:
        yield "    pass"
    state = before
    for operation in group.operations:
        _learn_enums(operation, state, writing)
        if marked:
            yield from _marked(operation, state, 4)
        yield from statement(operation, writing, in_group=True)
        state = operation.apply(state)


def _learn_enums(operation: Operation, before: Schema, writing: Writing) -> None:
    """Know the enums that are there, and those the operation brings along."""
    own = {enum.key: enum for enum in getattr(operation, "enums", ())}
    writing.enums = {**before.enums, **own}


def _marked(operation: Operation, before: Schema, indent: int) -> Iterator[str]:
    """A comment above what loses rows or values."""
    lost = loss(operation, before)
    if lost is not None:
        yield " " * indent + f"# Loses data: {lost}."
