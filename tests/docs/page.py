"""A page of the documentation as it is read: its fenced blocks, and the remarks in front of them.

A remark is an HTML comment, which readers do not see::

    <!-- not run: it installs packages -->      the block is left out, for this reason
    <!-- file: shop.py -->                      the file that a block is, where no caption says so
    <!-- typed: y -->                           what is typed at a question, once per answer
    <!-- exits: 6 -->                           how the last command of the block exits
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

FENCE = re.compile(r"(?P<ticks>`{3,})(?P<info>.*)")
OPTION = re.compile(r":(?P<name>[\w-]+):\s*(?P<value>.*)")
REMARK = re.compile(r"<!-- (?P<name>not run|file|typed|exits): (?P<value>.+) -->")
BEFORE = re.compile(r"<!-- begins with: (?P<page>\S+) -->")
PROMPT = "$ "

COMMANDS = {"console", "sh", "bash", "shell", "pycon"}
EXAMPLES = COMMANDS | {"python"}
"""The languages that a reader would try; a block of one is played or says why it is not."""


@dataclass(frozen=True)
class Command:
    """A command and what the page says it prints; ``first`` and ``last`` enclose these lines."""

    line: str
    outcome: str
    first: int
    last: int


@dataclass(frozen=True)
class Block:
    """A fenced block; ``number`` is the line of the page that its text begins at, from 0."""

    number: int
    language: str
    text: str
    caption: str = ""
    unrun: str = ""
    typed: tuple[str, ...] = ()
    exits: int = 0

    @property
    def is_example(self) -> bool:
        """Whether a reader would try it."""
        is_file = bool(self.caption) and not self.language.startswith("{")
        return self.language in EXAMPLES or is_file

    def commands(self) -> Iterator[Command]:
        """The commands of a terminal's session."""
        lines = self.text.splitlines()
        starts = [number for number, line in enumerate(lines) if line.startswith(PROMPT)]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            said = lines[start + 1 : end]
            while said and not said[-1].strip():
                said.pop()
            first = self.number + start + 1
            outcome = "\n".join(line.rstrip() for line in said)
            yield Command(lines[start].removeprefix(PROMPT), outcome, first, first + len(said))


@dataclass
class Page:
    """A page, and where it is."""

    path: Path
    lines: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> Page:
        """Read a page."""
        return cls(path, path.read_text(encoding="utf-8").splitlines())

    def before(self) -> Iterator[Page]:
        """The page to be played before this one, if there is one."""
        for line in self.lines:
            if found := BEFORE.fullmatch(line):
                yield Page.read(self.path.parent / found["page"])

    def blocks(self) -> Iterator[Block]:
        """The blocks of the page in their order."""
        number = 0
        while number < len(self.lines):
            opened = FENCE.fullmatch(self.lines[number])
            if opened is None:
                number += 1
                continue
            end = number + 1
            while self.lines[end].strip() != opened["ticks"]:
                end += 1
            yield self._block(opened["info"].strip(), number, end)
            number = end + 1

    def _block(self, info: str, start: int, end: int) -> Block:
        remarks = [*self._remarks(start)]
        texts = dict(remarks)
        body = self.lines[start + 1 : end]
        directive, _, argument = info.partition(" ")
        options = [OPTION.fullmatch(line) for line in takewhile(OPTION.fullmatch, body)]
        if not directive.startswith("{"):
            directive, argument, options = "", info, []
        named = {found["name"]: found["value"] for found in options if found}
        first = start + 1 + len(options)
        while first < end and directive and not self.lines[first].strip():
            first += 1
        return Block(
            first,
            argument if directive in {"", "{code-block}"} else directive,
            "\n".join(self.lines[first:end]) + "\n",
            named.get("caption") or texts.get("file", ""),
            texts.get("not run", ""),
            tuple(value for name, value in remarks if name == "typed"),
            int(texts.get("exits", "0")),
        )

    def _remarks(self, start: int) -> Iterator[tuple[str, str]]:
        """The remarks right above a line."""
        above = reversed(self.lines[:start])
        found = takewhile(lambda line: not line.strip() or REMARK.fullmatch(line), above)
        for line in reversed([*found]):
            if remark := REMARK.fullmatch(line):
                yield remark["name"], remark["value"]
