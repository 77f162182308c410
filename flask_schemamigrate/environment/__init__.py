"""What a command works with: the revisions' folder, the binds, and what the app configured."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from ..config import Config
from ..errors import ModelsWithoutDatabase, UnknownBind
from ..hooks import Hooks, Seed
from . import connecting, folders, models, sources
from .binds import DEFAULT, Bind, binds, is_nameless
from .folders import project_root
from .sources import Engines, Metadatas, Sources

if TYPE_CHECKING:
    from ..dialects.base import Dialect
    from ..revisions import Graph
    from ..revisions.module import Transform

__all__ = ["Bind", "Environment", "Sources", "project_root"]

Y = TypeVar("Y")
S = TypeVar("S")
R = TypeVar("R")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Environment:
    """One app's migrations, for as long as one command runs.

    ``root`` is what relative paths are under, ``x`` the free arguments of ``-x`` and
    ``tag`` that of ``--tag``. ``transform`` changes the source of revisions in memory, before it
    runs; ``None`` leaves to ``revisions.module`` what that is.
    """

    config: Config
    sources: Sources
    root: Path
    hooks: Hooks = field(default_factory=Hooks)
    seeds: Mapping[str, Seed] = field(default_factory=dict)
    x: tuple[str, ...] = ()
    tag: str | None = None
    app: Any = None
    transform: Transform | None = None

    @classmethod
    def without_app(
        cls,
        directory: str | os.PathLike[str],
        *,
        engines: Engines,
        metadatas: Metadatas | None = None,
        config: Config | None = None,
        hooks: Hooks | None = None,
    ) -> Environment:
        """An environment for a script or a test; a relative directory is under the current one."""
        given = {} if config is None else vars(config)
        return cls(
            Config(**{**given, "directory": os.fspath(directory)}),
            Sources(engines=engines, metadatas=metadatas),
            Path.cwd(),
            hooks or Hooks(),
        )

    @cached_property
    def directory(self) -> Path:
        """The folder of the revisions, whether or not it exists yet."""
        return folders.directory(self.config.directory, self.root)

    @cached_property
    def locations(self) -> tuple[Path, ...]:
        """The project's own folders of revision files; the first one takes new files."""
        return folders.locations(self.config.version_locations, self.directory, self.root)

    @cached_property
    def plugins(self) -> dict[str, Path]:
        """The folders of revision files that installed packages bring, by the entry point's name.

        Raises :exc:`BadPlugin`.
        """
        return folders.plugins(self.config.plugins)

    @property
    def include_schemas(self) -> bool | tuple[str, ...]:
        """Which schemas besides the default one are compared; what code says goes first."""
        if self.hooks.include_schemas is not None:
            return self.hooks.include_schemas
        return self.config.include_schemas

    def graph(self) -> Graph:
        """The revisions as they are in the files now."""
        from .. import revisions
        from ..revisions.cache import WORTHWHILE, Cache

        cache = Cache(self.directory / ".cache" / "headers.json", least=WORTHWHILE)
        return revisions.load(
            self.locations,
            brought=tuple(self.plugins.values()),
            recursive=self.config.recursive,
            cache=cache if self.config.cache else None,
            transform=self.transform,
        )

    def ids(self) -> frozenset[str]:
        """The ids that files have now, though some may be missing that make them a graph."""
        from ..revisions import folder

        own, foreign = folder.read(
            self.locations,
            brought=tuple(self.plugins.values()),
            recursive=self.config.recursive,
            transform=self.transform,
        )
        return frozenset(revision.id for revision in (*own, *foreign))

    @cached_property
    def _engines(self) -> dict[str | None, sa.Engine]:
        return sources.engines(self.sources)

    @property
    def binds(self) -> dict[str | None, Bind]:
        """Every database of the app by its name, the default one first under ``None``.

        The metadata of a bind is complete once :meth:`load_models` was called.
        """
        return binds(self._engines, sources.metadatas(self.sources, self._engines))

    def bind(self, name: str | None = None) -> Bind:
        """The bind of that name; raises :exc:`UnknownBind`, which names the known ones."""
        found = self.binds
        if name == DEFAULT and name not in found:
            name = None
        if name not in found:
            raise UnknownBind(name or DEFAULT, [bind.label for bind in found.values()])
        return found[name]

    @property
    def is_async(self) -> bool:
        """Whether any bind needs an event loop."""
        return any(engine.dialect.is_async for engine in self._engines.values())

    @contextmanager
    def connect(self, bind: Bind) -> Iterator[sa.Connection]:
        """A connection to a bind's database; with an asynchronous driver inside :meth:`drive`.

        Raises :exc:`CannotConnect` or one of its kin. Nothing is committed at the end.
        """
        with connecting.connection(bind) as connection:
            if not connecting.commits_each(connection):
                yield connection
                return
            with self.dialect(bind).uncommitted(connection):
                yield connection

    def roll_back_session(self) -> None:
        """End the transaction that the app's start left open in its session, to read in it.

        Its locks would have a command wait for its own process. The objects read stay usable.
        """
        # Flask-SQLAlchemy-Lite would make a session only to be asked for it.
        session = getattr(self.sources.db, "__dict__", {}).get("session")
        registry = getattr(session, "registry", None)
        if session is None or registry is None or not registry.has():
            return
        if not (session.new or session.dirty or session.deleted):
            session.rollback()

    def disconnect(self) -> None:
        """Close the connections that pools keep, so that no server takes them for broken off.

        One that holds a database in memory stays, and so do those of other event loops.
        """
        # Who never connected has no engines yet.
        for engine in vars(self).get("_engines", {}).values():
            if not engine.dialect.is_async and not is_nameless(engine.url):
                engine.dispose()

    def dialect(self, bind: Bind) -> Dialect:
        """What speaks the SQL of a bind's database."""
        from .. import dialects

        return dialects.for_engine(bind.engine)

    def drive(self, generator: Generator[Y, S, R]) -> Generator[Y, S, R]:
        """A generator that connects, with an event loop under it if any bind needs one."""
        if not self.is_async:
            return generator
        from . import asynchronous

        return asynchronous.drive(generator, needed=True)

    def run(self, function: Callable[[], R]) -> R:
        """What a function returns that connects, with an event loop under it if one is needed."""
        if not self.is_async:
            return function()
        from . import asynchronous

        return asynchronous.run(function, needed=True)

    def load_models(self) -> tuple[str, ...]:
        """Import, once, the modules named to hold models; returns what they are.

        Raises :exc:`ModelsNotImportable`, and :exc:`ModelsWithoutDatabase` if none of those that
        were given has one.
        """
        return self._models

    @cached_property
    def _models(self) -> tuple[str, ...]:
        imported = models.imported(self.sources.models)
        tables_by_bind = {
            name: tables
            for name, metadatas in sources.metadatas(self.sources, self._engines).items()
            if (tables := [table for metadata in metadatas for table in metadata.tables])
        }
        # Flask-SQLAlchemy itself knows the models of all apps.
        is_given = self.sources.metadatas is not None
        for name, tables in tables_by_bind.items():
            if is_given and tables_by_bind.keys().isdisjoint(self._engines):
                raise ModelsWithoutDatabase(name or DEFAULT, tables)
            if name not in self._engines:
                logger.warning(
                    "%s: left out, because the bind %r has no database in this app",
                    ", ".join(tables),
                    name or DEFAULT,
                )
        return imported
