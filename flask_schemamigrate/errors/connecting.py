"""Why a database could not be reached or used; no message here ever holds a password."""

from __future__ import annotations

import os
from dataclasses import dataclass
from traceback import walk_tb

from .root import DatabaseError, SetupError
from .runs import shortened

# Where the package to install is not named as the module that was missed.
_PACKAGES = {
    "MySQLdb": "mysqlclient",
    "psycopg": "psycopg[binary]",
    "psycopg2": "psycopg2-binary",
    "cx_Oracle": "oracledb",
}


@dataclass(frozen=True)
class Address:
    """Where a bind's database is, without the password."""

    bind: str
    dialect: str
    host: str | None = None
    port: int | None = None
    database: str | None = None
    user: str | None = None

    @property
    def server(self) -> str:
        """The host and port, as a person would type them."""
        host = self.host or "the local socket"
        return host if self.port is None else f"{host}:{self.port}"

    def __str__(self) -> str:
        named = [f"bind {self.bind!r}"]
        if self.host or self.user:
            named.append(f"{self.dialect} on {self.server}")
        else:
            named.append(self.dialect)
        if self.database:
            named.append(f"database {self.database!r}")
        if self.user:
            named.append(f"user {self.user!r}")
        return ", ".join(named)


class DriverNotInstalled(SetupError):
    """The Python package that talks to the database is missing."""

    def __init__(self, module: str, *, reason: str | None = None) -> None:
        self.module = module
        self.package = _PACKAGES.get(module, module)
        self.reason = reason
        super().__init__(
            f"The database driver {module!r} is not installed"
            + (f" completely: {reason}" if reason else "."),
            hint=f"Install it: pip install '{self.package}'",
        )

    @classmethod
    def seen_in(cls, error: BaseException | None) -> DriverNotInstalled | None:
        """The missing driver, if that is what this error or one that led to it is about.

        An import is one of a driver when SQLAlchemy's ``import_dbapi`` asked for it; so drivers of
        dialects nobody here has heard of are recognised too.
        """
        while error is not None:
            if isinstance(error, ImportError) and (asked := _asked_for(error)):
                missing = isinstance(error, ModuleNotFoundError) and error.name is not None
                if missing:
                    return cls(str(error.name).partition(".")[0])
                return cls(asked, reason=str(error).splitlines()[0])
            error = error.__cause__ or error.__context__
        return None


class AskedTooEarly(SetupError):
    """The app's own start asks the database for what only a migration would put there."""

    def __init__(self, reason: str, *, place: str | None = None) -> None:
        self.reason = reason
        self.place = place
        super().__init__(
            "The app asks the database while it is made, and that failed"
            + (f" ({place}): {reason}" if place else f": {reason}"),
            hint="Commands can do nothing before there is an app. Let it ask later, on a request "
            "or in a command of its own, or catch sqlalchemy.exc.DBAPIError there and go on.",
        )

    @classmethod
    def seen_in(cls, error: BaseException) -> AskedTooEarly | None:
        """The error, if this one is the database's answer to the app."""
        kinds = {(kind.__module__, kind.__name__) for kind in type(error).__mro__}
        if ("sqlalchemy.exc", "DBAPIError") not in kinds:
            return None
        answer = getattr(error, "orig", None) or error
        texts = [text for text in answer.args[1:] if isinstance(text, str)]
        reason = (texts[0] if texts else str(answer)).strip().partition("\n")[0]
        return cls(reason, place=_asking(error))


class GreenletNotInstalled(SetupError):
    """SQLAlchemy's package for asynchronous drivers is missing."""

    def __init__(self) -> None:
        super().__init__(
            "The package 'greenlet', which asynchronous drivers need, is not installed.",
            hint="Install it: pip install 'sqlalchemy[asyncio]'",
        )


class CannotConnect(DatabaseError):
    """No connection to the database could be made."""

    said = "The database cannot be opened"
    advice = "Correct the database URL in the app's configuration."

    def __init__(self, address: Address, reason: str) -> None:
        self.address = address
        self.reason = reason
        super().__init__(f"{self.said} ({address}): {reason}", hint=self.advice)


class ServerDown(CannotConnect):
    """Nothing answers at the server's address."""

    said = "The database server does not answer"
    advice = "Start the server, or correct host and port in the database URL."


class TooManyConnections(CannotConnect):
    """The server, or this user, may have no further connection."""

    said = "The database server gives no further connection"
    advice = (
        "Let other sessions end or raise the limit; a migration takes two connections, one of them "
        "for its lock."
    )


class PasswordRefused(CannotConnect):
    """The server refuses this user, or the password."""

    said = "The database server refused the user or the password"
    advice = "Correct user and password in the database URL, or what the server allows them."


class NoSuchDatabase(CannotConnect):
    """The server answers, and has no database of that name."""

    said = "The database does not exist"
    advice = (
        "Create the database first (migrations fill one, they do not make one), or correct "
        "its name in the database URL."
    )


class SchemasTranslated(DatabaseError):
    """The app's engine puts other schemas in place of those that the models name."""

    def __init__(self, address: Address) -> None:
        self.address = address
        super().__init__(
            f"The app's engine has a schema_translate_map ({address}), which migrations do not "
            "follow: their tables would be in other schemas than the app's.",
            hint="Give the map to the app's sessions instead of the engine. On PostgreSQL, "
            "'?options=-csearch_path%3Dtenant' in the URL leads all statements to one schema.",
        )


class StatementRefused(DatabaseError):
    """The database refused a statement of a command itself, such as one on the history."""

    def __init__(self, address: Address, sql: str, reason: str) -> None:
        self.address = address
        self.sql = sql
        self.reason = reason
        super().__init__(
            f"The database refused a statement ({address}): {reason}"
            + (f"\n  {shortened(sql)}" if sql else ""),
            hint="Let its user read and write the tables of the history, and read the catalogue.",
        )


def _asking(error: BaseException) -> str | None:
    """The line that had SQLAlchemy ask."""
    place = None
    for frame, line in walk_tb(error.__traceback__):
        package = str(frame.f_globals.get("__name__")).partition(".")[0]
        if package == "sqlalchemy":
            break
        if not package.startswith("flask_sqlalchemy"):
            place = f"{os.path.relpath(frame.f_code.co_filename)}:{line}"
    return place


def _asked_for(error: ImportError) -> str | None:
    """The driver module that a dialect was importing when this error was raised."""
    dialect = None
    trace = error.__traceback__
    while trace is not None:
        module = str(trace.tb_frame.f_globals["__name__"]).partition(".")[0]
        if trace.tb_frame.f_code.co_name == "import_dbapi":
            dialect = module
        elif dialect is not None and module != "importlib":
            return module
        trace = trace.tb_next
    # A driver that is one compiled module has no line of its own.
    return dialect and (error.name or dialect).partition(".")[0]
