"""An app's signals tell what happens to its databases, and nothing that listens can break a run."""

from __future__ import annotations

import pytest

from flask_schemamigrate import signals
from flask_schemamigrate.errors.runs import StatementFailed
from flask_schemamigrate.runner.events import Carried, Started
from flask_schemamigrate.signals import Failed

TABLE = """
def upgrade():
    op.create_table("person", sa.Column("id", sa.Integer, primary_key=True))

def downgrade():
    op.drop_table("person")
"""

FAILS = """
def upgrade():
    op.execute("INSERT INTO nowhere VALUES (1)")
"""


@pytest.fixture
def app(database, new_app, revisions):
    """An app with a revision that works and one that fails."""
    revisions(aa=TABLE, bb=FAILS)
    return new_app(database.url)


@pytest.fixture
def heard(app):
    """The sender and the payload of each signal of the app."""
    found = []

    def hear(sender, payload):
        found.append((sender, payload))

    for signal in (
        signals.migration_started,
        signals.migration_applied,
        signals.migration_failed,
    ):
        signal.connect(hear, app)
    yield found
    for signal in (
        signals.migration_started,
        signals.migration_applied,
        signals.migration_failed,
    ):
        signal.disconnect(hear, app)


def run(app, *arguments: str) -> int:
    return app.test_cli_runner().invoke(args=["db", *arguments]).exit_code


def test_a_revision_that_starts_is_applied_or_fails(app, heard):
    assert run(app, "upgrade") == 1

    assert {sender for sender, _ in heard} == {app}
    first, second, third, last = (payload for _, payload in heard)
    assert first == Started(None, "aa", "what aa does", "upgrade")
    assert isinstance(second, Carried)
    assert (second.revision, second.direction, second.seconds > 0) == ("aa", "upgrade", True)
    assert third == Started(None, "bb", "what bb does", "upgrade")
    assert isinstance(last, Failed)
    assert (last.bind, last.revision, last.direction) == (None, "bb", "upgrade")
    assert isinstance(last.error, StatementFailed)


def test_the_way_back_is_told_as_well(app, heard):
    run(app, "upgrade", "aa")
    heard.clear()

    assert run(app, "downgrade", "--yes") == 0

    directions = [payload.direction for _, payload in heard]
    assert directions == ["downgrade", "downgrade"]


def test_nothing_to_do_is_told_to_nobody(app, heard):
    run(app, "upgrade", "aa")
    heard.clear()

    assert run(app, "upgrade", "aa") == 0
    assert heard == []


@pytest.mark.parametrize("signal", ["migration_started", "migration_applied"])
def test_a_receiver_that_raises_is_logged_and_breaks_nothing(app, heard, signal, caplog):
    def broken(sender, payload):
        raise RuntimeError("the receiver is broken")

    with getattr(signals, signal).connected_to(broken, app):
        assert run(app, "upgrade", "aa") == 0

    assert "the receiver is broken" in caplog.text
    assert [type(payload) for _, payload in heard] == [Started, Carried]


def test_a_failure_is_told_though_its_receiver_raises(app, heard, caplog):
    def broken(sender, payload):
        raise RuntimeError("the receiver is broken")

    with signals.migration_failed.connected_to(broken, app):
        assert run(app, "upgrade") == 1

    assert "the receiver is broken" in caplog.text
    assert isinstance(heard[-1][1], Failed)
