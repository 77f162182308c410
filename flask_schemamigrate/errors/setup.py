"""What the app, its configuration or its models lack before a command can begin."""

from __future__ import annotations

import os
from collections.abc import Sequence
from traceback import walk_tb

from .root import SetupError

# What a setting of Flask-Migrate is called here, or why it has lost its purpose.
_FORMER_OPTIONS = {
    "file_template": "Set SCHEMAMIGRATE_FILE_TEMPLATE in the app's config instead.",
    "include_symbol": "Alembic has given it up as well: write an include_name.",
    "naming_convention": "Set SCHEMAMIGRATE_NAMING_CONVENTION in the app's config instead.",
    "on_version_apply": "Connect to the signals of flask_schemamigrate.signals instead.",
    "target_metadata": "Pass metadatas= instead.",
    "version_locations": "Set SCHEMAMIGRATE_VERSION_LOCATIONS in the app's config instead.",
}

# What an app that imported one of these imports now.
_INSTEAD = {
    "alembic": "Say 'from flask_schemamigrate import op, context' for these two, and 'from "
    "flask_schemamigrate.operations import Operations, BatchOperations, MigrateOperation'.",
    "flask_migrate": "Say 'from flask_schemamigrate import SchemaMigrate, upgrade', and so on: "
    "Migrate(app, db) becomes SchemaMigrate(app, db).",
}


class NoAlembicConfig(SetupError):
    """A function was given to change Alembic's config, as Flask-Migrate lets one do."""

    def __init__(self, function: str) -> None:
        self.function = function
        super().__init__(
            f"There is no Alembic config that {function}() could change.",
            hint="Say what it says in the app's config, and take it out: "
            "SCHEMAMIGRATE_VERSION_LOCATIONS, SCHEMAMIGRATE_DIRECTORY, "
            "SCHEMAMIGRATE_FILE_TEMPLATE, ... The database's URL is the app's own.",
        )


class NotInitialised(SetupError):
    """The app has no ``SchemaMigrate``."""

    def __init__(self, app: str) -> None:
        self.app = app
        super().__init__(
            f"The app {app!r} has no SchemaMigrate.",
            hint="Add these two lines where the app is made:\n"
            "    from flask_schemamigrate import SchemaMigrate\n"
            "    SchemaMigrate(app, db)",
        )


class AlreadyInitialised(SetupError):
    """A second ``SchemaMigrate`` was attached to one app."""

    def __init__(self, app: str) -> None:
        self.app = app
        super().__init__(
            f"The app {app!r} already has a SchemaMigrate.",
            hint="Give the app once: either SchemaMigrate(app, db) or migrate.init_app(app, db).",
        )


class AppExpected(SetupError, TypeError):
    """Something else stands where the app belongs, such as the database."""

    def __init__(self, given: object) -> None:
        self.given = type(given).__name__
        super().__init__(
            f"SchemaMigrate was given a {self.given} in place of the app.",
            hint="The app comes first: SchemaMigrate(app, db), or migrate.init_app(app, db).",
        )


class NoAppFound(SetupError):
    """Flask could not locate or load an app, so there is nothing to migrate."""

    def __init__(self, reason: str, *, command: str = "db") -> None:
        self.reason = reason
        self.command = command
        super().__init__(
            reason, hint=f"Migrations need the app that they are for: 'flask --app shop {command}'."
        )


class FormerNotInstalled(SetupError):
    """The app imports Alembic or Flask-Migrate, which is not there any more."""

    def __init__(self, package: str, *, place: str | None = None) -> None:
        self.package = package
        self.place = place
        super().__init__(
            f"The app imports {package!r}, which is not installed"
            + (f" ({place})." if place else "."),
            hint=f"{_INSTEAD[package]} The guide 'Come from Flask-Migrate' tells of the rest.",
        )

    @classmethod
    def seen_in(cls, error: BaseException | None) -> FormerNotInstalled | None:
        """The missing package, if that is what this error or one that led to it is about."""
        while error is not None:
            package = str(getattr(error, "name", None)).partition(".")[0]
            if isinstance(error, ModuleNotFoundError) and package in _INSTEAD:
                lines = [
                    f"{os.path.relpath(frame.f_code.co_filename)}:{line}"
                    for frame, line in walk_tb(error.__traceback__)
                ]
                return cls(package, place=lines[-1] if lines else None)
            error = error.__cause__ or error.__context__
        return None


