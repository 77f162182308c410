"""Collects the text files under a folder named "scenarios" and plays each once per database.

``pytest --update-scenarios`` writes into them what the commands really do.
"""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.databases.plugin import making_databases
from tests.scenarios import story
from tests.scenarios.stage import Stage
from tests.scenarios.story import Command, File
from tests.scenarios.wording import Wording, agree


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flag that rewrites scenarios."""
    parser.addoption(
        "--update-scenarios",
        action="store_true",
        help="write what the commands of the scenarios really do into their files",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to let several processes write to one file."""
    if config.getoption("update_scenarios") and getattr(config.option, "numprocesses", None):
        raise pytest.UsageError("--update-scenarios works in one process only: add -n 0.")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take every text file below a folder of that name."""
    if file_path.suffix == ".txt" and "scenarios" in file_path.parts:
        return ScenarioFile.from_parent(parent, path=file_path)
    return None


class Departure(Exception):
    """A command did something else than the scenario says."""


class ScenarioFile(pytest.File):
    """A scenario, which is a test for each kind of database that it is meant for."""

    def collect(self) -> Iterator[pytest.Item]:
        """One test per kind of database."""
        try:
            kinds = story.read(self.path.read_text(encoding="utf-8")).kinds
        except story.NotAStory as error:
            raise self.CollectError(f"{self.path}: {error}") from None
        for kind in kinds:
            yield ScenarioItem.from_parent(self, name=kind)


class ScenarioItem(pytest.Item):
    """A scenario on one kind of database."""

    def runtest(self) -> None:
        """Play it; or see how it goes and write that down."""
        # Read again, because another item may just have rewritten it.
        told = story.read(self.path.read_text(encoding="utf-8"))
        update = self.config.getoption("update_scenarios")
        with (
            tempfile.TemporaryDirectory(prefix="scenario-") as temporary,
            making_databases(Path(temporary).resolve(), self.config) as new,
        ):
            home = Path(temporary).resolve() / "project"
            home.mkdir()
            stage = Stage(home, home, [new(self.name) for _ in range(told.databases)])
            outcomes = self.play(told, stage, stop=not update)
        if update and outcomes:
            self.path.write_text(told.told_anew(outcomes), encoding="utf-8")

    def play(self, told: story.Story, stage: Stage, *, stop: bool) -> dict[Command, str]:
        """Take each step; the outcomes that depart from the story, if the first does not end it."""
        wording = Wording(stage.home)
        for number, database in enumerate(stage.databases, 1):
            suffix = "" if number == 1 else str(number)
            wording.names[database.url] = f"<url{suffix}>"
            wording.names[make_url(database.url).database or ""] = f"<database{suffix}>"
        departures = {}
        for step in told.steps:
            if isinstance(step, File):
                stage.write(step.path, wording.particular(step.text))
            elif self.name in step.kinds:
                printed, code = stage.run(wording.particular(step.line), step.answers)
                wording.learn()
                said = wording.general(story.outcome(printed, code))
                if agree(step.outcome, said):
                    continue
                if stop:
                    raise Departure(self.departure(step, said))
                departures[step] = said
        return departures

    def departure(self, command: Command, said: str) -> str:
        """How the outcome differs from what the scenario says, with the place to look at."""
        difference = difflib.ndiff(command.outcome.splitlines(), said.splitlines())
        shown = [line.rstrip() for line in difference if not line.startswith("?")]
        return "\n".join([f"{self.path}:{command.number}: $ {command.line}", *shown])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style=None):
        """A departure speaks for itself; anything else needs its traceback."""
        if isinstance(excinfo.value, Departure):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the scenario is."""
        return self.path, 0, f"{self.path.stem}[{self.name}]"
