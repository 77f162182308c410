"""The extension: what an app is given, kept until a command runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, Unpack

from .cli import Commands
from .config import PREFIX, Config
from .hooks import CONFIGURED, NEEDLESS, Hooks, Options, Seed

if TYPE_CHECKING:
    from flask import Flask

    from .environment import Environment
    from .environment.sources import Engines, Metadatas

# Errors and the environment are imported where they are needed: a web worker needs neither.

F = TypeVar("F", bound=Callable[..., Any])

NAME = "schemamigrate"


@dataclass(frozen=True)
class State:
    """What one app has configured; kept in ``app.extensions["schemamigrate"]``."""

    owner: SchemaMigrate
    config: Config
    command: str
    given: Given
    hooks: Hooks
    seeds: Mapping[str, Seed]

    def environment(
        self, *, directory: str | os.PathLike[str] | None = None, x: Sequence[str] = ()
    ) -> Environment:
        """What a command works with, for the current app; ``directory`` goes before the config."""
        from flask import current_app

        from .environment import Environment, Sources, project_root

        config = self.config
        if directory is not None:
            config = replace(config, directory=os.fspath(directory))
        given = self.given
        sources = Sources(
            # Both Flask-SQLAlchemy and Flask-SQLAlchemy-Lite leave themselves there.
            db=given.db if given.db is not None else current_app.extensions.get("sqlalchemy"),
            metadatas=given.metadatas,
            engines=given.engines,
            models=given.models,
            package=current_app.import_name,
        )
        root = project_root(current_app.import_name, current_app.root_path)
        app: Any = current_app
        return Environment(
            config,
            sources,
            root,
            self.hooks,
            self.seeds,
            tuple(x),
            app=app._get_current_object(),
        )


@dataclass(frozen=True)
class Given:
    """The models and databases an app was given; anything not given is ``None``."""

    db: Any = None
    models: tuple[str, ...] = ()
    metadatas: Metadatas | None = None
    engines: Engines | Callable[[], Engines] | None = None


class SchemaMigrate:
    """Gives an app database migrations, under ``flask db``.

    :param db: a Flask-SQLAlchemy or Flask-SQLAlchemy-Lite; without one, that of the app is used.
    :param directory: the folder of the revisions; ``SCHEMAMIGRATE_DIRECTORY`` goes before it.
    :param command: the name of the command group.
    :param models: modules, and packages with all in them, to import before models are compared.
    :param metadatas: where models are, for plain SQLAlchemy: a ``MetaData`` or a declarative base,
        several of them, or a dict of these by bind.
    :param engines: the databases, for plain SQLAlchemy: an engine or a URL, a dict of these by
        bind, or a function that returns one of these when a command runs.
    :param options: ``include_object``, ``include_name``, ``include_schemas``, ``compare_type``,
        ``compare_server_default``, ``process_revision_directives``, ``render_item``, which are
        called as Alembic calls them. What Flask-Migrate took besides these, such as
        ``render_as_batch``, is answered by a warning that says what has become of it.

    One instance serves any number of apps; what :meth:`init_app` is given goes before what the
    constructor was given.
    """

    def __init__(
        self,
        app: Flask | None = None,
        db: Any = None,
        directory: str | os.PathLike[str] = "migrations",
        command: str = "db",
        *,
        models: str | Sequence[str] | None = None,
        metadatas: Metadatas | None = None,
        engines: Engines | Callable[[], Engines] | None = None,
        **options: Unpack[Options],
    ) -> None:
        self._directory = os.fspath(directory)
        self._command = command
        self._given = Given(db, _names(models), metadatas, engines)
        hooks, self._configured = _sorted_out(options)
        self._hooks = Hooks(**hooks)
        self._seeds: dict[str, Seed] = {}
        if app is not None:
            self.init_app(app)

    def init_app(
        self,
        app: Flask,
        db: Any = None,
        directory: str | os.PathLike[str] | None = None,
        command: str | None = None,
        *,
        models: str | Sequence[str] | None = None,
        metadatas: Metadatas | None = None,
        engines: Engines | Callable[[], Engines] | None = None,
        **options: Unpack[Options],
    ) -> None:
        """Read the app's config and add the commands to it; no database is looked for yet.

        A second time, on the same app, replaces what the first was given. Raises
        :exc:`AppExpected`, :exc:`UnknownConfigKey`, :exc:`BadConfigValue`, :exc:`CommandClash` and,
        where another instance has the app, :exc:`AlreadyInitialised`.
        """
        if not hasattr(app, "extensions"):
            from .errors import AppExpected

            raise AppExpected(app)
        before: State | None = app.extensions.get(NAME)
        if before is not None and before.owner is not self:
            from .errors import AlreadyInitialised

            raise AlreadyInitialised(app.name)
        given = self._given
        hooks, configured = _sorted_out(options)
        in_code = {"directory": os.fspath(directory or self._directory), **self._configured}
        state = State(
            owner=self,
            config=Config.read(app.config, **{**in_code, **configured}),
            command=command or self._command,
            given=Given(
                db if db is not None else given.db,
                _names(models) or given.models,
                metadatas if metadatas is not None else given.metadatas,
                engines if engines is not None else given.engines,
            ),
            hooks=replace(self._hooks, **hooks),
            # A view: seeds may be registered after the app is made.
            seeds=MappingProxyType(self._seeds),
        )
        if before is None or before.command != state.command:
            Commands(state.command).join(app)
        app.extensions[NAME] = state

    def configure(self, function: Callable[..., Any]) -> NoReturn:
        """What Flask-Migrate changes Alembic's config with; raises :exc:`NoAlembicConfig`."""
        from .errors import NoAlembicConfig

        raise NoAlembicConfig(function.__qualname__)

    def seed(self, name: str, *, always: bool = False) -> Callable[[F], F]:
        """Register a function that puts rows into the database, for ``flask db seed``.

        It runs once, and again when its source has changed; with ``always``, every time.
        """
        if not isinstance(name, str):
            # A decorator without its parentheses would take the function away, and say nothing.
            from .errors import SeedNameExpected

            raise SeedNameExpected(getattr(name, "__name__", "function"))

        def register(function: F) -> F:
            seed = Seed(name, function, always)
            known = self._seeds.get(name)
            # A module that is imported anew may register its seeds anew.
            if known is not None and known.place != seed.place:
                from .errors import SeedNameTaken

                raise SeedNameTaken(name, known.place, seed.place)
            self._seeds[name] = seed
            return function

        return register