class CommandClash(SetupError):
    """Two extensions want the same command."""

    def __init__(self, command: str, other: str) -> None:
        self.command = command
        self.other = other
        super().__init__(
            f"Both flask_schemamigrate and {other} give the app a command {command!r}.",
            hint=f"Remove the one of {other}, or name ours differently: "
            "SchemaMigrate(app, db, command='migrations').",
        )


class CommandElsewhere(SetupError):
    """The app gave the commands another name than the one typed."""

    def __init__(self, app: str, typed: str, command: str) -> None:
        self.app = app
        self.typed = typed
        self.command = command
        super().__init__(
            f"The app {app!r} has its migrations under 'flask {command}', not 'flask {typed}'.",
            hint=f"Type 'flask {command} --help'.",
        )


class NoDatabase(SetupError):
    """Neither a SQLAlchemy extension nor engines were given."""

    def __init__(self) -> None:
        super().__init__(
            "No database was given: neither db nor engines.",
            hint="Give the SQLAlchemy extension, SchemaMigrate(app, db), or for plain SQLAlchemy "
            "SchemaMigrate(app, metadatas=Base, engines='postgresql+psycopg://...').",
        )


class DatabaseNotInitialised(SetupError):
    """The SQLAlchemy extension that was given has no engines for this app."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The SQLAlchemy extension has no engines for this app: {reason}",
            hint="Call db.init_app(app), with the same db that SchemaMigrate was given, and run "
            "inside 'with app.app_context():'.",
        )


class DatabaseExpected(SetupError, TypeError):
    """Something else stands where the SQLAlchemy extension belongs, such as the models' base."""

    def __init__(self, given: object) -> None:
        self.given = given.__name__ if isinstance(given, type) else type(given).__name__
        super().__init__(
            f"SchemaMigrate was given {self.given} in place of the SQLAlchemy extension.",
            hint="Give the extension itself, SchemaMigrate(app, db), or for plain SQLAlchemy "
            "SchemaMigrate(app, metadatas=Base, engines='postgresql+psycopg://...').",
        )


class UnknownBind(SetupError):
    """A bind was named that the app does not have."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        self.name = name
        self.known = tuple(known)
        super().__init__(
            f"There is no bind {name!r}.", hint=f"The app has: {', '.join(self.known) or 'none'}."
        )


class ModelsWithoutDatabase(SetupError):
    """Models belong to a bind for which no database is configured."""

    def __init__(self, bind: str, tables: Sequence[str]) -> None:
        self.bind = bind
        self.tables = tuple(tables)
        super().__init__(
            f"The models of the bind {bind!r} ({_listed(self.tables) or 'no tables yet'}) have no "
            "database.",
            hint=f"Add {bind!r} to the configured databases (SQLALCHEMY_BINDS or engines=), or "
            "correct whose the models are: their bind key, or metadatas={'NAME': Base}.",
        )


class ModelsNotImportable(SetupError):
    """A module that was named to hold models could not be imported."""

    def __init__(self, module: str, error: BaseException) -> None:
        self.module = module
        super().__init__(
            f"The models in {module!r} could not be imported: {type(error).__name__}: {error}",
            hint=f"'python -c \"import {module}\"' shows the whole traceback; the name comes from "
            "SchemaMigrate(models=...).",
        )


class NoModelsSeen(SetupError):
    """The models of a bind name no table, or none of those the database is known to have."""

    def __init__(
        self, bind: str, *, modules: Sequence[str] = (), vanishing: Sequence[str] = ()
    ) -> None:
        self.bind = bind
        self.modules = tuple(modules)
        self.vanishing = tuple(vanishing)
        seen = f"The models of the bind {bind!r} name no table that is known."
        if not vanishing:
            seen = f"No models were seen for the bind {bind!r}: its metadata holds no tables."
        where = f" Imported were: {', '.join(self.modules)}." if modules else ""
        lost = f" This would drop {_listed(self.vanishing)}." if vanishing else ""
        instead = ""
        if vanishing:
            instead = (
                " If they shall go, drop them in a 'flask db revision'; if one has a new name, say "
                "so by 'flask db migrate --rename-table old:new'."
            )
        super().__init__(
            f"{seen}{where}{lost}",
            hint="Import the modules that define the models where the app is made, or name them: "
            f"SchemaMigrate(app, db, models=['shop.models']).{instead}",
        )


class UnknownConfigKey(SetupError):
    """The app's config has a key in our namespace that means nothing."""

    def __init__(self, key: str, *, near: str | None = None, known: Sequence[str] = ()) -> None:
        self.key = key
        self.near = near
        self.known = tuple(known)
        super().__init__(
            f"The config key {key} is not known.",
            hint=f"Did you mean {near}?" if near else f"Known are: {', '.join(self.known)}.",
        )


