#!/usr/bin/env python3
"""Run a history of Alembic revisions with real Alembic and with this project, and compare.

    python tests/compare_with_alembic.py FOLDER... [--database KIND] [--peer VENV] [--path FOLDER]

FOLDER holds revision files, or other folders that do. Compared are, on each database: the schema
as the database itself tells it, all rows, Alembic's version table, after the way up, the way down
and the way up again; that a database of Alembic's is taken over; and the time. Alembic lives in an
environment of its own, VENV, which is made if it is not there. Nothing is written to FOLDER.
"""

from __future__ import annotations

import argparse
import difflib
import json
import logging
import re
import subprocess
import sys
import tempfile
import time
import venv
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from flask_schemamigrate.commands import running  # noqa: E402
from flask_schemamigrate.commands.adopting import TakenOver  # noqa: E402
from flask_schemamigrate.config import Config  # noqa: E402
from flask_schemamigrate.environment import Environment  # noqa: E402
from flask_schemamigrate.errors import SchemaMigrateError  # noqa: E402
from tests import native_schema  # noqa: E402
from tests.databases import servers, temporary  # noqa: E402

NEEDED = ("alembic", "psycopg[binary]", "pymysql", "sqlalchemy-utils", "flask-sqlalchemy")
VERSIONS = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, {})"
# Identifiers of version 4 are made anew in each run.
RANDOM = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b")
KEY = "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)"


@dataclass
class Peer:
    """A process that runs real Alembic."""

    process: subprocess.Popen[str]
    locations: list[str]
    path: list[str]

    def __call__(self, do: str, to: str, url: str) -> dict[str, Any]:
        """Have a command carried out; the answer has ``seconds`` and perhaps ``error``."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        asked = {"do": do, "to": to, "url": url, "locations": self.locations, "path": self.path}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@dataclass
class Ours:
    """This project, on the same files."""

    locations: list[str]
    seconds: float = 0.0

    def __call__(self, do: str, to: str, url: str) -> dict[str, Any]:
        """The same for this project; ``taken_over`` says from where, if anything was."""
        config = Config(version_locations=tuple(self.locations), recursive=True, cache=False)
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        environment = Environment.without_app("migrations", engines=engine, config=config)
        act: Any = running.upgrade if do == "upgrade" else running.downgrade
        answer: dict[str, Any] = {"taken_over": None, "done": 0}
        start = time.perf_counter()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                for each in act(environment, to):
                    if isinstance(each, TakenOver):
                        answer["taken_over"] = len(each.revisions)
                    else:
                        answer["done"] += 1
        except SchemaMigrateError as error:
            answer["error"] = f"{type(error).__name__}: {error.message}"[:600]
        answer["seconds"] = time.perf_counter() - start
        return answer


@dataclass
class Verdict:
    """What differed on one database."""

    kind: str
    lines: list[str] = field(default_factory=list)
    differences: int = 0

    def say(self, text: str) -> None:
        """Note something."""
        self.lines.append(f"  {text}")

    def compare(self, what: str, theirs: list[str], ours: list[str]) -> None:
        """Note how two lists of lines differ."""
        if theirs == ours:
            self.say(f"{what}: same ({len(ours)} lines)")
            return
        self.differences += 1
        self.say(f"{what}: DIFFERENT (- Alembic, + ours)")
        difference = difflib.unified_diff(theirs, ours, lineterm="", n=1)
        self.lines += [f"      {line}" for line in list(difference)[2:42]]


def compared(kind: str, theirs: Peer, ours: Ours, urls: tuple[str, str]) -> Verdict:
    """Both, up, down and up again, on an empty database each."""
    verdict = Verdict(kind)
    for url in urls:
        make_version_table(url)
    ways = (("upgrade", "heads"), ("downgrade", "base"), ("upgrade", "heads"))
    for number, (do, to) in enumerate(ways):
        answers = theirs(do, to, urls[0]), ours(do, to, urls[1])
        if number == 0:
            verdict.say(
                f"{answers[1]['done']} revisions; Alembic {answers[0]['seconds']:.2f} s, "
                f"ours {answers[1]['seconds']:.2f} s"
            )
        if not judged(verdict, f"{do} {to}", *answers):
            if versions(urls[0]) == versions(urls[1]):
                verdict.say(f"both stopped at {', '.join(versions(urls[1])) or 'base'}")
                # Elsewhere each leaves what it had done of the revision, and ours says so.
                if kind == "postgresql":
                    compare_states(verdict, f"where both stopped at {do}", urls)
            break
        compare_states(verdict, f"after {do}", urls)
        if number == 0:
            take_over(verdict, ours, urls[0])
    return verdict


def compare_states(verdict: Verdict, when: str, urls: tuple[str, str]) -> None:
    """Note how schema and rows differ; Alembic's version table is among the rows."""
    verdict.compare(f"schema {when}", *map(native_schema.schema, urls))
    verdict.compare(f"rows {when}", *(sorted(map(masked, native_schema.rows(url))) for url in urls))


