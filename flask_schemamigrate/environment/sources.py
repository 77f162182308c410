"""Where engines and metadata come from: Flask-SQLAlchemy, Flask-SQLAlchemy-Lite, or given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from ..errors import (
    DatabaseExpected,
    DatabaseNotInitialised,
    DriverNotInstalled,
    ModelsWithoutDatabase,
    NoDatabase,
    UnusableUrl,
)
from . import models
from .binds import DEFAULT, is_nameless

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

# A MetaData, or anything that has one: a declarative base, a registry, a Flask-SQLAlchemy.
Models: TypeAlias = Any
Metadatas: TypeAlias = Models | Iterable[Models] | Mapping[str | None, Models | Iterable[Models]]
AnyEngine: TypeAlias = "sa.Engine | AsyncEngine | sa.URL | str"
Engines: TypeAlias = "AnyEngine | Mapping[str | None, AnyEngine]"


@dataclass(frozen=True)
class Sources:
    """What an app or a script gave; nothing is asked of it before a command runs."""

    db: Any = None
    metadatas: Metadatas | None = None
    engines: Engines | Callable[[], Engines] | None = None
    models: tuple[str, ...] = ()
    package: str | None = None


def engines(sources: Sources) -> dict[str | None, sa.Engine]:
    """The engine of each bind; one given in code goes before one of the SQLAlchemy extension.

    Raises :exc:`NoDatabase`, :exc:`DatabaseExpected`, :exc:`DatabaseNotInitialised`,
    :exc:`DriverNotInstalled` and :exc:`UnusableUrl`.
    """
    found: dict[str | None, sa.Engine] = {}
    if sources.db is not None:
        found.update(_of_extension(sources.db))
    given: Any = sources.engines
    if callable(given) and _plain(given) is None:
        given = given()
    if given is not None:
        by_name = given if isinstance(given, Mapping) else {None: given}
        for name, engine in by_name.items():
            found[_bind_name(name, by_name)] = _engine(_bind_name(name, by_name), engine)
    if not found:
        raise NoDatabase
    return found


def metadatas(
    sources: Sources, engines: Mapping[str | None, sa.Engine]
) -> dict[str | None, tuple[sa.MetaData, ...]]:
    """The metadata of each bind, as far as the models are imported.

    A name without an engine can be among them: Flask-SQLAlchemy keeps the metadata of every bind
    that a model names, whichever app it is for. One that was given in code for a bind that is not
    there raises :exc:`ModelsWithoutDatabase`.
    """
    found: dict[str | None, list[sa.MetaData]] = {}
    for name, metadata in getattr(sources.db, "metadatas", {}).items():
        found.setdefault(_bind_name(name, engines), []).append(metadata)
    given: Any = sources.metadatas
    if isinstance(given, Mapping):
        for name, each in given.items():
            bind = _bind_name(name, given)
            if bind not in engines:
                tables = [table for metadata in _each(each) for table in metadata.tables]
                raise ModelsWithoutDatabase(bind or DEFAULT, tables)
            found.setdefault(bind, []).extend(_each(each))
        return _frozen(found)
    bound = _session_binds(sources.db, engines)
    if given is not None:
        seen = _each(given)
    elif hasattr(sources.db, "metadatas"):
        seen = []
    else:
        # Nobody says which metadata there is, so the app's own declarative bases do.
        packages = (*sources.models, *([sources.package] if sources.package else []))
        seen = [*bound, *models.metadatas(packages)]
    for metadata in seen:
        found.setdefault(bind_of(metadata, engines, bound), []).append(metadata)
    return _frozen(found)


def bind_of(
    metadata: sa.MetaData,
    engines: Mapping[str | None, sa.Engine],
    bound: Mapping[sa.MetaData, str | None],
) -> str | None:
    """The bind that a metadata is for: what it says, what sessions do, or the only one there is."""
    if "bind_key" in metadata.info:
        return _bind_name(metadata.info["bind_key"], engines)
    if metadata in bound:
        return bound[metadata]
    if None not in engines and len(engines) == 1:
        return next(iter(engines))
    return None


def _frozen(
    found: Mapping[str | None, list[sa.MetaData]],
) -> dict[str | None, tuple[sa.MetaData, ...]]:
    return {name: tuple(dict.fromkeys(each)) for name, each in found.items()}


def _of_extension(db: Any) -> dict[str | None, sa.Engine]:
    """The engines of a SQLAlchemy extension for the current app."""
    try:
        # Flask-SQLAlchemy-Lite keeps those for asyncio apart.
        groups = [getattr(db, "async_engines", {}), db.engines]
    except (RuntimeError, AttributeError) as error:
        if getattr(error, "name", None) == "engines":
            raise DatabaseExpected(db) from None
        raise DatabaseNotInitialised(str(error).splitlines()[0]) from error
    return {
        _bind_name(name, group): _engine(_bind_name(name, group), engine)
        for group in groups
        for name, engine in group.items()
    }


def _session_binds(
    db: Any, engines: Mapping[str | None, sa.Engine]
) -> dict[sa.MetaData, str | None]:
    """The bind of each declarative base for which Flask-SQLAlchemy-Lite's sessions name one."""
    names = {id(engine): name for name, engine in engines.items()}
    found: dict[sa.MetaData, str | None] = {}
    if not hasattr(db, "async_engines"):
        return found
    for maker in ("async_sessionmaker", "sessionmaker"):
        for base, engine in getattr(db, maker).kw.get("binds", {}).items():
            # A single model or table may be bound as well; its metadata holds others too.
            is_base = hasattr(base, "metadata") and not hasattr(base, "__table__")
            engine = getattr(engine, "sync_engine", engine)
            if is_base and not isinstance(base, sa.Table) and id(engine) in names:
                found[base.metadata] = names[id(engine)]
    return found


def _bind_name(name: str | None, names: Iterable[str | None]) -> str | None:
    """The bind of that name; 'default' is the default one unless there is one besides."""
    return None if name == DEFAULT and None not in names else name


def _each(models: Any) -> list[sa.MetaData]:
    """The metadata of one or several things that have one."""
    if isinstance(models, sa.MetaData):
        return [models]
    if isinstance(getattr(models, "metadata", None), sa.MetaData):
        return [models.metadata]
    return [metadata for each in models for metadata in _each(each)]


def _plain(given: Any) -> sa.Engine | None:
    """The engine that is given, or that is inside an asynchronous one."""
    # Without importing AsyncEngine, which takes longer than all that is ours.
    given = getattr(given, "sync_engine", given)
    return given if isinstance(given, sa.Engine) else None


def _engine(name: str | None, given: Any) -> sa.Engine:
    """A plain engine; one that is made here keeps no connection open behind a command's back."""
    plain = _plain(given)
    if plain is not None:
        return plain
    label = DEFAULT if name is None else name
    try:
        url = sa.make_url(given)
        if is_nameless(url):
            return sa.create_engine(url)
        return sa.create_engine(url, poolclass=sa.pool.NullPool)
    except ImportError as error:
        if (missing := DriverNotInstalled.seen_in(error)) is not None:
            raise missing from error
        raise
    except NoSuchModuleError as error:
        raise UnusableUrl(label, str(error)) from error
    except (ArgumentError, ValueError) as error:
        # SQLAlchemy's own message would print the URL, and with it the password.
        raise UnusableUrl(label, "it is not a database URL.") from error
