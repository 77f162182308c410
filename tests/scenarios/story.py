"""A scenario's text: what it says of itself, the files it writes, and the commands it gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from tests.databases.servers import KINDS, MARIADB_AND_MYSQL

FILE = re.compile(r"-- (?P<path>\S+) --")
COMMAND = re.compile(r"(?:\[(?P<only>[\w, !]+)\] )?\$ (?P<line>.+)")
EXIT = re.compile(r"\[exit (?P<code>\d+)\]")
SETTING = re.compile(r"(?P<name>only|databases): (?P<value>.+)")
PROSE = "// "
ANSWER = "< "


@dataclass(frozen=True)
class File:
    """A file that the scenario writes when it comes to it."""

    path: str
    text: str


@dataclass(frozen=True)
class Command:
    """A command, and what it is to print.

    ``number`` is its line in the text; ``first`` and ``last`` enclose the lines of its outcome, as
    a slice does.
    """

    number: int
    line: str
    kinds: tuple[str, ...]
    answers: tuple[str, ...]
    outcome: str
    first: int
    last: int


@dataclass(frozen=True)
class Story:
    """A scenario as it was read."""

    lines: tuple[str, ...]
    kinds: tuple[str, ...]
    databases: int
    steps: tuple[File | Command, ...]

    def told_anew(self, outcomes: Mapping[Command, str]) -> str:
        """The scenario's text with other outcomes for some of its commands."""
        lines = list(self.lines)
        for command in sorted(outcomes, key=lambda command: command.first, reverse=True):
            lines[command.first : command.last] = outcomes[command].splitlines()
        return "\n".join(lines) + "\n"


class NotAStory(Exception):
    """The text is not a scenario; the message says where and why."""


def read(text: str) -> Story:
    """Read a scenario; raises NotAStory where it makes no sense."""
    lines = tuple(text.splitlines())
    starts = [number for number, line in enumerate(lines) if begins(line)]
    head = lines[: starts[0]] if starts else lines
    settings = {
        found["name"]: found["value"] for line in head if (found := SETTING.fullmatch(line))
    }
    kinds = chosen(settings.get("only", ""))
    steps: list[File | Command] = []
    for start, end in pairwise([*starts, len(lines)]):
        steps.extend(step(lines, start, end, kinds))
    if not any(isinstance(step, Command) for step in steps):
        raise NotAStory("there is no '$ command' in it")
    return Story(lines, kinds, int(settings.get("databases", "1")), tuple(steps))


def begins(line: str) -> bool:
    """Whether a line ends whatever stood before it."""
    return bool(FILE.fullmatch(line) or COMMAND.fullmatch(line)) or line.startswith(PROSE)


def step(
    lines: tuple[str, ...], start: int, end: int, kinds: tuple[str, ...]
) -> Iterator[File | Command]:
    """What the lines from ``start`` up to ``end`` ask for; nothing, where they are prose."""
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    if found := FILE.fullmatch(lines[start]):
        yield File(found["path"], "\n".join(lines[start + 1 : end]) + "\n")
    elif found := COMMAND.fullmatch(lines[start]):
        first = start + 1
        while first < end and lines[first].startswith(ANSWER):
            first += 1
        yield Command(
            number=start + 1,
            line=found["line"],
            kinds=tuple(kind for kind in chosen(found["only"] or "") if kind in kinds),
            answers=tuple(line.removeprefix(ANSWER) for line in lines[start + 1 : first]),
            outcome="\n".join(lines[first:end]).strip("\n"),
            first=first,
            last=end,
        )


def chosen(guard: str) -> tuple[str, ...]:
    """The kinds of database that a guard lets through: "sqlite, mariadb", "!sqlite", or all.

    What goes for MariaDB goes for MySQL.
    """
    names = guard.replace(",", " ").split()
    if unknown := {name.removeprefix("!") for name in names} - set(KINDS):
        raise NotAStory(f"{', '.join(sorted(unknown))} is none of {', '.join(KINDS)}")
    excluded = {name.removeprefix("!") for name in names if name.startswith("!")}
    included = {name for name in names if not name.startswith("!")} or set(KINDS)
    alike = dict.fromkeys(MARIADB_AND_MYSQL, "mariadb")
    return tuple(kind for kind in KINDS if alike.get(kind, kind) in included - excluded)


def outcome(printed: str, code: int) -> str:
    """What a command did, as a scenario says it: its output, and how it left if not well."""
    lines = [line.rstrip() for line in printed.strip("\n").splitlines()]
    if code:
        lines.append(f"[exit {code}]")
    return "\n".join(lines)
