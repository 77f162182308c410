"""Several processes that upgrade one database at the same moment.

    python crowd.py DATABASE_URL FOLDER COUNT

Prints a line of JSON for each process: what went wrong, or null.
"""

from __future__ import annotations

import json
import os
import sys
import traceback

import sqlalchemy as sa

from flask_schemamigrate.commands.running import upgrade
from flask_schemamigrate.config import Config
from flask_schemamigrate.environment import Environment


def run(url: str, folder: str, start: int) -> None:
    """Wait for the start, then upgrade."""
    os.read(start, 1)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    config = Config(lock=os.environ.get("LOCK", "auto"))
    list(upgrade(Environment.without_app(folder, engines=engine, config=config)))


def main(url: str, folder: str, count: str) -> None:
    """Start all processes, let them go, and say how each ended."""
    waiting, go = os.pipe()
    pipes = []
    for _ in range(int(count)):
        reading, writing = os.pipe()
        if os.fork() == 0:
            os.close(go)
            try:
                run(url, folder, waiting)
                trouble = None
            except BaseException:
                trouble = traceback.format_exc()
            os.write(writing, json.dumps(trouble).encode())
            os._exit(0)
        os.close(writing)
        pipes.append(reading)
    os.write(go, b"x" * int(count))
    for reading in pipes:
        with os.fdopen(reading, "rb") as pipe:
            print(pipe.read().decode())


if __name__ == "__main__":
    main(*sys.argv[1:])
