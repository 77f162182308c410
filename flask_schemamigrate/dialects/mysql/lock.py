"""The migration lock: GET_LOCK, which the server releases when its session ends."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from ..locks import Holder
from ..session_lock import AT_WORK, SessionLock

LONGEST = 64
"""https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html"""

BITS = 31
"""More than the process ids of any system need."""

SESSION = """
SELECT user, host, NOW() - INTERVAL time SECOND, COALESCE(info, '')
FROM information_schema.processlist WHERE id = :session"""


def lock_name(name: str, database: str) -> str:
    """A lock's name for one database of the server; lock names are the whole server's."""
    digest = hashlib.sha256(f"{database}\0{name}".encode()).hexdigest()[:24]
    return f"schemamigrate:{database[: LONGEST - len(digest) - 15]}:{digest}"


class ServerLock(SessionLock):
    """A named lock.

    The list of sessions does not tell a client's process id, so the holder takes a lock for each
    bit of it, and one more as its end.
    """

    def holder(self) -> Holder | None:
        """The session that holds it, or still works for one that did, and what that is at."""
        connection = self._open()
        whats = ["", AT_WORK, "end", *(f"bit {n}" for n in range(BITS))]
        holding, working, end, *bits = self._asked(connection, "IS_USED_LOCK", whats)
        own = connection.scalar(sa.text("SELECT CONNECTION_ID()"))
        session = holding if holding not in (None, own) else working or holding
        if session is None:
            return None
        pid = sum(1 << n for n, bit in enumerate(bits) if bit == session) if end == session else ""
        found = self._session(session)
        if found is None:
            # Without the PROCESS privilege a session sees only its own user's.
            return Holder(pid=str(pid), session=str(session))
        user, host, since, doing = found
        if working is not None and working != session:
            other = self._session(working)
            doing = other[3] if other is not None else ""
        return Holder(
            pid=str(pid),
            host=f"{user}@{host}",
            since=str(since),
            doing=" ".join(str(doing).split())[:200],
            session=str(session),
        )

    @cached_property
    def _database(self) -> str:
        return str(self._open().execute(sa.text("SELECT DATABASE()")).scalar() or "")

    def _session(self, session: int) -> Sequence[Any] | None:
        return self._open().execute(sa.text(SESSION), {"session": session}).first()

    def _asked(
        self, connection: sa.Connection, function: str, whats: Iterable[str]
    ) -> Sequence[int | None]:
        """What a function of the server says of each of these locks."""
        names = (lock_name(self._named(what), self._database) for what in whats)
        given = {f"name_{n}": name for n, name in enumerate(names)}
        more = ", 0" if function == "GET_LOCK" else ""
        calls = ", ".join(f"{function}(:{key}{more})" for key in given)
        return connection.execute(sa.text(f"SELECT {calls}"), given).one()

    def _taken(self, connection: sa.Connection, what: str = "") -> bool:
        # 1 it is ours, 0 somebody else's, NULL something went wrong.
        return self._asked(connection, "GET_LOCK", [what])[0] == 1

    def _give_back(self, connection: sa.Connection, what: str = "") -> None:
        self._asked(connection, "RELEASE_LOCK", [what])

    def _sign(self, connection: sa.Connection) -> None:
        pid = os.getpid()
        bits = [f"bit {n}" for n in range(BITS) if pid >> n & 1]
        self._asked(connection, "GET_LOCK", [*bits, "end"])
