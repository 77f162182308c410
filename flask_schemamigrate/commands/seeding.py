"""Putting rows into the database by the functions that the app registered as seeds."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from ..environment import Environment
from ..errors.runs import SeedFailed, UnknownSeed
from ..hooks import Seed
from ..revisions import checksum
from ..revisions.module import refuse_unawaited
from ..runner.history import now, provenance
from ..runner.log import SEED, Logged
from .databases import Database, databases


@dataclass(frozen=True)
class Seeded:
    """A seed that was run, in how many seconds."""

    name: str
    seconds: float


def seed(
    environment: Environment, *names: str, force: bool = False, lock_wait: float | None = None
) -> Generator[Seeded, None, None]:
    """Run the seeds of these names, or all, under the lock of the default database.

    One that ran before is left out unless its source has changed, it is registered with ``always``
    or ``force`` is given. A seed with a parameter gets a connection, and its rows and the record of
    it are one transaction. One without works with the app's own session, which is committed.
    Raises `UnknownSeed` and `SeedFailed`.
    """
    seeds = environment.seeds
    for name in names:
        if name not in seeds:
            raise UnknownSeed(name, list(seeds))
    wanted = [each for each in seeds.values() if not names or each.name in names]
    if not wanted:
        return
    database = databases(environment)[0]
    yield from environment.drive(_seeded(database, wanted, force, lock_wait))


def _seeded(
    database: Database, seeds: Iterable[Seed], force: bool, lock_wait: float | None
) -> Generator[Seeded, None, None]:
    with database.connect() as connection:
        if not force and not _todo(database, connection, seeds):
            return
        with database.locked(connection, lock_wait) as lock:
            todo = list(seeds) if force else _todo(database, connection, seeds)
            with database.dialect.transaction(connection):
                database.history.create(connection)
            for each in todo:
                lock.check()
                started = now()
                _run(database, connection, each)
                yield Seeded(each.name, (now() - started).total_seconds())


def _todo(database: Database, connection: sa.Connection, seeds: Iterable[Seed]) -> list[Seed]:
    """The seeds that did not run yet as they are now."""
    ran = database.history.log.latest(connection, SEED)
    connection.rollback()
    return [each for each in seeds if each.always or ran.get(each.name) != content(each)]


def _run(database: Database, connection: sa.Connection, each: Seed) -> None:
    started = now()
    try:
        if _takes_connection(each):
            with database.dialect.transaction(connection):
                refuse_unawaited(each.function(connection))
                _record(database, connection, each, started)
            return
        refuse_unawaited(each.function())
        _commit_session(database.environment)
    except Exception as error:
        _roll_session_back(database.environment)
        raise SeedFailed(each.name, each.place, error) from error
    with database.dialect.transaction(connection):
        _record(database, connection, each, started)


def _record(database: Database, connection: sa.Connection, each: Seed, started: Any) -> None:
    seconds = (now() - started).total_seconds()
    row = Logged(SEED, each.name, each.place, content(each), now(), seconds, **provenance())
    database.history.log.add(connection, row)


def content(each: Seed) -> str:
    """A hash of what a seed does; comments and formatting do not count."""
    function = each.function.func if isinstance(each.function, partial) else each.function
    if not inspect.isroutine(function):
        function = type(function).__call__
    try:
        source = textwrap.dedent(inspect.getsource(function))
        # The same with every release of Python, which ast.dump() is not.
        return checksum.of_tree(ast.parse(source))
    except (OSError, TypeError, SyntaxError):
        code = getattr(function, "__code__", None)
        text = repr((code.co_code, code.co_consts, code.co_names)) if code else each.place
    return sha256(text.encode()).hexdigest()


def _takes_connection(each: Seed) -> bool:
    return bool(inspect.signature(each.function).parameters)


def _session(environment: Environment) -> Any:
    return getattr(environment.sources.db, "session", None)


def _commit_session(environment: Environment) -> None:
    if (session := _session(environment)) is not None:
        session.commit()


def _roll_session_back(environment: Environment) -> None:
    if (session := _session(environment)) is not None:
        session.rollback()
