"""Databases that live as long as one test, under names that no other run can choose."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from tests.databases.servers import of_database

# A server may be shared by several machines, and a process id means something on its own only.
HOST = hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]
PREFIX = f"smt_{HOST}_"


@contextmanager
def administrator(server: str) -> Iterator[Connection]:
    """A connection that creates and drops databases, each statement at once."""
    engine = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection


def create(server: str) -> str:
    """Make an empty database on the server and return its URL."""
    name = f"{PREFIX}{os.getpid()}_{secrets.token_hex(4)}"
    with administrator(server) as connection:
        # template0, because nobody can be connected to it, which CREATE DATABASE would refuse.
        options = "TEMPLATE template0" if is_postgresql(connection) else "CHARACTER SET utf8mb4"
        connection.execute(text(f"CREATE DATABASE {name} {options}"))
    return of_database(server, name)


@contextmanager
def database(server: str) -> Iterator[str]:
    """The URL of a database that is there for the length of a block."""
    url = create(server)
    try:
        yield url
    finally:
        drop(server, make_url(url).database or "")


def drop(server: str, name: str) -> None:
    """Drop a database, whoever is still connected to it."""
    with administrator(server) as connection:
        drop_with(connection, name)


def drop_with(connection: Connection, name: str) -> None:
    """Drop a database over an open connection, closing those of others first."""
    if is_postgresql(connection):
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        return
    # DROP DATABASE would wait for the metadata locks of any transaction that is still open.
    sessions = text("SELECT id FROM information_schema.processlist WHERE db = :name")
    for (session,) in connection.execute(sessions, {"name": name}).all():
        try:
            connection.execute(text(f"KILL {session:d}"))
        except DBAPIError:
            continue  # It has left by itself in the meantime.
    connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))


def drop_leftovers(server: str) -> None:
    """Drop what killed test runs of this machine have left behind."""
    with administrator(server) as connection:
        catalogue = (
            "SELECT datname FROM pg_database"
            if is_postgresql(connection)
            else "SELECT schema_name FROM information_schema.schemata"
        )
        for (name,) in connection.execute(text(catalogue)).all():
            owner = re.match(rf"{PREFIX}(\d+)_", name)
            if owner and not psutil.pid_exists(int(owner[1])):
                drop_with(connection, name)


def is_postgresql(connection: Connection) -> bool:
    """Whether this is PostgreSQL rather than MariaDB or MySQL."""
    return connection.dialect.name == "postgresql"
