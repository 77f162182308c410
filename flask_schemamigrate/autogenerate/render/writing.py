"""What is known while source is being written: the dialect, the options, the imports so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...dialects.base import Dialect
from ...schema import Enum
from ..light import escaped
from ..options import Options
from .layout import Node, call, quoted


class Writing:
    """One body of source, and the imports that it turns out to need.

    ``enums`` are the enum types that are known at this point of the revision.

    It is the ``autogen_context`` of ``render_item``, which may add to ``imports``.
    """

    def __init__(self, dialect: Dialect, options: Options) -> None:
        self.dialect = dialect
        self.options = options
        self.imports: set[str] = set()
        self.opts = options
        self.enums: Mapping[str, Enum] = {}

    def needs(self, line: str) -> None:
        """Note an import."""
        self.imports.add(line)

    def hooked(self, kind: str, item: Any) -> str | None:
        """What ``render_item`` makes of something, if it wants to."""
        hook = self.options.render_item
        found = False if hook is None else hook(kind, item, self)
        return None if found is False else found

    def name(self, name: str | None, kind: str) -> Node | None:
        """A constraint's name, marked as final where a naming convention would extend it."""
        if name is None:
            return None
        pattern = str(self.options.convention.get(kind, ""))
        # An app's convention may change after the file is written; checks are the ones that
        # conventions usually extend.
        is_extended = kind == "ck" or "constraint_name" in pattern
        return call("op.f", quoted(name)) if is_extended else quoted(name)

    def option(self, name: str) -> str:
        """A dialect's option under the keyword that SQLAlchemy has for it."""
        return f"{self.dialect.sqlalchemy.name}_{name}"

    def text(self, sql: str) -> Node:
        """SQL as ``sa.text``."""
        return call("sa.text", quoted(escaped(sql)))