class BadConfigValue(SetupError):
    """A config key has a value that it cannot have."""

    def __init__(self, key: str, value: object, expected: str) -> None:
        self.key = key
        self.value = value
        self.expected = expected
        super().__init__(f"{key} is {value!r}.", hint=f"It must be {expected}.")


class BadPlugin(SetupError):
    """A package that should bring revisions does not, or is not installed."""

    def __init__(self, name: str, value: str | None, *, known: Sequence[str] = ()) -> None:
        self.name = name
        self.value = value
        self.known = tuple(known)
        if value is None:
            super().__init__(
                f"No installed package brings revisions under the name {name!r}.",
                hint=f"Install it, or take it out of SCHEMAMIGRATE_PLUGINS. Installed are: "
                f"{_listed(self.known) or 'none'}.",
            )
        else:
            super().__init__(
                f"The package that brings revisions as {name!r} has no folder {value!r}.",
                hint="Install it again, or leave it out: SCHEMAMIGRATE_PLUGINS lists the names to "
                "read, and False reads none.",
            )


class UnknownOption(SetupError, TypeError):
    """``SchemaMigrate`` was given a keyword that it does not have."""

    def __init__(self, name: str, *, near: str | None = None, known: Sequence[str] = ()) -> None:
        self.name = name
        self.near = near
        self.known = tuple(known)
        hint = f"Did you mean {near}?" if near else f"It has: {', '.join(self.known)}."
        super().__init__(
            f"SchemaMigrate has no option {name!r}.", hint=_FORMER_OPTIONS.get(name, hint)
        )


class SeedNameTaken(SetupError):
    """Two seed functions were given one name."""

    def __init__(self, name: str, first: str, second: str) -> None:
        self.name = name
        super().__init__(
            f"The seed {name!r} is both {first} and {second}.",
            hint="Give one of them another name; a seed is recorded under its name.",
        )


class SeedNameExpected(SetupError, TypeError):
    """A seed function was registered without a name."""

    def __init__(self, function: str) -> None:
        self.function = function
        super().__init__(
            f"The seed {function}() has no name.",
            hint=f"Write @migrate.seed('{function}'); a seed is recorded under its name.",
        )


class LettersMissing(SetupError):
    """A script holds letters that the output has no code for."""

    def __init__(self, letters: str, encoding: str) -> None:
        self.letters = letters
        self.encoding = encoding
        super().__init__(
            f"The script is not whole: it has letters that the output, in {encoding}, has not.",
            hint="Set the environment variable PYTHONIOENCODING=utf-8 for the command, and it is "
            "UTF-8.",
        )


class UnusableUrl(SetupError):
    """A database URL was given that SQLAlchemy cannot make an engine from."""

    def __init__(self, bind: str | None, reason: str) -> None:
        self.bind = bind
        self.reason = reason
        whose = "A database URL of the app" if bind is None else f"The URL of the bind {bind!r}"
        super().__init__(
            f"{whose} cannot be used: {reason}",
            hint="It reads 'dialect+driver://user:password@host:port/database', such as "
            "postgresql+psycopg://app@localhost/shop. A file has no host: 'dialect:///shop.db'.",
        )

    @classmethod
    def seen_in(cls, error: BaseException) -> UnusableUrl | None:
        """The error, if SQLAlchemy raised this one because of a URL."""
        frames = [frame for frame, _ in walk_tb(error.__traceback__)]
        # The module reads a URL, and a driver's dialect makes of it what the driver takes.
        if "create_connect_args" not in {frame.f_code.co_name for frame in frames} and (
            "sqlalchemy.engine.url" not in {frame.f_globals["__name__"] for frame in frames}
        ):
            return None
        # Other messages of SQLAlchemy's would print the URL, and with it the password.
        unknown = type(error).__name__ == "NoSuchModuleError"
        return cls(None, f"{error}." if unknown else "it is not a database URL.")


def _listed(names: Sequence[str], most: int = 5) -> str:
    """Names for a sentence, cut short where there are many."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
