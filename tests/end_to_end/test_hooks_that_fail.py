"""Functions of the app that have a say in what is written, and end with an error themselves."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import flask_schemamigrate
from flask_schemamigrate.errors import HookRaised, SchemaMigrateError, SetupError


def failing(*_):
    raise KeyError("what the hook asked for")


@pytest.fixture
def written_by(new_app, sqlite):
    """What a command raises, with one of the hooks being this function."""
    metadata = sa.MetaData()
    sa.Table("person", metadata, sa.Column("id", sa.Integer, primary_key=True))

    def written_by(hook: str, function: object) -> SchemaMigrateError:
        app = new_app(sqlite.url, metadatas=metadata, **{hook: function})
        with app.app_context(), pytest.raises(SchemaMigrateError) as caught:
            flask_schemamigrate.migrate("people")
        return caught.value

    return written_by


@pytest.mark.parametrize("hook", ["include_object", "process_revision_directives", "render_item"])
def test_a_hook_that_fails_is_named_with_its_line(written_by, hook):
    error = written_by(hook, failing)

    assert isinstance(error, HookRaised)
    assert error.message.startswith(f"The hook {hook} raised KeyError: 'what the hook asked for'")
    assert f"{__file__}:{failing.__code__.co_firstlineno + 1}" in error.message
    assert isinstance(error.__cause__, KeyError)


def test_a_hook_for_alembics_operations_is_told_whose_operations_it_gets(written_by):
    class Rewriter:
        def __call__(self, context, revision, directives):
            raise ValueError("no dispatch function for object")

    error = written_by("process_revision_directives", Rewriter())

    assert "flask_schemamigrate.operations" in str(error.hint)
    assert "Rewriter" in str(error.hint)


def test_what_a_hook_refuses_in_words_of_its_own_stays_as_it_is(written_by):
    def refusing(*_):
        raise SetupError("Not on a Friday.")

    assert written_by("include_object", refusing).message == "Not on a Friday."
