"""What commands cost over the app's bare start with many revisions, beside Flask-Migrate's.

python tests/benchmarks/graph_commands.py [--peer PYTHON] [REVISIONS...]

Every command is a fresh ``flask`` process on a SQLite database that is at head, so ``upgrade`` has
nothing to do. A figure is the processor time of the quickest of several runs, less that of the
quickest bare start: these processes wait for nothing, and on a busy machine the clock on the wall
measures the neighbours. Byte code lies ready, as it does after an installation.

PYTHON is that of a virtual environment with Flask-Migrate in it. It has to be one of its own, as
where Flask-Migrate is installed, every ``flask`` command imports it, the bare start too.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.reading import fill

ROOT = Path(__file__).resolve().parents[2]
RUNS = 9
COMMANDS = ("heads", "current", "history", "upgrade")
APP = """
import os
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///" + os.path.join(app.root_path, "shop.db")
app.config["SCHEMAMIGRATE_CACHE"] = os.environ.get("CACHE") == "1"
db = SQLAlchemy(app)
if os.environ.get("EXTENSION") == "ours":
    from flask_schemamigrate import SchemaMigrate
    SchemaMigrate(app, db)
if os.environ.get("EXTENSION") == "theirs":
    from flask_migrate import Migrate
    Migrate(app, db)

@app.cli.command()
def bare():
    pass
"""


def seconds(folder: Path, environ: dict[str, str], *typed: str, python: str = "") -> float:
    """The processor time that one process takes; it has to end well."""
    # Byte code of its own, so that it is there and new, wherever this runs.
    own = {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    given = {key: each for key, each in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [python or sys.executable, "-m", "flask", "--app", "shop", *typed],
        cwd=folder,
        env={**given, **own, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"flask {' '.join(typed)} failed:\n{done.stderr or done.stdout}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def taken(folder: Path, environ: dict[str, str], python: str = "") -> dict[str, float]:
    """The milliseconds of each command, and under ``bare`` those of the app without any."""
    best = dict.fromkeys(("bare", *COMMANDS), float("inf"))
    for run in range(RUNS + 1):
        for name in best:
            if name == "bare":
                found = seconds(folder, {}, name)
            else:
                found = seconds(folder, environ, "db", name, python=python)
            # The first run writes byte code and the cache, and does not count.
            if run:
                best[name] = min(best[name], found * 1000)
    return best


def ours(folder: Path, count: int) -> None:
    """Revisions, and a database that is at their head."""
    (folder / "migrations" / "versions").mkdir(parents=True)
    (folder / "shop.py").write_text(APP)
    fill(folder / "migrations" / "versions", count)
    seconds(folder, {"EXTENSION": "ours"}, "db", "stamp", "head")


def theirs(folder: Path, python: str) -> None:
    """The same files for the peer, and its row in the same database."""
    versions = folder / "migrations" / "versions"
    heads = sorted(versions.glob("*.py"), key=lambda path: path.stem[8:12])[-1]
    aside = versions.rename(folder / "versions")
    shutil.rmtree(folder / "migrations")
    seconds(folder, {"EXTENSION": "theirs"}, "db", "init", python=python)
    for path in aside.iterdir():
        path.rename(versions / path.name)
    with sqlite3.connect(folder / "shop.db") as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", [heads.stem.split("_")[0]])


def measure(folder: Path, count: int, peer: str | None) -> None:
    """Print the figures for so many revisions."""
    ours(folder, count)
    # A change time cannot be set back, so wait until the files are old enough to be remembered.
    time.sleep(3.5)
    figures = {
        "without the cache": taken(folder, {"EXTENSION": "ours"}),
        "with the cache": taken(folder, {"EXTENSION": "ours", "CACHE": "1"}),
    }
    if peer is not None:
        theirs(folder, peer)
        figures["Flask-Migrate"] = taken(folder, {"EXTENSION": "theirs"}, peer)
    print(f"{count} revisions: milliseconds over the app's bare start, and times as long as that")
    for name, each in figures.items():
        bare = each["bare"]
        line = "".join(
            f"{key:>10} {each[key] - bare:5.0f} {each[key] / bare:5.2f}" for key in COMMANDS
        )
        print(f"  {name:18} bare {bare:4.0f}{line}")


def main() -> None:
    """Measure with each number of revisions."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--peer", metavar="PYTHON")
    reader.add_argument("revisions", type=int, nargs="*", default=[1000, 5000])
    given = reader.parse_args()
    if given.peer is None:
        print("No --peer is given, so there is nothing to compare with")
    for count in given.revisions:
        with TemporaryDirectory() as folder:
            measure(Path(folder).resolve(), count, given.peer)


if __name__ == "__main__":
    main()
