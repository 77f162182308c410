"""The history with every habit: as it is, after import-alembic, and there and back again."""

from __future__ import annotations

import ast
import sys

import pytest

from flask_schemamigrate.commands.edited import edited
from flask_schemamigrate.commands.returning import give_back
from flask_schemamigrate.revisions import checksum
from flask_schemamigrate.takeover.exporting import export_alembic
from flask_schemamigrate.takeover.importing import import_alembic
from tests import native_schema

HEAD = "an_own_operation"


def unchanged(project):
    return project


def imported(project):
    import_alembic(project.environment)
    assert "alembic import op" not in sources(project)
    return project


def there_and_back(project):
    import_alembic(project.environment)
    export_alembic(project.environment)
    assert "flask_schemamigrate" not in sources(project)
    return project


def sources(project) -> str:
    return "".join(path.read_text() for path in (project.folder / "versions").rglob("*.py"))


@pytest.mark.parametrize("form", [unchanged, imported, there_and_back])
def test_it_runs_up_and_down_and_up_again(old, form):
    old.at()
    project = form(old)

    assert [done.revision for done in project.upgrade()][-1] == HEAD
    schema, rows = native_schema.schema(old.database.url), native_schema.rows(old.database.url)
    assert project.versions() == [HEAD]
    assert "account: 2 | bob@example.org | 1 | True | Robert | None".lower() in [
        row.lower().replace("| 1 | 1 |", "| 1 | true |") for row in rows
    ]

    project.downgrade("base")
    assert project.versions() == []
    assert [line for line in native_schema.schema(old.database.url) if "account" in line] == []

    project.upgrade()
    assert native_schema.schema(old.database.url) == schema
    assert native_schema.rows(old.database.url) == rows
    assert "alembic" not in sys.modules


def test_a_database_that_was_brought_to_head_before_the_rewriting_has_nothing_to_do(old):
    old.at()
    old.upgrade()
    imported(old)

    assert old.upgrade() == []


def test_every_file_counts_the_same_after_the_rewriting_and_after_going_back(old):
    paths = sorted((old.folder / "versions").rglob("*.py"))
    before = [checksum.of(path) for path in paths]
    import_alembic(old.environment)
    between = [checksum.of(path) for path in paths]
    export_alembic(old.environment)

    assert between == before
    assert [checksum.of(path) for path in paths] == before


def test_the_rewriting_touches_nothing_but_imports(old):
    paths = sorted((old.folder / "versions").rglob("*.py"))
    before = [path.read_text().splitlines() for path in paths]
    import_alembic(old.environment)

    for path, lines in zip(paths, before, strict=True):
        changed = [new for new in path.read_text().splitlines() if new not in lines]
        nodes = ast.parse("\n".join(changed)).body
        assert all(isinstance(node, ast.ImportFrom | ast.Import) for node in nodes)


def test_a_second_rewriting_finds_nothing_to_do(old):
    first = import_alembic(old.environment)
    second = import_alembic(old.environment)

    assert first.rewritten
    assert second.rewritten == ()


def test_a_dry_run_shows_what_would_change_and_changes_nothing(old):
    before = sources(old)
    done = import_alembic(old.environment, dry_run=True)

    assert (
        "-from alembic import op\n+from flask_schemamigrate import op\n" in done.rewritten[0].diff
    )
    assert sources(old) == before


def test_what_is_answered_in_memory_only_is_named_by_file_and_line(old):
    found = [(each.file, each.line) for each in import_alembic(old.environment).findings]

    assert found == [("migrations/versions/0002 - rows and sessions.py", n) for n in (6, 8)]


def test_giving_a_database_back_writes_what_alembic_would_have(old):
    old.upgrade()
    given = list(give_back(old.environment))

    assert [each.versions for each in given] == [(HEAD,)]
    assert old.versions() == [HEAD]


def test_no_file_counts_as_edited_after_its_imports_were_rewritten(old):
    from flask_schemamigrate.commands.databases import databases, standing

    old.upgrade()
    imported(old)
    environment = old.environment
    database = databases(environment)[0]
    with database.connect() as connection:
        assert edited(standing(database, environment.graph(), connection)) == ()
