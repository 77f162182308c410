"""What commands cost over the app's bare start with many revisions, beside Flask-Migrate's.

python tests/benchmarks/graph_commands.py [REVISIONS...]

Every command is a fresh ``flask`` process on a SQLite database that is at head, so ``upgrade`` has
nothing to do. A figure is the processor time of the quickest of several runs, less that of the
quickest bare start: these processes wait for nothing, and on a busy machine the clock on the wall
measures the neighbours. Byte code lies ready, as it does after an installation.
"""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.reading import fill

ROOT = Path(__file__).resolve().parents[2]
RUNS = 7
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


def seconds(folder: Path, environ: dict[str, str], *typed: str) -> float:
    """The processor time that one process takes; it has to end well."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "shop", *typed],
        cwd=folder,
        env={**os.environ, **environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"flask {' '.join(typed)} failed:\n{done.stderr or done.stdout}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def added(folder: Path, environ: dict[str, str]) -> dict[str, float]:
    """The milliseconds of each command over the bare start."""
    typed = {"bare": ("bare",), **{command: ("db", command) for command in COMMANDS}}
    best = dict.fromkeys(typed, float("inf"))
    for run in range(RUNS + 1):
        for name, words in typed.items():
            taken = seconds(folder, {} if name == "bare" else environ, *words)
            # The first run writes byte code and the cache, and does not count.
            if run:
                best[name] = min(best[name], taken)
    return {command: (best[command] - best["bare"]) * 1000 for command in COMMANDS}


def ours(folder: Path, count: int) -> None:
    """Revisions, and a database that is at their head."""
    (folder / "migrations" / "versions").mkdir(parents=True)
    (folder / "shop.py").write_text(APP)
    fill(folder / "migrations" / "versions", count)
    seconds(folder, {"EXTENSION": "ours"}, "db", "stamp", "head")


def theirs(folder: Path) -> None:
    """The same files for the peer, and its row in the same database."""
    versions = folder / "migrations" / "versions"
    heads = sorted(versions.glob("*.py"), key=lambda path: path.stem[8:12])[-1]
    aside = versions.rename(folder / "versions")
    (folder / "migrations" / "head").unlink(missing_ok=True)
    for path in sorted((folder / "migrations").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (folder / "migrations").rmdir()
    seconds(folder, {"EXTENSION": "theirs"}, "db", "init")
    for path in aside.iterdir():
        path.rename(versions / path.name)
    with sqlite3.connect(folder / "shop.db") as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", [heads.stem.split("_")[0]])


def measure(folder: Path, count: int) -> None:
    """Print the figures for so many revisions."""
    ours(folder, count)
    # A change time cannot be set back, so wait until the files are old enough to be remembered.
    time.sleep(3.5)
    figures = {
        "without the cache": added(folder, {"EXTENSION": "ours"}),
        "with the cache": added(folder, {"EXTENSION": "ours", "CACHE": "1"}),
    }
    if find_spec("flask_migrate") is not None:
        theirs(folder)
        figures["Flask-Migrate"] = added(folder, {"EXTENSION": "theirs"})
    print(f"{count} revisions: milliseconds over the app's bare start")
    for name, each in figures.items():
        print(f"  {name:18}" + "".join(f"{key:>9}{each[key]:7.0f}" for key in COMMANDS))
    if "Flask-Migrate" not in figures:
        print("  Flask-Migrate is not installed here, so there is nothing to compare with")


def main() -> None:
    """Measure with each number of revisions."""
    for count in [int(each) for each in sys.argv[1:]] or [1000, 5000]:
        with TemporaryDirectory() as folder:
            measure(Path(folder).resolve(), count)


if __name__ == "__main__":
    main()
