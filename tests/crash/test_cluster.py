"""In a Galera cluster, where each node has locks of its own, a lease keeps migrations apart."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from flask_schemamigrate.dialects import for_engine
from tests.crash.leasing import HISTORY, assert_it_keeps_others_out, one_revision
from tests.databases.private import BINARIES, free_port, wait_for

ROOT = Path(__file__).resolve().parents[2]
PROVIDERS = ("/usr/lib/galera/libgalera_smm.so", "/usr/lib64/galera-4/libgalera_smm.so")
PROVIDER = next(filter(os.path.exists, PROVIDERS), None)
DAEMON = shutil.which("mariadbd", path=BINARIES)

pytestmark = pytest.mark.skipif(
    None in (PROVIDER, DAEMON), reason="galera is not installed (Debian: galera-4)"
)

REVISION = '''"""a

Revision ID: a
"""
import sqlalchemy as sa
from flask_schemamigrate import op

revision = "a"
down_revision = None

def upgrade():
    op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO thing VALUES (1)")
    op.add_column("thing", sa.Column("size", sa.Integer))
'''


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.URL]:
    """A cluster of one node."""
    home = tmp_path_factory.mktemp("node")
    user = ["--user=root"] if os.geteuid() == 0 else []
    subprocess.run(
        [
            *(shutil.which("mariadb-install-db", path=BINARIES) or "", "--no-defaults"),
            *(f"--datadir={home / 'data'}", "--skip-test-db", *user),
            *("--auth-root-authentication-method=normal", f"--tmpdir={home}"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    port = free_port()
    # A path of a socket has to be short.
    place = Path("/tmp") / f"schemamigrate-{os.getpid()}-{port}"
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                *(DAEMON or "", "--no-defaults", f"--datadir={home / 'data'}", *user),
                *(f"--socket={place}", "--skip-networking", f"--tmpdir={home}"),
                *("--binlog-format=ROW", "--innodb-autoinc-lock-mode=2", "--wsrep-on=ON"),
                *(f"--wsrep-provider={PROVIDER}", "--wsrep-cluster-address=gcomm://"),
                f"--wsrep-node-address=127.0.0.1:{port}",
                f"--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:{port};gcache.size=1M",
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        wait_for(place, process, home / "log")
        process.returncode = None
        url = sa.make_url(f"mysql+pymysql://root@/?unix_socket={place}")
        try:
            prepared(url)
            yield url
        finally:
            process.terminate()
            process.wait()


def prepared(url: sa.URL) -> None:
    """Return once the node has joined its cluster; until then it refuses every statement."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    for _ in range(10_000):
        with suppress(sa.exc.OperationalError), engine.connect():
            return
    pytest.fail("the node does not join its cluster")


@pytest.fixture
def engine(node: sa.URL) -> Iterator[sa.Engine]:
    """An engine for an empty database of the cluster."""
    admin = sa.create_engine(node, poolclass=sa.NullPool)
    with admin.begin() as connection:
        connection.execute(sa.text("CREATE DATABASE shop"))
    engine = sa.create_engine(node.set(database="shop"), poolclass=sa.NullPool)
    with engine.connect():
        yield engine
    with admin.begin() as connection:
        connection.execute(sa.text("DROP DATABASE shop"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One revision."""
    return one_revision(tmp_path, REVISION)


def test_a_cluster_is_seen(engine):
    with engine.connect() as connection:
        assert not for_engine(engine).session_locks_hold(connection)


def test_processes_at_once_run_a_revision_once(engine, folder):
    url = engine.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("crowd.py"), url, folder, "4"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines() == ["null"] * 4, done.stdout
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT id, size FROM thing")).all() == [(1, None)]
        assert connection.scalar(sa.text(f"SELECT count(*) FROM {HISTORY}_lease")) == 0


def test_a_lease_of_another_process_is_waited_for(engine, folder):
    assert_it_keeps_others_out(engine, folder)
