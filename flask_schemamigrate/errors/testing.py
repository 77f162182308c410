"""What the pytest plugin says when it cannot do what a test asks for."""

from __future__ import annotations

from collections.abc import Sequence

from .root import DatabaseError, SetupError


class NoAppToTest(SetupError):
    """No app was found whose revisions could be tested."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"There is no app to test: {reason}",
            hint="Define a fixture 'app' or 'schemamigrate_app' that returns it, or set FLASK_APP.",
        )


class NotAnApp(SetupError):
    """The fixture that should return the app returns something else."""

    def __init__(self, fixture: str, found: object) -> None:
        self.fixture = fixture
        super().__init__(
            f"The fixture '{fixture}' returns {type(found).__name__}, not a Flask app.",
            hint="Define a fixture 'schemamigrate_app' that returns the app.",
        )


class NoScratchDatabase(DatabaseError):
    """A database for tests could not be made."""

    def __init__(self, bind: str, url: str, reason: str) -> None:
        self.bind = bind
        self.url = url
        self.reason = reason
        super().__init__(
            f"No scratch database could be made beside {url} for bind '{bind}': {reason}",
            hint="Let the role create databases there (PostgreSQL: ALTER ROLE ... CREATEDB; "
            "MariaDB and MySQL: GRANT ALL ON `schemamigrate\\_%`.* TO ...), or name another "
            "server with --schemamigrate-url.",
        )


class EngineStays(SetupError):
    """An app's engine cannot be led to a scratch database."""

    def __init__(self, bind: str) -> None:
        self.bind = bind
        super().__init__(
            f"The engine of bind '{bind}' cannot be pointed at a scratch database: it is made anew "
            "for every command, or opens its connections by a function of its own.",
            hint="Give SchemaMigrate the engine that the app uses, made with a URL: "
            "SchemaMigrate(engines=engine).",
        )


class WrongTestUrl(SetupError):
    """What ``--schemamigrate-url`` was given leads nowhere."""

    def __init__(self, given: str, reason: str) -> None:
        self.given = given
        super().__init__(
            f"--schemamigrate-url: {reason}",
            hint="Give a database URL, or the name of a bind and a URL: reports=postgresql://...",
        )


class NoSuchTable(SetupError):
    """A test asks for a table that is not there at this revision."""

    def __init__(self, table: str, tables: Sequence[str], current: Sequence[str]) -> None:
        self.table = table
        self.tables = tuple(tables)
        super().__init__(
            f"There is no table '{table}' at {', '.join(current) or 'base'}.",
            hint=f"There are: {', '.join(tables) or 'none'}. "
            "'migrations.upgrade(REV)' moves to another revision.",
        )