def masked(line: str) -> str:
    """A line without what chance gave it."""
    return RANDOM.sub("<random>", line)


def versions(url: str) -> list[str]:
    """What Alembic's version table holds."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return sorted(connection.scalars(sa.text("SELECT version_num FROM alembic_version")))


def judged(verdict: Verdict, what: str, theirs: dict[str, Any], ours: dict[str, Any]) -> bool:
    """Note who failed; whether it is worth comparing what came of it."""
    for name, answer in (("Alembic", theirs), ("ours", ours)):
        if "error" in answer:
            verdict.say(f"{what}: {name} failed: {answer['error']}")
    if "error" in ours and "error" not in theirs:
        verdict.differences += 1
    return "error" not in ours and "error" not in theirs


def take_over(verdict: Verdict, ours: Ours, url: str) -> None:
    """A database that Alembic brought to head has nothing left to do, and becomes ours."""
    before = native_schema.rows(url)
    answer = ours("upgrade", "heads", url)
    if answer.get("error") or answer["done"] or not answer["taken_over"]:
        verdict.differences += 1
        verdict.say(f"taking over: DIFFERENT {answer}")
        return
    verdict.say(f"taking over: {answer['taken_over']} revisions in {answer['seconds']:.2f} s")
    verdict.compare("rows after taking over", before, native_schema.rows(url))


def make_version_table(url: str) -> None:
    """An empty table of Alembic's, so that it is kept in step from the start."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(VERSIONS.format(KEY))


@contextmanager
def peer(python: Path, locations: list[str], path: list[str]) -> Iterator[Peer]:
    """A process that runs real Alembic for as long as the block lasts."""
    command = [str(python), str(ROOT / "tests" / "alembic_peer.py")]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield Peer(process, locations, path)
        finally:
            process.kill()


def prepared(folder: Path) -> Path:
    """The Python of Alembic's environment, which is made if it is not there."""
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *NEEDED], check=True)
    return python


@contextmanager
def two_databases(kind: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The URLs of two empty databases of this kind."""
    if kind == "sqlite":
        names = [folder / f"{name}.db" for name in ("theirs", "ours")]
        for name in names:
            name.unlink(missing_ok=True)
        yield f"sqlite:///{names[0]}", f"sqlite:///{names[1]}"
        return
    server = servers.find(kind, folder)
    if server.url is None:
        raise SystemExit(server.reason)
    with temporary.database(server.url) as theirs, temporary.database(server.url) as ours:
        yield theirs, ours


def locations(folder: Path) -> list[str]:
    """The folder itself, or the one in it that is called versions."""
    inside = folder / "versions"
    return [str(inside if inside.is_dir() else folder)]


def main() -> None:
    """Compare every folder on every database, and exit with 1 if anything differs."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--database", choices=servers.KINDS, action="append", default=[])
    parser.add_argument("--peer", type=Path, default=ROOT / ".venv-alembic")
    parser.add_argument("--path", action="append", default=[], help="a folder to import from")
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    sys.path[:0] = given.path
    python = prepared(given.peer)
    differences = 0
    with tempfile.TemporaryDirectory() as temporary_folder:
        for folder in given.folders:
            found = locations(folder.resolve())
            print(folder, flush=True)
            for kind in given.database or servers.KINDS:
                with (
                    two_databases(kind, Path(temporary_folder)) as urls,
                    peer(python, found, given.path) as theirs,
                ):
                    verdict = compared(kind, theirs, Ours(found), urls)
                differences += verdict.differences
                print(f" {kind}", *verdict.lines, sep="\n", flush=True)
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
