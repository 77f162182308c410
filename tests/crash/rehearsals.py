"""A process that lets copies of itself be killed in the middle of an upgrade, at every point.

    python rehearsals.py DATABASE_URL FOLDER [INHERITED]

The database begins with the empty tables of the history; or without them, and with what Alembic
left behind when it had made a table named INHERITED in a revision of that name.

It prints a line of JSON for each point: where it was, and whether the database looks as if nothing
had happened once ``upgrade`` was run again.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

import sqlalchemy as sa

from flask_schemamigrate.commands.running import upgrade
from flask_schemamigrate.config import Config
from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.environment import Environment
from flask_schemamigrate.runner.history import History
from flask_schemamigrate.runner.settling import first_word, only_reads

OWN = "schemamigrate_history"
INHERITED = (
    "CREATE TABLE {} (id INTEGER)",
    "CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)",
    "INSERT INTO alembic_version VALUES ('{}')",
)


class Deaths:
    """Counts the points at which the process may die, and dies at one of them."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.count = 0

    def point(self, place: str) -> None:
        """A place to die."""
        self.count += 1
        if self.count == self.at:
            os.write(1, json.dumps({"point": self.count, "place": place}).encode() + b"\n")
            os.kill(os.getpid(), signal.SIGKILL)

    def listen(self, engine: sa.Engine) -> None:
        """Die before or after a statement, or before or after a commit."""

        def before(connection: Any, cursor: Any, sql: str, *_: Any) -> None:
            if not only_reads(sql):
                self.point(f"before {sql}")

        def after(connection: Any, cursor: Any, sql: str, *_: Any) -> None:
            # What is in a transaction is the same after it as before what comes next.
            if first_word(sql) in {"CREATE", "ALTER", "DROP"}:
                self.point(f"after {sql}")

        sa.event.listen(engine, "before_cursor_execute", before)
        sa.event.listen(engine, "after_cursor_execute", after)
        commit = engine.dialect.do_commit

        def committed(connection: Any) -> None:
            self.point("before a commit")
            commit(connection)
            self.point("after a commit")

        engine.dialect.do_commit = committed  # type: ignore[assignment]


def run(url: str, folder: str, at: int = 0) -> int:
    """Upgrade; the number of points there were."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    deaths = Deaths(at)
    deaths.listen(engine)
    config = Config(keep_alembic_version=False)
    list(upgrade(Environment.without_app(folder, engines=engine, config=config)))
    return deaths.count


def seen(url: str) -> str:
    """All that matters of the database, as text."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        schema = for_engine(engine).read(connection)
        tables = {key: table for key, table in schema.tables.items() if not key.startswith(OWN)}
        rows = {
            key: sorted(map(tuple, connection.execute(sa.text(f"SELECT * FROM {key}"))))
            for key in tables
        }
        ask = connection.execute
        history = ask(sa.text(f"SELECT revision, state, origin FROM {OWN} ORDER BY 1")).all()
        journal = ask(sa.text(f"SELECT count(*) FROM {OWN}_journal")).scalar()
    return repr((tables, rows, history, journal))


def clear(url: str, inherited: str | None) -> None:
    """Leave nothing in the database but what it begins with."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        if inherited is None:
            History(OWN).create(connection)
        for name in sa.inspect(connection).get_table_names():
            is_kept = inherited is None and name.startswith(OWN)
            connection.execute(sa.text(f"{'DELETE FROM' if is_kept else 'DROP TABLE'} {name}"))
        for sql in INHERITED if inherited else ():
            connection.execute(sa.text(sql.format(inherited)))


def in_a_copy(act: Callable[[], Any]) -> str | None:
    """Do something in a copy of this process; what went wrong, unless it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            act()
        except BaseException:
            os.write(writing, traceback.format_exc().encode()[-3000:])
            os._exit(1)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        trouble = pipe.read().decode()
    os.waitpid(child, 0)
    return trouble or None


def main(url: str, folder: str, inherited: str | None = None) -> None:
    """Once undisturbed, and then once for each point at which it could be killed."""
    clear(url, inherited)
    points = run(url, folder)
    wanted = seen(url)
    for at in range(1, points + 1):
        clear(url, inherited)
        trouble = in_a_copy(partial(run, url, folder, at)) or in_a_copy(partial(run, url, folder))
        found = seen(url) if trouble is None else trouble
        outcome: dict[str, Any] = {"point": at, "same": found == wanted}
        if found != wanted:
            outcome |= {"found": found, "wanted": wanted}
        os.write(1, json.dumps(outcome).encode() + b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
