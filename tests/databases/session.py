"""One folder per test session, in which all its processes find the same servers."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

import psutil

from tests.databases import private, servers, temporary
from tests.databases.servers import Server

PREFIX = "flask-schemamigrate-tests-"


def open_folder() -> Path:
    """Make this session's folder, and clear away those whose session was killed."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = re.match(r"\d+", left.name.removeprefix(PREFIX))
        if owner and not psutil.pid_exists(int(owner[0])):
            close_folder(left)
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))


def close_folder(folder: Path) -> None:
    """Stop the servers that live in the folder, then remove it."""
    private.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)


def server(kind: str, folder: Path) -> Server:
    """The server that all processes of the session share; whoever asks first finds or starts it."""
    note = folder / f"{kind}.json"
    with (folder / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if note.exists():
            return Server(**json.loads(note.read_text()))
        found = servers.find(kind, folder)
        if found.url is not None:
            temporary.drop_leftovers(found.url)
        note.write_text(json.dumps(asdict(found)))
        return found
