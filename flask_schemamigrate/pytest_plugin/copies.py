"""The scratch databases that an app uses for the time of a test, empty or migrated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import ArgumentError

from ..commands.databases import Database, databases
from ..commands.running import upgrade
from ..environment import Environment
from ..environment.binds import DEFAULT
from ..errors import NotInitialised
from ..errors.testing import EngineStays, WrongTestUrl
from .redirecting import redirected
from .scratch import Scratch, beside
from .scratch.names import new_name

Urls = Mapping[str | None, sa.URL]
Make = Callable[[Database, Scratch], sa.URL]


@dataclass(frozen=True)
class Stage:
    """An app whose engines lead to scratch databases for now."""

    app: Flask
    environment: Environment
    urls: Urls

    def database(self, bind: str | None = None) -> Database:
        """The database of a bind; raises `UnknownBind`."""
        name = self.environment.bind(bind).name
        return next(each for each in databases(self.environment) if name in each.names)

    @property
    def databases(self) -> list[Database]:
        """Every database once, however many binds lead to it."""
        return databases(self.environment)


@dataclass(frozen=True)
class MigratedDatabase:
    """What the fixture of this name gives: where the app's copies are."""

    _stage: Stage

    @property
    def app(self) -> Flask:
        """The app that uses them."""
        return self._stage.app

    @property
    def urls(self) -> dict[str, str]:
        """The URL of each bind's copy; the default bind is ``default``."""
        return {
            name or DEFAULT: url.render_as_string(hide_password=False)
            for name, url in self._stage.urls.items()
        }

    @property
    def url(self) -> str:
        """The URL of the copy that the default bind leads to, or the only one there is."""
        return self.urls.get(DEFAULT) or next(iter(self.urls.values()))

    def engine(self, bind: str | None = None) -> sa.Engine:
        """The app's own engine, which leads to the copy."""
        with self.app.app_context():
            return self._stage.environment.bind(bind).engine


@dataclass
class Copies:
    """The scratch databases of a test session, and those that were migrated to be copied."""

    folder: Path
    wanted: dict[str, sa.URL]
    _templates: dict[object, Urls] = field(default_factory=dict)
    _makers: dict[object, Scratch] = field(default_factory=dict)
    _closing: ExitStack = field(default_factory=ExitStack)

    @classmethod
    @contextmanager
    def opened(cls, folder: Path, given: Sequence[str]) -> Iterator[Copies]:
        """The copies of a session; ``given`` are the values of ``--schemamigrate-url``."""
        copies = cls(folder, dict(map(_wanted, given)))
        with copies._closing:
            yield copies

    @contextmanager
    def empty(self, app: Flask) -> Iterator[Stage]:
        """The app with empty databases."""
        with ExitStack() as closing:
            with app.app_context():
                environment = held(environment_of(app))
                urls = self._made(environment, _created, closing)
                _lead(environment, urls, closing)
            yield Stage(app, environment, urls)

    @contextmanager
    def migrated(self, app: Flask) -> Iterator[Stage]:
        """The app with copies of databases at the heads."""
        with ExitStack() as closing:
            with app.app_context():
                environment = held(environment_of(app))
                _refuse_fleeting(environment, environment_of(app))
                templates = self._template(environment)

                def copied(database: Database, scratch: Scratch) -> sa.URL:
                    return scratch.copy(templates[database.bind.name], new_name())

                urls = self._made(environment, copied, closing)
                _lead(environment, urls, closing)
            yield Stage(app, environment, urls)

    def _template(self, environment: Environment) -> Urls:
        """The databases at the heads, migrated the first time they are asked for."""
        places = tuple((name, bind.engine.url) for name, bind in environment.binds.items())
        key = (environment.directory, places)
        if key not in self._templates:
            urls = self._made(environment, _created, self._closing)
            with ExitStack() as leading:
                _lead(environment, urls, leading)
                for _ in upgrade(environment, "heads"):
                    pass
            self._templates[key] = urls
        return self._templates[key]

    def _made(self, environment: Environment, make: Make, closing: ExitStack) -> Urls:
        """A scratch database for each of the environment's, dropped at the closing."""
        urls: dict[str | None, sa.URL] = {}
        for database in databases(environment):
            scratch = self._beside(database)
            url = make(database, scratch)
            closing.callback(scratch.drop, url)
            urls.update(dict.fromkeys(database.names, url))
        return urls

    def _beside(self, database: Database) -> Scratch:
        url = self.wanted.get(database.label, database.bind.engine.url)
        if url not in self._makers:
            self._makers[url] = beside(url, database.bind, self.folder)
        return self._makers[url]


def environment_of(app: Flask) -> Environment:
    """What commands work with in this app. Raises `NotInitialised`."""
    state: Any = app.extensions.get("schemamigrate")
    if state is None:
        raise NotInitialised(app.name)
    environment: Environment = state.environment()
    return environment


def held(environment: Environment) -> Environment:
    """The same with the engines it has now, which may otherwise be made anew for each command."""
    engines = {name: bind.engine for name, bind in environment.binds.items()}
    return replace(environment, sources=replace(environment.sources, engines=engines))


def _created(database: Database, scratch: Scratch) -> sa.URL:
    return scratch.create(new_name())


def _lead(environment: Environment, urls: Urls, closing: ExitStack) -> None:
    """Let the engine of each bind lead to its URL until the closing, and see that it does."""
    engines = {id(bind.engine): bind for bind in environment.binds.values()}
    for bind in engines.values():
        state = closing.enter_context(redirected(bind.engine, urls[bind.name]))
        environment.run(lambda bind=bind: _opened(environment, bind))  # type: ignore[misc]
        # Better no test than one on a database that somebody needs.
        if not state.was_asked:
            raise EngineStays(bind.label)


def _opened(environment: Environment, bind: Any) -> None:
    with environment.connect(bind) as connection:
        # MySQL's default schema is the database, and the dialect may have learnt it elsewhere.
        connection.dialect.initialize(connection)


def _refuse_fleeting(one: Environment, other: Environment) -> None:
    """Raise `EngineStays` if the engines of a command are not those that the app works with."""
    for name, bind in one.binds.items():
        if other.bind(name).engine is not bind.engine:
            raise EngineStays(bind.label)


def _wanted(given: str) -> tuple[str, sa.URL]:
    """The bind and the URL of ``--schemamigrate-url``."""
    bind, equals, url = given.partition("=")
    if not equals or "://" in bind:
        bind, url = DEFAULT, given
    try:
        return bind, sa.make_url(url)
    except ArgumentError as error:
        raise WrongTestUrl(given, "it is not a database URL.") from error
