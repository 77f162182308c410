"""Where each kind of server is found: named by the environment, already running, or private."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import NullPool, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from tests.databases import private
from tests.databases.private import CannotStart

VARIABLES = {
    "postgresql": "SCHEMAMIGRATE_TEST_POSTGRESQL_URL",
    "mariadb": "SCHEMAMIGRATE_TEST_MARIADB_URL",
    "mysql": "SCHEMAMIGRATE_TEST_MYSQL_URL",
}
# MySQL is tried only where a server of it is named; what MariaDB is asked, it is asked then too.
MARIADB_AND_MYSQL = ("mariadb", "mysql") if os.environ.get(VARIABLES["mysql"]) else ("mariadb",)
KINDS = ("sqlite", "postgresql", *MARIADB_AND_MYSQL)

# Apps mostly write "mysql" and have a MariaDB behind it, which is the harder case to get right.
LOCAL = {
    "postgresql": "postgresql+psycopg://postgres@127.0.0.1:5432/postgres",
    "mariadb": "mysql+pymysql://root@127.0.0.1:3306/",
}


@dataclass(frozen=True)
class Server:
    """A server that answers at ``url``, or the reason why there is none."""

    kind: str
    url: str | None
    reason: str = ""


def find(kind: str, folder: Path) -> Server:
    """The first server of this kind that lets us in; a private one lives in ``folder``."""
    variable = VARIABLES[kind]
    if named := os.environ.get(variable):
        if refusal := refused(named):
            return Server(kind, None, f"{kind}: {variable} does not let us in: {refusal}")
        return Server(kind, named)
    if not (refusal := refused(LOCAL[kind])):
        return Server(kind, LOCAL[kind])
    try:
        return Server(kind, private.start(kind, folder))
    except CannotStart as error:
        return Server(
            kind, None, f"{kind}: set {variable}; the local port says {refusal!r}, and {error}"
        )


def refused(url: str) -> str:
    """Why nobody can log in at ``url``, in the driver's first line; empty when one can."""
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 5})
    try:
        with engine.connect():
            return ""
    except SQLAlchemyError as error:
        return str(getattr(error, "orig", None) or error).partition("\n")[0]
    finally:
        engine.dispose()


def is_required(kind: str) -> bool:
    """Whether SCHEMAMIGRATE_TEST_REQUIRE ("all", or kinds with commas) asks for this server."""
    required = os.environ.get("SCHEMAMIGRATE_TEST_REQUIRE", "").replace(",", " ").split()
    return "all" in required or kind in required


def of_database(url: str, name: str) -> str:
    """The URL of one database on the server at ``url``."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)
