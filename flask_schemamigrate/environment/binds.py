"""A bind: one database of the app, and the models that live in it."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from ..errors import Address

DEFAULT = "default"

# Where drivers take a password in the query of a URL, or a whole connection string that holds one.
_SECRET = ("pass", "pwd", "secret", "token", "odbc_connect")

_HERE = frozenset({"", "localhost", "127.0.0.1", "::1"})
_PORTS = {"postgresql": 5432, "mysql": 3306}


@dataclass(frozen=True)
class Bind:
    """A database by the name the app has for it; ``None`` is the default one.

    ``same_as`` is the first bind that leads to the same database, if another one does.
    """

    name: str | None
    engine: sa.Engine
    metadatas: tuple[sa.MetaData, ...] = ()
    same_as: Bind | None = None

    @property
    def label(self) -> str:
        """The name as it is printed."""
        return DEFAULT if self.name is None else self.name

    @property
    def url(self) -> str:
        """The database's URL as it may be shown: without any password."""
        url = self.engine.url
        hidden = {
            key: "***" for key in url.query if any(secret in key.lower() for secret in _SECRET)
        }
        # SQLAlchemy puts three stars for the password; those of the query would be escaped.
        shown = url.update_query_dict(hidden).render_as_string(hide_password=True)
        return shown.replace("%2A%2A%2A", "***")

    @property
    def address(self) -> Address:
        """Where the database is, for a message."""
        url = self.engine.url
        return Address(
            bind=self.label,
            dialect=self.engine.dialect.name,
            host=url.host,
            port=url.port,
            database=url.database,
            user=url.username,
        )

    @property
    def is_async(self) -> bool:
        """Whether the driver is one for asyncio."""
        return self.engine.dialect.is_async


def binds(
    engines: dict[str | None, sa.Engine], metadatas: dict[str | None, tuple[sa.MetaData, ...]]
) -> dict[str | None, Bind]:
    """The binds by name, the default one first, those of one database recognised."""
    found: dict[str | None, Bind] = {}
    first: dict[object, Bind] = {}
    for name in sorted(engines, key=lambda name: name is not None):
        engine = engines[name]
        place = _place(engine)
        bind = Bind(name, engine, metadatas.get(name, ()), first.get(place))
        first.setdefault(place, bind)
        found[name] = bind
    return found


def is_nameless(url: sa.URL) -> bool:
    """Whether the database has neither host nor name, and so lives and dies with its engine."""
    return not url.host and url.database in (None, "", ":memory:")


def _place(engine: sa.Engine) -> object:
    """What two engines have in common if they lead to one database, whatever driver and user."""
    url = engine.url
    if is_nameless(url):
        return engine
    kind = url.get_backend_name()
    kind = "mysql" if kind == "mariadb" else kind
    host = (url.host or "").lower()
    query = frozenset(url.query.items())
    port = url.port or _PORTS.get(kind)
    return kind, "localhost" if host in _HERE else host, port, url.database, query
