"""What a script's database would hold by now, with the enum types that raw SQL makes."""

from __future__ import annotations

import re
from dataclasses import replace

from ...operations import Execute, Operation, text_of
from ...schema import Enum, Schema
from ..base import Rehearsal

NAME = r'"[^"]+"|\w+'
# Inside a block that asks first whether the type is there, it is there afterwards all the same.
ENUM_TYPE = re.compile(
    rf"""\b(?:CREATE\s+TYPE|(?P<gone>DROP\s+TYPE)(?:\s+IF\s+EXISTS)?)\s+
    (?:(?P<schema>{NAME})\s*\.\s*)?(?P<name>{NAME})
    (?(gone)|\s+AS\s+ENUM\s*\((?P<values>(?:[^')]|'(?:[^']|'')*')*)\))""",
    re.IGNORECASE | re.VERBOSE,
)
VALUE = re.compile(r"'((?:[^']|'')*)'")


class EnumRehearsal(Rehearsal):
    """Follows raw SQL where a column brings its enum type unless it is there."""

    def after(self, operation: Operation) -> None:
        super().after(operation)
        if not isinstance(operation, Execute):
            return
        assert isinstance(self.known, Schema)
        enums = dict(self.known.enums)
        for found in ENUM_TYPE.finditer(text_of(operation.statement)):
            values = (value.replace("''", "'") for value in VALUE.findall(found["values"] or ""))
            enum = Enum(_plain(found["name"]) or "", tuple(values), _plain(found["schema"]))
            if found["gone"]:
                enums.pop(enum.key, None)
            else:
                enums[enum.key] = enum
        self.known = replace(self.known, enums=enums)


def _plain(name: str | None) -> str | None:
    """A name as the database keeps it."""
    if name is None:
        return None
    return name[1:-1] if name.startswith('"') else name.lower()
