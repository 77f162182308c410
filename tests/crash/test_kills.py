"""Whenever an upgrade is killed, the next one ends as if nothing had happened."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

HEADER = '''"""{id}

Revision ID: {id}
"""
import sqlalchemy as sa
from flask_schemamigrate import op

revision = "{id}"
down_revision = {below!r}
'''

PLAIN = """
def upgrade():
    op.create_table(
        "thing", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(50))
    )
    op.execute("INSERT INTO thing (id, name) VALUES (1, 'one')")
    op.add_column("thing", sa.Column("size", sa.Integer))
    op.bulk_insert(sa.table("thing", sa.column("id"), sa.column("size")), [{"id": 2, "size": 2}])
    op.create_index("ix_thing_size", "thing", ["size"])
"""

OUTSIDE = """
def upgrade():
    op.execute("INSERT INTO thing (id, name) VALUES (3, 'three')")
    with op.get_context().autocommit_block():
        op.create_index("ix_thing_name", "thing", ["name"], postgresql_concurrently=True)
        op.execute("UPDATE thing SET size = COALESCE(size, 0) + 1")
    op.add_column("thing", sa.Column("weight", sa.Integer))
    op.execute("UPDATE thing SET weight = size * 10")
"""


CREATE = """
def upgrade():
    op.create_table("{}", sa.Column("id", sa.Integer))
"""


@pytest.fixture
def revisions(tmp_path: Path) -> Path:
    """Two revisions: one of five plain statements, and one with a part outside a transaction."""
    folder = tmp_path / "migrations" / "versions"
    folder.mkdir(parents=True)
    (folder / "a1.py").write_text(HEADER.format(id="a1", below=None) + PLAIN)
    (folder / "a2.py").write_text(HEADER.format(id="a2", below="a1") + OUTSIDE)
    return folder.parent


def test_an_upgrade_killed_at_any_point_is_taken_up_where_it_was(database, revisions):
    assert len(rehearsed(database.url, revisions)) > 20


def test_taking_over_is_not_forgotten_wherever_it_is_killed(database, tmp_path):
    folder = tmp_path / "migrations" / "versions"
    folder.mkdir(parents=True)
    (folder / "old.py").write_text(HEADER.format(id="old", below=None) + CREATE.format("old"))
    (folder / "new.py").write_text(HEADER.format(id="new", below="old") + CREATE.format("new"))
    places = rehearsed(database.url, folder.parent, "old")
    assert any("CREATE TABLE schemamigrate_history" in place for place in places)


def rehearsed(*arguments: object) -> list[str]:
    """Where an upgrade was killed, each time with no trace after the next one."""
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("rehearsals.py"), *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    places = {line["point"]: line["place"] for line in lines if "place" in line}
    outcomes = [line for line in lines if "same" in line]
    assert len(outcomes) == len(places)
    for outcome in outcomes:
        assert outcome["same"], f"killed {places[outcome['point']]}\n{outcome}"
    return list(places.values())
