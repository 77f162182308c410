"""The hook that may change, or empty, what is about to be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..dialects.base import Dialect
from ..operations import Operation
from .filters import Context
from .options import Options


@dataclass
class Directives:
    """A list of operations that the hook may change."""

    ops: list[Operation] = field(default_factory=list)

    def is_empty(self) -> bool:
        """Whether nothing is to be done."""
        return not self.ops


# With slots, a hook that sets what nothing heeds is told so.
@dataclass(slots=True)
class MigrationScript:
    """A revision about to be written, as ``process_revision_directives`` gets it.

    Its operations are this project's own values. The way back is made of what ``upgrade_ops``
    holds after the hook, unless the hook gives ``downgrade_ops`` of its own.
    """

    upgrade_ops: Directives
    downgrade_ops: Directives = field(default_factory=Directives)
    message: str | None = None
    imports: set[str] = field(default_factory=set)
    rev_id: str | None = None

    @property
    def upgrade_ops_list(self) -> list[Directives]:
        """The operations of the one database this script is about."""
        return [self.upgrade_ops]


def processed(
    operations: Sequence[Operation], dialect: Dialect, options: Options
) -> MigrationScript | None:
    """The script after the hook had its say, or ``None`` where it wants none."""
    script = MigrationScript(
        Directives(list(operations)), message=options.message, rev_id=options.rev_id
    )
    hook = options.process_revision_directives
    if hook is None:
        return script
    directives: list[Any] = [script]
    hook(Context(dialect.sqlalchemy, None, options), (), directives)
    return directives[0] if directives else None
