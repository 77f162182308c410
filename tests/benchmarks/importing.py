"""What the extension costs a web worker: import and ``init_app``, beside Flask-Migrate's.

python tests/benchmarks/importing.py [RUNS]

Each run is a fresh interpreter that has already imported Flask and SQLAlchemy and made an app. The
byte code of everything lies ready, as it does after an installation. Garbage is collected before
the clock starts: a full collection of what Flask and SQLAlchemy left takes 30 ms and would fall to
whoever happens to allocate the next object.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

RUN = """
import gc, sys, time
import flask, sqlalchemy
app = flask.Flask("shop")
before = len(sys.modules)
gc.collect()
start = time.perf_counter()
from {module} import {name}
{name}(app, object())
print(time.perf_counter() - start, len(sys.modules) - before)
"""


def measured(module: str, name: str, runs: int, environ: dict[str, str]) -> tuple[float, int]:
    """The median of the milliseconds, and the number of modules that were loaded."""
    figures = []
    # The first run writes the byte code and does not count.
    for _ in range(runs + 1):
        done = subprocess.run(
            [sys.executable, "-c", RUN.format(module=module, name=name)],
            env=environ,
            capture_output=True,
            text=True,
            check=True,
        )
        seconds, modules = done.stdout.split()
        figures.append((float(seconds) * 1000, int(modules)))
    return statistics.median(each for each, _ in figures[1:]), figures[-1][1]


def main(runs: int = 15) -> None:
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": folder}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        ours, modules = measured("flask_schemamigrate", "SchemaMigrate", runs, environ)
        print(f"flask_schemamigrate  {ours:7.1f} ms  {modules:4} modules")
        if find_spec("flask_migrate") is None:
            print("flask_migrate is not installed here, so there is nothing to compare with")
            return
        theirs, modules = measured("flask_migrate", "Migrate", runs, environ)
        print(f"flask_migrate        {theirs:7.1f} ms  {modules:4} modules")
        print(f"{theirs / ours:.1f} times as fast")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
