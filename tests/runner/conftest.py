"""Revision files for a run, and what a run leaves in the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest
import sqlalchemy as sa

from flask_schemamigrate.commands.looking import Status, status
from flask_schemamigrate.commands.running import Manner, downgrade, upgrade
from flask_schemamigrate.config import Config
from flask_schemamigrate.environment import Environment
from tests.databases.database import Database

HEADER = '''"""{id}

Revision ID: {id}
"""
import sqlalchemy as sa
from flask_schemamigrate import op

revision = "{id}"
down_revision = {below!r}
{more}

def upgrade():
{up}

def downgrade():
{down}
'''


@dataclass
class Project:
    """A folder of revisions and one database."""

    folder: Path
    database: Database
    engine: sa.Engine
    below: str | None = None

    def revision(self, id: str, up: str = "pass", down: str = "pass", more: str = "") -> None:
        """Write a revision that follows the last one, or write it anew."""
        path = self.folder / "versions" / f"{id}.py"
        if not path.exists():
            self.parents = {**getattr(self, "parents", {}), id: self.below}
            self.below = id
        body = [indent(dedent(text).strip(), "    ") for text in (up, down)]
        below = self.parents[id]
        path.write_text(HEADER.format(id=id, below=below, more=more, up=body[0], down=body[1]))

    def environment(self, **config: Any) -> Environment:
        """What commands work with."""
        given = Config(**{"cache": False, **config})
        return Environment.without_app(self.folder, engines=self.engine, config=given)

    def upgrade(self, *revisions: str, config: dict[str, Any] | None = None, **how: Any) -> Any:
        """Carry out what is pending; the results."""
        here = self.environment(**(config or {}))
        return list(upgrade(here, *revisions, manner=Manner(**how)))

    def downgrade(self, revision: str = "-1", **how: Any) -> Any:
        """Take revisions back; the results."""
        return list(downgrade(self.environment(), revision, manner=Manner(**how)))

    @property
    def status(self) -> Status:
        """How the database stands."""
        (found,) = status(self.environment())
        return found

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database answers."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query))]

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns."""
        return [column["name"] for column in sa.inspect(self.engine).get_columns(table)]


@pytest.fixture
def project(tmp_path: Path, database: Database) -> Project:
    """An empty folder of revisions and an empty database, once of each kind."""
    return _project(tmp_path, database)


@pytest.fixture
def project_on(tmp_path: Path, new_database) -> Callable[[str], Project]:
    """The same for one kind of database."""
    return lambda kind: _project(tmp_path, new_database(kind))


def _project(folder: Path, database: Database) -> Project:
    (folder / "migrations" / "versions").mkdir(parents=True)
    return Project(folder / "migrations", database, database.engine())
