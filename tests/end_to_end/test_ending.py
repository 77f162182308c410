"""How a command ends: typed, with its process; called in a test, without a trace."""

from __future__ import annotations

import gc

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.cli import FlaskGroup

from flask_schemamigrate import SchemaMigrate


@pytest.fixture
def app_on(project, revisions):
    """An app on the database of an engine, with one revision to carry out."""
    revisions(aa="def upgrade():\n    op.create_table('thing', sa.Column('id', sa.Integer))\n")

    def app_on(engine: sa.Engine) -> Flask:
        app = Flask("shop", root_path=str(project))
        SchemaMigrate(app, engines=engine, metadatas=sa.MetaData())
        return app

    return app_on


@pytest.fixture
def typed(monkeypatch):
    """Call what ``flask`` in a terminal calls, and say how many objects it took for settled."""
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "")

    def typed(app: Flask, *words: str) -> int:
        before = gc.get_freeze_count()
        FlaskGroup(create_app=lambda: app).main([*words], standalone_mode=False)
        try:
            return gc.get_freeze_count() - before
        finally:
            gc.unfreeze()

    return typed


@pytest.fixture
def pooled(sqlite):
    """An engine that keeps a connection when it is given back."""
    engine = sa.create_engine(sqlite.url, poolclass=sa.QueuePool)
    yield engine
    engine.dispose()


def test_a_typed_command_closes_its_connections_and_leaves_no_garbage_to_look_for(
    app_on, typed, pooled
):
    assert typed(app_on(pooled), "db", "upgrade") > 0

    assert pooled.pool.checkedin() == 0
    assert sa.inspect(pooled).has_table("thing")


def test_a_command_in_a_test_leaves_pools_and_garbage_as_they_are(app_on, pooled):
    before = gc.get_freeze_count()

    done = app_on(pooled).test_cli_runner().invoke(args=["db", "upgrade"])

    assert done.exit_code == 0
    assert gc.get_freeze_count() == before
    assert pooled.pool.checkedin() > 0


def test_a_database_in_memory_outlives_even_a_typed_command(app_on, typed):
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)

    typed(app_on(engine), "db", "upgrade")

    assert sa.inspect(engine).has_table("thing")