def environment(
    *, directory: str | os.PathLike[str] | None = None, x: Sequence[str] = ()
) -> Environment:
    """What a command works with, for the current app.

    Raises :exc:`NotInitialised` if the app has no ``SchemaMigrate``.
    """
    from flask import current_app

    state: State | None = current_app.extensions.get(NAME)
    if state is None:
        from .errors import NotInitialised

        raise NotInitialised(current_app.name)
    return state.environment(directory=directory, x=x)


def _names(models: str | Sequence[str] | None) -> tuple[str, ...]:
    if models is None:
        return ()
    return (models,) if isinstance(models, str) else tuple(models)


def _sorted_out(options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The hooks, and the keys of the config, among the further keywords of ``SchemaMigrate``.

    What has no meaning any more is said in a warning, at the line where it is given.
    """
    known = [item.name for item in fields(Hooks)]
    hooks, configured = {}, {}
    for name, value in options.items():
        if name in known:
            hooks[name] = value
        elif name in CONFIGURED:
            if value is not None:
                configured[CONFIGURED[name]] = value
                _warn(f"{name}=... is taken for {PREFIX}{CONFIGURED[name].upper()} in the config")
        elif name in NEEDLESS:
            _warn(f"{name}=... can go: {NEEDLESS[name]}")
        else:
            from difflib import get_close_matches

            from .errors import UnknownOption

            known = ["models", "metadatas", "engines", *known]
            near = get_close_matches(name, known, n=1)
            raise UnknownOption(name, near=near[0] if near else None, known=known)
    return hooks, configured


def _warn(text: str) -> None:
    import warnings

    # Whoever calls the constructor or init_app().
    warnings.warn(f"SchemaMigrate: {text}.", stacklevel=4)
