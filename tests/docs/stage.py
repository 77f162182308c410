"""Where a page is played: the stage of the scenarios, as the desk of somebody who reads it."""

from __future__ import annotations

import os
import pty
import select
import shlex
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.databases.database import Database
from tests.scenarios.stage import Stage

ANN = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Ann"), ("EMAIL", "ann@example.com"))
}


@dataclass
class Desk(Stage):
    """A folder in which a reader types; a server's URL is that of a database of the tests."""

    new_database: Callable[[str], Database] | None = None
    exported: dict[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, home: Path, new_database: Callable[[str], Database]) -> Desk:
        """A desk with nothing on it."""
        return cls(home, home, [], new_database)

    @property
    def environment(self) -> dict[str, str]:
        """What the page exported, and who uses git."""
        return {**super().environment, **ANN, "GIT_CONFIG_GLOBAL": os.devnull, **self.exported}

    def run(self, line: str, answers: tuple[str, ...]) -> tuple[str, int]:
        """Run a command; ``export``, and ``sqlite3`` where it may not be installed, as well."""
        first, _, rest = line.partition(" ")
        if first == "export":
            name, _, value = shlex.split(rest)[0].partition("=")
            self.exported[name] = self._own(value)
            return "", 0
        if first == "sqlite3":
            return self.sqlite3(*shlex.split(rest))
        return self.terminal(line, answers) if answers else super().run(line, answers)

    def terminal(self, line: str, answers: tuple[str, ...]) -> tuple[str, int]:
        """Run a command on a terminal, and type an answer whenever it waits behind a colon.

        One that asks for more is told that there is no more, as by Ctrl-D.
        """
        ours, theirs = pty.openpty()
        environment = {**os.environ, **self.environment, "TERM": "dumb"}
        left = [*(f"{answer}\n".encode() for answer in answers), b"\x04"]
        said = b""
        try:
            with subprocess.Popen(
                ["sh", "-c", line],
                cwd=self.folder,
                env=environment,
                stdin=theirs,
                stdout=theirs,
                stderr=theirs,
            ) as process:
                while process.poll() is None or select.select([ours], [], [], 0)[0]:
                    if select.select([ours], [], [], 0.05)[0]:
                        said += os.read(ours, 4096)
                    elif left and said.endswith(b": "):
                        os.write(ours, left.pop(0))
        finally:
            os.close(ours)
            os.close(theirs)
        return said.decode().replace("\r\n", "\n"), process.returncode

    def sqlite3(self, file: str, query: str) -> tuple[str, int]:
        """What the program of that name prints: a line per row, with bars between its values."""
        with closing(sqlite3.connect(self.folder / file)) as connection, connection:
            rows = connection.execute(query).fetchall()
        said = ("|".join("" if value is None else str(value) for value in row) for row in rows)
        return "".join(f"{line}\n" for line in said), 0

    def _own(self, value: str) -> str:
        """A database of the tests in place of the server that a page names."""
        kind = value.partition("+")[0].partition(":")[0]
        if kind not in {"postgresql", "mariadb", "mysql"} or self.new_database is None:
            return value
        database = self.new_database("postgresql" if kind == "postgresql" else "mariadb")
        self.databases.append(database)
        return database.url
