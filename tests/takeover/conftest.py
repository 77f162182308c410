"""A project that comes from Alembic: a copy of the history with every habit, and its databases."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from flask_schemamigrate.commands import looking, running, stamping
from flask_schemamigrate.config import Config
from flask_schemamigrate.environment import Environment
from tests.databases.database import Database

HISTORY = Path(__file__).parent / "history"
VERSIONS = "CREATE TABLE {} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"


@dataclass
class Project:
    """A folder of revisions and one database, as a test moves them."""

    folder: Path
    database: Database
    config: Config
    hooks: Any = None

    @property
    def environment(self) -> Environment:
        """What a command of its own would work with."""
        return replace(
            Environment.without_app(
                self.folder,
                engines=self.database.engine(poolclass=sa.NullPool),
                config=self.config,
                hooks=self.hooks,
            ),
            root=self.folder.parent,
        )

    def configured(self, **values: Any) -> Project:
        """The same project with other settings."""
        return replace(self, config=replace(self.config, **values))

    def upgrade(self, *to: str) -> list[Any]:
        """What an upgrade yields."""
        return list(running.upgrade(self.environment, *to))

    def downgrade(self, to: str = "-1") -> list[Any]:
        """What a downgrade yields."""
        return list(running.downgrade(self.environment, to))

    def stamp(self, *to: str, **how: Any) -> list[Any]:
        """What a stamp yields."""
        return list(stamping.stamp(self.environment, *to, **how))

    def current(self) -> tuple[str, ...]:
        """Where the database is."""
        return next(looking.current(self.environment)).revisions

    def at(self, *versions: str, table: str = "alembic_version") -> None:
        """Leave the database as Alembic would at these versions."""
        self.database.execute(
            VERSIONS.format(table),
            *(f"INSERT INTO {table} (version_num) VALUES ('{each}')" for each in versions),
        )

    def versions(self, table: str = "alembic_version") -> list[str]:
        """What Alembic's table holds."""
        found = self.database.rows(f"SELECT version_num FROM {table} ORDER BY version_num")
        return [version for (version,) in found]

    def recorded(self) -> dict[str, str]:
        """Our history: revisions and where they came from."""
        rows = self.database.rows("SELECT revision, origin FROM schemamigrate_history")
        return {str(revision): str(origin) for revision, origin in rows}


@pytest.fixture
def history(tmp_path, monkeypatch) -> Iterator[Path]:
    """A copy of the history with every habit."""
    folder = tmp_path / "migrations"
    shutil.copytree(HISTORY, folder, ignore=shutil.ignore_patterns("__pycache__"))
    # A project's own folder is where Python looks for its modules.
    monkeypatch.syspath_prepend(str(folder))
    before = set(sys.modules)
    yield folder
    for name in set(sys.modules) - before:
        if name == "shared":
            del sys.modules[name]


@pytest.fixture
def old(history, database) -> Project:
    """That history, with an empty database, once of each kind."""
    return Project(history, database, Config(recursive=True, cache=False))


@pytest.fixture
def project(tmp_path, sqlite):
    """A project of bare revisions: ``project("a -> b, a -> c")``; ``b(c)`` depends on ``c``."""

    def project(graph: str, **config: Any) -> Project:
        folder = tmp_path / "migrations"
        (folder / "versions").mkdir(parents=True)
        for id, (parents, depends_on) in drawn(graph).items():
            (folder / "versions" / f"{id}.py").write_text(
                f"from alembic import op\nrevision = {id!r}\ndown_revision = {parents!r}\n"
                f"depends_on = {depends_on!r}\n\n\n"
                f"def upgrade():\n    op.execute('CREATE TABLE t_{id} (id INTEGER)')\n\n\n"
                f"def downgrade():\n    op.drop_table('t_{id}')\n"
            )
        return Project(folder, sqlite, Config(cache=False, **config))

    return project


def drawn(graph: str) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Parents and dependencies by id, of a drawing in words."""
    found: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for arrow in graph.split(","):
        *lower, upper = arrow.replace(" ", "").split("->")
        id, _, depends_on = upper.rstrip(")").partition("(")
        parents = tuple(lower[0].split("+")) if lower else ()
        for parent in parents:
            found.setdefault(parent, ((), ()))
        found[id] = (parents, tuple(depends_on.split("+")) if depends_on else ())
    return found
