"""Apps as small as they can be, called as a user calls them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from flask_schemamigrate import SchemaMigrate
from tests.databases.database import Database


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The folder of a project."""
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def revisions(project: Path) -> Callable[..., None]:
    """Write revisions, each on top of the one before: ``revisions(aa="def upgrade(): ...")``."""
    ids: list[str] = []

    def write(**bodies: str) -> None:
        folder = project / "migrations" / "versions"
        folder.mkdir(parents=True, exist_ok=True)
        for id, body in bodies.items():
            parent = repr(ids[-1]) if ids else None
            (folder / f"{len(ids):03d}_{id}.py").write_text(
                f'"""what {id} does"""\n\n'
                "import sqlalchemy as sa\n\n"
                "from flask_schemamigrate import op\n\n"
                f'revision = "{id}"\ndown_revision = {parent}\n\n\n{body}',
                encoding="utf-8",
            )
            ids.append(id)

    return write


@pytest.fixture
def new_app(project: Path) -> Iterator[Callable[..., Flask]]:
    """Make an app for a database: ``new_app(url)``; more goes to SchemaMigrate."""
    engines: list[sa.Engine] = []

    def make(url: str | None = None, **given: Any) -> Flask:
        app = Flask("shop", root_path=str(project))
        if url is not None:
            engine = sa.create_engine(url, poolclass=sa.NullPool)
            engines.append(engine)
            given.setdefault("engines", engine)
        given.setdefault("metadatas", sa.MetaData())
        SchemaMigrate(app, **given)
        return app

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture
def run(new_app: Callable[..., Flask]) -> Callable[..., str]:
    """Call the command line for a database: ``run(database, "upgrade", "--sql")``."""

    def call(database: Database, *arguments: str, exit_code: int = 0) -> str:
        result = new_app(database.url).test_cli_runner().invoke(args=["db", *arguments])
        assert result.exit_code == exit_code, result.output
        return result.output if exit_code else result.stdout

    return call
