"""Behind a PgBouncer that shares sessions, a lease keeps migrations apart and nothing leaks."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from flask_schemamigrate.commands.running import upgrade
from flask_schemamigrate.config import Config
from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.environment import Environment
from flask_schemamigrate.errors.runs import StatementFailed
from tests.crash.leasing import assert_it_keeps_others_out, one_revision
from tests.databases.private import free_port

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

pytestmark = [
    pytest.mark.skipif(PGBOUNCER is None, reason="pgbouncer is not installed"),
    pytest.mark.skipif(sys.platform == "win32", reason="pgbouncer is started as another user"),
]

REVISION = '''"""a

Revision ID: a
"""
import sqlalchemy as sa
from flask_schemamigrate import op

revision = "a"
down_revision = None
lock_timeout = 7

def upgrade():
    op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO thing VALUES ((SELECT setting::int FROM pg_settings"
               " WHERE name = 'lock_timeout'))")
    op.create_index("ix_thing", "thing", ["id"], postgresql_concurrently=True)
'''

BLOCKED = """
import sqlalchemy as sa
from flask_schemamigrate import op

revision = "b"
down_revision = "a"
lock_timeout = 0.2

def upgrade():
    op.add_column("thing", sa.Column("size", sa.Integer))
"""


@pytest.fixture
def pooled(postgresql) -> Iterator[sa.Engine]:
    """An engine whose connections go through a PgBouncer in transaction mode."""
    url = sa.make_url(postgresql.url)
    # A private server has a socket only.
    host = url.host or str(url.query["host"])
    port = free_port()
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o755)
        config = Path(place) / "pgbouncer.ini"
        config.write_text(
            f"[databases]\n* = host={host} port={url.port or 5432} user={url.username}"
            f"{f' password={url.password}' if url.password else ''}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\n"
            "pool_mode = transaction\nunix_socket_dir =\nignore_startup_parameters = options\n"
        )
        # PgBouncer does not run as root, and a socket's folder may be its server's alone.
        server = Path(host).owner() if host.startswith("/") else "nobody"
        user = server if os.geteuid() == 0 else None
        assert PGBOUNCER is not None
        process = subprocess.Popen(
            [PGBOUNCER, "-q", str(config)], stderr=subprocess.DEVNULL, user=user
        )
        try:
            wait_until_answering(port)
            engine = sa.create_engine(
                url.set(host="127.0.0.1", port=port, query={}),
                poolclass=sa.NullPool,
                connect_args={"prepare_threshold": None},
            )
            yield engine
            engine.dispose()
        finally:
            process.terminate()
            process.wait()


def wait_until_answering(port: int) -> None:
    """Return once PgBouncer takes connections."""
    for _ in range(10_000):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
    pytest.fail("pgbouncer does not answer")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One revision with a part outside its transaction."""
    return one_revision(tmp_path, REVISION)


def test_it_is_seen_that_sessions_are_shared(pooled):
    with pooled.connect() as connection:
        assert not for_engine(pooled).session_locks_hold(connection)


def test_an_upgrade_runs_and_leaves_no_setting_behind(pooled, folder):
    (done,) = upgrade(Environment.without_app(folder, engines=pooled))

    assert getattr(done, "revision", None) == "a"
    with pooled.connect() as connection:
        assert connection.scalar(sa.text("SELECT id FROM thing")) == 7000
        assert connection.scalar(sa.text("SHOW lock_timeout")) == "0"


def test_a_lock_that_is_never_given_is_not_waited_for_longer_than_configured(
    pooled, folder, postgresql
):
    (folder / "versions" / "b.py").write_text(BLOCKED)
    here = Environment.without_app(folder, engines=pooled, config=Config(lock_retries=0))
    list(upgrade(here, "a"))
    with postgresql.engine().connect() as other:
        other.execute(sa.text("LOCK TABLE thing"))

        with pytest.raises(StatementFailed, match="lock timeout"):
            list(upgrade(here))

    (done,) = upgrade(here)
    assert getattr(done, "revision", None) == "b"


def test_a_lease_keeps_others_out(pooled, folder):
    assert_it_keeps_others_out(pooled, folder)
