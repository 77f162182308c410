"""Scratch databases: made empty or as a copy, beside the app's own, and dropped after use."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from ...environment import Bind
from ...errors.testing import NoScratchDatabase


class Scratch(Protocol):
    """What makes and drops databases beside one; they are known by their URLs."""

    def create(self, name: str) -> sa.URL:
        """Make an empty database."""

    def copy(self, of: sa.URL, name: str) -> sa.URL:
        """Make a database with all that is in another one; nobody may be connected to that."""

    def drop(self, url: sa.URL) -> None:
        """Drop a database, whoever is still connected to it."""


def beside(url: sa.URL, bind: Bind, folder: Path) -> Scratch:
    """What makes databases beside ``url``; files lie in ``folder``.

    Raises `NoScratchDatabase` for a server that is not known here.
    """
    match url.get_backend_name():
        case "postgresql":
            from .postgresql import PostgreSQL

            return PostgreSQL(url, bind.label)
        case "mysql" | "mariadb":
            from .mysql import MySQL

            return MySQL(url, bind.label)
        case _ if not url.host:
            from .files import Files

            return Files(url, folder)
        case name:
            shown = url.render_as_string(hide_password=True)
            raise NoScratchDatabase(bind.label, shown, f"{name} is not supported")
