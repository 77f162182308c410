"""Opening a connection, and saying in words why none could be opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import SingletonThreadPool, StaticPool

from ..dialects.apart import apart
from ..errors import (
    CannotConnect,
    NoSuchDatabase,
    PasswordRefused,
    SchemasTranslated,
    ServerDown,
    StatementRefused,
    TooManyConnections,
)
from .binds import Bind

# https://www.postgresql.org/docs/current/errcodes-appendix.html and
# https://dev.mysql.com/doc/mysql-errors/8.4/en/; libpq gives a text and no code before a connection
# stands, hence the third column.
_REFUSALS: tuple[tuple[type[CannotConnect], frozenset[str], str], ...] = (
    (
        TooManyConnections,
        frozenset({"53300", "1040", "1203", "1226"}),
        r"too many (clients|connections)|connection slots|max_user_connections",
    ),
    (
        PasswordRefused,
        frozenset({"28P01", "28000", "1045", "1698", "1130"}),
        r"authentication failed|no password supplied|no pg_hba.conf entry|access denied for user"
        r"|role .* does not exist",
    ),
    (
        NoSuchDatabase,
        frozenset({"3D000", "1049"}),
        r"database .* does not exist|unknown database",
    ),
    (
        ServerDown,
        frozenset({"57P01", "57P02", "57P03", "2002", "2003", "2005", "2006", "2013"}),
        r"refused|could not translate host|resolve|timeout|timed out|no route|unreachable"
        r"|on socket .* no such file|closed the connection|starting up|shutting down",
    ),
)


@contextmanager
def connection(bind: Bind) -> Iterator[sa.Connection]:
    """A connection to a bind's database, closed at the end; nothing is committed for you.

    Raises :exc:`CannotConnect` or the one of its kin that fits, and :exc:`StatementRefused`. For an
    asynchronous driver this works inside ``asynchronous.drive`` or ``asynchronous.run``.
    """
    with _engine(bind) as engine:
        try:
            opened = engine.connect()
        except (DBAPIError, OSError) as error:
            raise refusal(bind, error) from error
        except Exception as error:
            # asyncpg's errors reach us as they are when there is no connection yet.
            if not hasattr(error, "sqlstate"):
                raise
            raise refusal(bind, error) from error
        with opened, _forgotten_if_gone(opened):
            if not bind.address.database and opened.dialect.default_schema_name is None:
                raise NoSuchDatabase(bind.address, "the database URL names none")
            if opened.get_execution_options().get("schema_translate_map"):
                raise SchemasTranslated(bind.address)
            try:
                yield opened
            except DBAPIError as error:
                # A revision's own errors are told with the revision, and do not come so far. What
                # has no statement was about connecting once more, for the lock.
                if opened.invalidated or error.connection_invalidated or error.statement is None:
                    raise refusal(bind, error) from error
                reason = _reason(error.orig or error, bind.engine.url)
                raise StatementRefused(bind.address, str(error.statement or ""), reason) from error


@contextmanager
def _forgotten_if_gone(connection: sa.Connection) -> Iterator[None]:
    """A block after whose failure the pool is not given a session that the server has ended.

    It would log that with a traceback, which a terminal shows beside the error.
    """
    try:
        yield
    except BaseException:
        if not (connection.closed or connection.invalidated):
            try:
                connection.connection.rollback()
            except Exception:
                connection.invalidate()
        raise


def commits_each(connection: sa.Connection) -> bool:
    """Whether the app has each statement commit by itself, which drivers tell in two ways."""
    driver = connection.connection.dbapi_connection
    ask = getattr(driver, "get_autocommit", None)
    return bool(ask()) if ask is not None else getattr(driver, "autocommit", False) is True


def refusal(bind: Bind, error: BaseException) -> CannotConnect:
    """What a driver's error at connecting means, without the password."""
    cause = getattr(error, "orig", None) or error
    # Some of MySQL's drivers have a number beside a state that says nothing.
    said = (getattr(cause, "sqlstate", None), getattr(cause, "errno", None), *cause.args[:1])
    known = {str(code) for code in said}
    reason = _reason(cause, bind.engine.url)
    for refused, codes, words in _REFUSALS:
        if known & codes or re.search(words, reason, re.IGNORECASE):
            return refused(bind.address, reason)
    # What has no code and comes from the operating system is about reaching the server.
    unreached = ServerDown if isinstance(cause, OSError) else CannotConnect
    return unreached(bind.address, reason)


@contextmanager
def _engine(bind: Bind) -> Iterator[sa.Engine]:
    """The engine to connect with, which for an asynchronous driver is a copy with its own pool.

    A pooled connection belongs to the event loop it was opened in. The app's own loop is another
    one than ours, so neither may meet a connection of the other; ours are closed in our loop.
    A pool of one connection is an in-memory database itself, and has to be shared.
    """
    if not bind.is_async or isinstance(bind.engine.pool, (StaticPool, SingletonThreadPool)):
        yield bind.engine
        return
    engine = apart(bind.engine)
    try:
        yield engine
    finally:
        engine.dispose()


def _reason(cause: BaseException, url: sa.URL) -> str:
    """The driver's own words, on one line."""
    # MySQL's drivers give a code and a text.
    said = cause.args[1] if len(cause.args) == 2 and isinstance(cause.args[0], int) else cause
    text = next((line.strip() for line in str(said).splitlines() if line.strip()), "")
    password = str(url.password or "")
    if password and password not in {url.username, url.host, url.database}:
        text = text.replace(password, "***")
    return text or type(cause).__name__
