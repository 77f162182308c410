"""What the history has kept of the files of applied revisions: writing them again, or comparing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from difflib import unified_diff
from operator import itemgetter
from pathlib import Path

from ..environment import Environment
from ..errors import FileExists, SchemaMigrateError, SourceNotKept
from ..revisions import disk
from ..revisions.decoding import decoded, restored
from ..runner.history import Applied
from .databases import databases, standings
from .looking import named


@dataclass(frozen=True)
class Restored:
    """A revision whose file was written again; ``text`` says when it was applied, and by whom."""

    revision: str
    message: str
    path: Path
    text: str


def restore(environment: Environment, *, binds: Sequence[str] = ()) -> list[Restored]:
    """Write the files of all applied revisions that no file has, as they were when they ran.

    All or none are written. Raises `SourceNotKept`, `FileExists` and `CannotWrite`.
    """
    rows, kept = environment.run(lambda: _kept(environment, binds))
    if lost := [(id, row.describe()) for id, row in rows.items() if id not in kept]:
        raise SourceNotKept(lost)
    folder = environment.locations[0]
    files = {id: folder / _name(row) for id, row in rows.items()}
    _put(environment, {file: kept[id] for id, file in files.items()})
    return [
        Restored(id, rows[id].message, file, rows[id].describe_run())
        for id, file in sorted(files.items(), key=itemgetter(1))
    ]


@dataclass(frozen=True)
class Edit:
    """How the file of an applied revision differs from what it was, as a unified diff."""

    bind: str | None
    revision: str
    diff: str


def edits(
    environment: Environment, revision: str = "head", *, binds: Sequence[str] = ()
) -> list[Edit]:
    """How the files of these revisions were edited since they were applied.

    Raises `SourceNotKept`.
    """
    graph = environment.graph()
    ids = named(environment, graph, revision, binds=binds)

    def read() -> Iterator[Edit]:
        for database in databases(environment, binds):
            with database.connect() as connection:
                rows = database.history.rows(connection)
                touched = [id for id in ids if id in rows and rows[id].digest != graph[id].digest]
                sources = database.history.sources(connection, touched)
            for id in touched:
                was = restored(sources.get(id, ""), rows[id].digest)
                if was is None:
                    raise SourceNotKept([(id, rows[id].describe())], are_gone=False)
                yield Edit(database.bind.name, id, _difference(was, graph[id].path, rows[id]))

    return environment.run(lambda: list(read()))


def _difference(was: bytes, path: Path, row: Applied) -> str:
    """What a file says that it did not, and the other way around."""
    before, after = (decoded(data).splitlines() for data in (was, path.read_bytes()))
    return "\n".join(unified_diff(before, after, row.describe_run(), str(path), lineterm=""))


@contextmanager
def lent(environment: Environment, *, binds: Sequence[str] = ()) -> Iterator[tuple[str, ...]]:
    """A block with the files of the revisions that no file has, which gets their ids.

    They go at its end, unless one of these revisions has stopped midway: its file is still needed.
    Raises `RevisionError` where other files follow them, for then they belong there.
    """
    environment.graph()
    written = restore(environment, binds=binds)
    ids = {each.revision for each in written}
    try:
        yield tuple(ids)
    finally:
        # They stay where the database cannot be asked any more.
        with suppress(SchemaMigrateError):
            found = standings(environment, environment.graph(), binds)
            stopped = {row.revision for where in found for row in where.unfinished}
            if stopped.isdisjoint(ids):
                _taken_away(each.path for each in written)


def _kept(
    environment: Environment, binds: Sequence[str]
) -> tuple[dict[str, Applied], dict[str, bytes]]:
    """The rows of what no file has, and by revision what the files held, where it was kept."""
    rows: dict[str, Applied] = {}
    kept: dict[str, bytes] = {}
    there = environment.ids()
    for database in databases(environment, binds):
        history = database.history
        with database.connect() as connection:
            gone = {id: row for id, row in history.rows(connection).items() if id not in there}
            sources = history.sources(connection, gone)
        rows |= gone
        for id, source in sources.items():
            if data := restored(source, gone[id].digest):
                kept[id] = data
    return rows, kept


def _name(row: Applied) -> str:
    """The name that the file had; what a history says is not to lead out of the folder."""
    return Path(row.file).name or f"{row.revision}.py"


def _put(environment: Environment, sources: Mapping[Path, bytes]) -> None:
    """Write these files, or none; they are read back, since another file may say otherwise."""
    written: list[Path] = []
    try:
        for path, source in sources.items():
            disk.create(path, source)
            written.append(path)
        environment.graph()
    except FileExists as error:
        _taken_away(written)
        raise FileExists(error.path, is_new=False) from None
    except BaseException:
        _taken_away(written)
        raise


def _taken_away(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
