"""Playing a page: its files are written, its commands run, and what they print is held against it.

A page shows the ids, times and durations of one day. An id stands for the revision that is written
in its place; a time of a file or a moment, and a duration, may be any.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from flask_schemamigrate.runner.history import provenance
from tests.docs.changing import changed
from tests.docs.page import COMMANDS, Block, Command, Page
from tests.docs.stage import Desk
from tests.scenarios.story import outcome
from tests.scenarios.wording import DURATION, Wording, agree

ID = re.compile(r"(?<![0-9a-z])(?=[0-9a-f]*[0-9])[0-9a-f]{12}(?![0-9a-z])")
NAME = re.compile(r"<rev\d+>")
STAMP = re.compile(
    r"(?<!\d)20\d{6}_\d{6}(?!\d)"
    r"|20\d\d-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?"
)
CAPTION = re.compile(r"(?P<path>\S+)(?: \((?P<how>changed|as written)\))?")
HOME = "/home/ann/shop"
ANN = "ann@laptop"


class Departure(Exception):
    """A page says something else than what happens."""


@dataclass
class Player:
    """Plays pages on a desk; in one folder one after the other."""

    desk: Desk
    ids: dict[str, str] = field(default_factory=dict)
    wording: Wording = field(init=False)

    def __post_init__(self) -> None:
        self.wording = Wording(self.desk.home)

    def play(self, page: Page, *, update: bool = False) -> None:
        """Do what a page says; with ``update``, make it say what is printed."""
        self.know(page.lines)
        outcomes: dict[Command, str] = {}
        for block in page.blocks():
            if not block.is_example or block.unrun:
                continue
            place = f"{page.path}:{block.number}"
            if block.caption:
                outcomes |= self.file(block, place, stop=not update)
                continue
            if block.language not in COMMANDS:
                raise Departure(f"{place}: is no file, no commands, and does not say 'not run'")
            outcomes |= self.session(block, place, stop=not update)
        if outcomes:
            page.path.write_text(self.anew(page, outcomes), encoding="utf-8")

    def know(self, lines: Iterable[str]) -> None:
        """Number the revisions that a page names, in the order in which it does."""
        for line in lines:
            for found in ID.findall(line):
                self.ids.setdefault(found, f"<rev{len(self.ids) + 1}>")

    def general(self, text: str) -> str:
        """A page's text as every run could say it."""
        text = ID.sub(lambda found: self.ids.get(found[0], found[0]), text)
        text = text.replace(HOME, "<dir>").replace(ANN, "<who>")
        return DURATION.sub("<duration>", STAMP.sub("<time>", text))

    def said(self, text: str) -> str:
        """What was printed, in the same words."""
        who = "{who}@{host}".format(**provenance())
        return STAMP.sub("<time>", self.wording.general(text).replace(who, "<who>"))

    def file(self, block: Block, place: str, *, stop: bool) -> dict[Command, str]:
        """Write a file, change it, or see that it is as the page shows it."""
        found = CAPTION.fullmatch(block.caption)
        if found is None:
            raise Departure(f"{place}: the caption {block.caption!r} names no file")
        path = self.path(found["path"])
        if found["how"] == "as written":
            return self.compared(block, path.read_text(encoding="utf-8"), place, stop=stop)
        text = self.wording.particular(self.general(block.text))
        if found["how"] == "changed":
            text = changed(path.read_text(encoding="utf-8"), text)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return {}

    def compared(self, block: Block, text: str, place: str, *, stop: bool) -> dict[Command, str]:
        """The block with the text of its file, if the page shows another."""
        expected, said = self.general(block.text).rstrip(), self.said(text).rstrip()
        if agree(expected, said):
            return {}
        if stop:
            raise Departure(difference(place, expected, said))
        last = block.number + len(block.text.splitlines())
        return {Command("", block.text, block.number, last): text}

    def path(self, name: str) -> Path:
        """The file; that of a revision by its id, whenever it was written."""
        if found := NAME.search(self.general(name)):
            id = self.wording.particular(found[0])
            for path in self.desk.folder.joinpath(name).parent.glob(f"*_{id}_*"):
                return path
        return self.desk.folder / name

    def session(self, block: Block, place: str, *, stop: bool) -> dict[Command, str]:
        """Run the commands of a block; those that print something else."""
        departures: dict[Command, str] = {}
        commands = [*block.commands()]
        for command in commands:
            line = self.wording.particular(self.general(command.line))
            printed, code = self.desk.run(line, block.typed)
            self.wording.learn()
            said = outcome(printed, 0)
            expected = block.exits if command is commands[-1] else 0
            if code != expected:
                left = f"{place}: $ {command.line} exits with {code}, not {expected}"
                raise Departure(f"{left}\n{said}")
            if agree(self.general(command.outcome), self.said(said)):
                continue
            if stop:
                told = difference(place, self.general(command.outcome), self.said(said))
                raise Departure(f"{told}\n  after $ {command.line}")
            departures[command] = said
        return departures

    def anew(self, page: Page, outcomes: dict[Command, str]) -> str:
        """The page with other outcomes."""
        shown = {name: id for id, name in self.ids.items()}
        real = {id: shown.get(name, id) for id, name in self.wording.names.items()}
        lines = [*page.lines]
        for command in sorted(outcomes, key=lambda each: each.first, reverse=True):
            who = "{who}@{host}".format(**provenance())
            said = outcomes[command].replace(str(self.desk.home), HOME).replace(who, ANN)
            for id, shown_id in real.items():
                said = said.replace(id, shown_id)
            lines[command.first : command.last] = said.splitlines()
        text = "\n".join(lines) + "\n"
        for id, name in self.wording.names.items():
            text = text.replace(name, real[id])
        return text


def difference(place: str, expected: str, said: str) -> str:
    """How a page departs from what happens."""
    lines = difflib.ndiff(expected.splitlines(), said.splitlines())
    return "\n".join([place, *(line.rstrip() for line in lines if not line.startswith("?"))])
