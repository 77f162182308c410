"""Names for what differs from run to run: ids, times, durations, folders, databases."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

REVISION = re.compile(r"""^revision\b[^=\n]*=\s*["'](?P<id>[0-9a-f]{12})["']""", re.MULTILINE)
"""The ids that are made up; one that a person chose can stay as it is."""

MOMENT = re.compile(
    r"(?<!\d)(?P<year>20\d\d)(?P<between>[-_]?)(?P<month>\d\d)(?P=between)(?P<day>\d\d)"
    r"(?P<time>[T _-]?\d\d[:_-]?\d\d(?::?\d\d(?:[.,]\d+)?)?"
    r"(?: ?UTC|Z| ?[+-]\d\d:?\d\d)?)?(?!\d)"
)
DURATION = re.compile(r"(?<![\w.])(?:\d+(?:\.\d+)? ?ms|\d+\.\d+ ?s)(?!\w)")


@dataclass
class Wording:
    """Replaces what differs from run to run by a name in angle brackets, and back again."""

    folder: Path
    names: dict[str, str] = field(default_factory=dict)

    def learn(self) -> None:
        """Number the revisions that have been written since, in the order of their files' names."""
        for path in sorted(self.folder.glob("**/versions/**/*.py")):
            for found in REVISION.finditer(path.read_text(encoding="utf-8", errors="replace")):
                known = sum(name.startswith("<rev") for name in self.names.values())
                self.names.setdefault(found["id"], f"<rev{known + 1}>")

    def general(self, text: str) -> str:
        """The text as every run prints it."""
        for real in sorted(self.names, key=len, reverse=True):
            text = text.replace(real, self.names[real])
        text = text.replace(str(self.folder), "<dir>")
        return DURATION.sub("<duration>", MOMENT.sub(now, text))

    def particular(self, text: str) -> str:
        """The text as this run has to say it."""
        for real, name in self.names.items():
            text = text.replace(name, real)
        return text.replace("<dir>", str(self.folder))


def now(moment: re.Match[str]) -> str:
    """A name for a moment of this run; any other, in somebody's row, stays as it is."""
    today = datetime.now(UTC).date()
    try:
        day = datetime(int(moment["year"]), int(moment["month"]), int(moment["day"])).date()
    except ValueError:
        return moment[0]
    if abs(day - today) > timedelta(days=1):
        return moment[0]
    return "<time>" if moment["time"] else "<date>"


def agree(expected: str, said: str) -> bool:
    """Whether the two are the same; "..." stands for anything in a line, or for any lines."""
    pattern = "".join(
        r"(?:[^\n]*\n)*?" if line == "..." else r"[^\n]*".join(parts(line)) + r"\n"
        for line in expected.splitlines()
    )
    return re.fullmatch(pattern, said + "\n" if said else "") is not None


def parts(line: str) -> list[str]:
    """The literal pieces of a line, between its ellipses."""
    return [re.escape(part) for part in line.split("...")]
