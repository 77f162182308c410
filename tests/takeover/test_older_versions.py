"""Revisions that put back what an older one has defined, which they find through the context."""

from __future__ import annotations

import pytest

from flask_schemamigrate.commands import scripting
from flask_schemamigrate.errors import SchemaMigrateError

FIRST = """
from alembic import op

revision = "aa11"
down_revision = None
view = "CREATE VIEW v AS SELECT 1 AS a"


def upgrade():
    op.execute(view)


def downgrade():
    op.execute("DROP VIEW v")
"""

SECOND = """
from alembic import op

revision = "bb22"
down_revision = "aa11"


def upgrade():
    op.execute("DROP VIEW v")
    op.execute("CREATE VIEW v AS SELECT 2 AS a")


def downgrade():
    older = op.get_context().script.get_revision("ASKED")
    assert (older.revision, older.down_revision) == ("aa11", None)
    op.execute("DROP VIEW v")
    op.execute(older.module.view)
"""


@pytest.fixture
def views(project):
    """A project whose second revision takes a view back to what the first one says."""

    def views(asked: str = "aa11"):
        made = project("a")
        (made.folder / "versions" / "a.py").write_text(FIRST)
        (made.folder / "versions" / "b.py").write_text(SECOND.replace("ASKED", asked))
        return made

    return views


@pytest.mark.parametrize("asked", ["aa11", "aa", "bb22-1"])
def test_the_module_of_another_revision_is_found(views, asked):
    made = views(asked)
    made.upgrade()
    made.downgrade("aa11")

    assert made.database.rows("SELECT a FROM v") == [(1,)]


def test_the_module_of_another_revision_is_found_where_sql_is_written(views):
    written = "".join(scripting.downgrade_script(views().environment, "bb22:aa11"))

    assert "CREATE VIEW v AS SELECT 1 AS a;" in written


def test_a_revision_that_is_not_there_is_named(views):
    made = views("cc33")
    made.upgrade()

    with pytest.raises(SchemaMigrateError, match="cc33"):
        made.downgrade("aa11")
