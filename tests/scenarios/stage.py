"""Where a scenario is played: a folder of its own, in which commands really run."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from click.testing import CliRunner
from flask.cli import FlaskGroup
from sqlalchemy import Connection, Engine, create_engine, event, text

from tests.databases.database import Database

ROOT = Path(__file__).parents[2]


class Terminal(io.BytesIO):
    """Answers typed at a terminal."""

    def isatty(self) -> bool:
        """Claims so, because a command asks nothing of a pipe."""
        return True


@dataclass
class Stage:
    """A folder and databases; ``folder`` is where commands run, ``home`` where they began."""

    home: Path
    folder: Path
    databases: list[Database]

    def run(self, line: str, answers: tuple[str, ...]) -> tuple[str, int]:
        """Run a command: what it printed, and its exit code."""
        first, _, rest = line.partition(" ")
        if first == "flask":
            return self.flask(shlex.split(rest), answers)
        if first == "sql":
            return self.sql(rest)
        if first == "cd":
            self.folder = (self.folder / rest).resolve()
            return "", 0
        return self.shell(line, answers)

    def write(self, path: str, content: str) -> None:
        """Write a file of the scenario."""
        file = self.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")

    @property
    def environment(self) -> dict[str, str]:
        """What commands find in their environment."""
        names = ["DATABASE_URL", *(f"DATABASE_URL_{n}" for n in range(2, 10))]
        urls = zip(names, (database.url for database in self.databases), strict=False)
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        return {**dict(urls), "PATH": path, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}

    def flask(self, arguments: list[str], answers: tuple[str, ...]) -> tuple[str, int]:
        """Run a flask command in this process, as if in a new one."""
        typed = Terminal("".join(f"{answer}\n" for answer in answers).encode())
        with as_new(self.home, self.folder, self.environment):
            # An app may push a context that it never pops.
            result = Context().run(
                CliRunner().invoke,
                FlaskGroup(name="flask"),
                arguments,
                prog_name="flask",
                input=typed if answers else None,
            )
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.output, result.exit_code

    def sql(self, query: str) -> tuple[str, int]:
        """Ask the first database: a line per row, with its values between bars."""
        engine = create_engine(self.databases[0].url)
        try:
            with engine.begin() as connection:
                answer = connection.execute(text(query))
                rows = answer.all() if answer.returns_rows else []
        finally:
            engine.dispose()
        return "".join(" | ".join(map(str, row)) + "\n" for row in rows), 0

    def shell(self, line: str, answers: tuple[str, ...]) -> tuple[str, int]:
        """Run anything else in a shell."""
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=self.folder,
            env={**os.environ, **self.environment},
            input="".join(f"{answer}\n" for answer in answers),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.stdout, done.returncode


@contextlib.contextmanager
def as_new(home: Path, folder: Path, environment: dict[str, str]) -> Iterator[None]:
    """Let a command find the process as if it had just been started in ``folder``."""
    before = os.environ.copy(), sys.path[:], set(sys.modules), sys.dont_write_bytecode
    # Two versions of a file within a second and of one length would share a .pyc.
    sys.dont_write_bytecode = True
    os.environ.update(environment)
    importlib.invalidate_caches()
    try:
        with contextlib.chdir(folder), disposing():
            yield
    finally:
        os.environ.clear()
        os.environ.update(before[0])
        sys.path[:] = before[1]
        sys.dont_write_bytecode = before[3]
        for name in set(sys.modules) - before[2]:
            if comes_from(home, sys.modules[name]):
                del sys.modules[name]


def comes_from(home: Path, module: ModuleType) -> bool:
    """Whether a module, or a folder that is imported as one, belongs to the scenario."""
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", [])]
    return any(place is not None and Path(place).is_relative_to(home) for place in places)


@contextlib.contextmanager
def disposing() -> Iterator[None]:
    """Dispose of the engines that a command connects with, as the end of its process would."""
    engines: set[Engine] = set()

    def note(connection: Connection) -> None:
        if not connection.dialect.is_async:
            engines.add(connection.engine)

    event.listen(Engine, "engine_connect", note)
    try:
        yield
    finally:
        event.remove(Engine, "engine_connect", note)
        for engine in engines:
            engine.dispose()
