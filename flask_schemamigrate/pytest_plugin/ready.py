"""The ready-made tests that ``pytest --schemamigrate`` adds to the suite of an app."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import pytest

from ..errors import SchemaMigrateError
from ..errors.runs import NotReversible
from ..schema import Schema
from .moving import Migrations
from .notes import NOTE
from .reading import differences

Schemas = dict[str | None, Schema]
Made = dict[str, dict[str, Any]]
Note = Callable[[str, object], None]

AGAIN = " again after it was taken back"
UP = "Mend its upgrade()."
DOWN = "Mend its downgrade()."


def test_the_revisions_have_one_head(migrations: Migrations) -> None:
    """Otherwise ``flask db upgrade`` does not know where to go."""
    heads = migrations.graph.own_heads
    if len(heads) > 1:
        named = [f"{id} ({migrations.graph[id].message})" for id in heads]
        _fail(
            f"There are {len(heads)} heads: {', '.join(named)}.",
            "Join them with 'flask db merge', or put yours on top with 'flask db rebase'.",
        )


def test_an_empty_database_can_be_upgraded(migrations: Migrations) -> None:
    """As whoever begins with a fresh clone does."""
    try:
        migrations.upgrade("heads")
    except SchemaMigrateError as error:
        _fail(
            f"An empty database cannot be upgraded. {error.message}",
            "Mend the revision; 'flask db upgrade' with an empty database does the same.",
        )


def test_the_models_equal_the_migrated_database(migrations: Migrations) -> None:
    """What was changed in the models has its revision."""
    _begin(migrations, "heads")
    if found := migrations.differences():
        _fail(
            "The models differ from the database that the revisions lead to:",
            "Write a revision for this with 'flask db migrate', or mend the one that should do it.",
            *found,
        )


def test_every_revision_goes_down_and_up_again(
    migrations: Migrations, record_property: Note
) -> None:
    """A revision that is taken back and carried out again comes to the same."""
    for id in migrations.graph.order:
        _up(migrations, id)
        there = _schemas(migrations)
        if not _down(migrations, id, note=record_property):
            continue
        _up(migrations, id, AGAIN)
        if found := _differences(migrations, there, _schemas(migrations)):
            _fail(
                f"Revision {id} makes something else when it is carried out again:",
                "Let its downgrade() undo all that its upgrade() does, and nothing more.",
                *found,
            )


def test_a_downgrade_leaves_nothing_behind(migrations: Migrations, record_property: Note) -> None:
    """A revision that is taken back leaves the database as it was before."""
    for id in migrations.graph.order:
        before = _schemas(migrations)
        _up(migrations, id)
        if not _down(migrations, id, note=record_property):
            continue
        if found := _differences(migrations, before, _schemas(migrations)):
            _fail(
                f"Revision {id}, taken back, does not leave the database as it was before:",
                "Let its downgrade() undo this as well.",
                *found,
            )
        _up(migrations, id, AGAIN)


def test_every_revision_runs_on_tables_with_rows(
    migrations: Migrations, record_property: Note
) -> None:
    """In production no table is empty: a revision runs on rows, there and back."""
    rows: Made = {}
    for id in migrations.graph.order:
        _up(migrations, id, " on tables with rows", rows)
        _fill(migrations, rows, record_property, id)
        if _down(migrations, id, " from tables with rows", rows=rows, note=record_property):
            _up(migrations, id, " a second time on tables with rows", rows)
            _fill(migrations, rows, record_property, id)


def _begin(migrations: Migrations, revision: str) -> None:
    """Go to where a test begins; how that goes is another test's affair."""
    try:
        migrations.upgrade(revision)
    except SchemaMigrateError as error:
        _fail(f"The database cannot be upgraded to begin with. {error.message}", error.hint or "")


def _up(migrations: Migrations, id: str, how: str = "", rows: Made | None = None) -> None:
    """Carry out a revision, or fail in words."""
    try:
        migrations.upgrade(id)
    except SchemaMigrateError as error:
        mend = "Let its downgrade() undo all that its upgrade() does." if how == AGAIN else UP
        _fail_with(error, f"Revision {id} cannot be carried out{how}.", mend, rows)


def _down(
    migrations: Migrations, id: str, how: str = "", *, note: Note, rows: Made | None = None
) -> bool:
    """Take a revision back, and nothing else; or fail in words.

    False if it says that it cannot be taken back.
    """
    try:
        migrations.downgrade(f"{id}@-1")
    except NotReversible as error:
        note(NOTE, error.message)
        return False
    except SchemaMigrateError as error:
        _fail_with(error, f"Revision {id} cannot be taken back{how}.", DOWN, rows)
    return True


def _fail_with(error: SchemaMigrateError, what: str, mend: str, rows: Made | None) -> NoReturn:
    if rows:
        mend += (
            " A NOT NULL column needs something in the rows ('flask db migrate --fill'). Where "
            "made-up rows do not do, give values in a fixture 'schemamigrate_rows'."
        )
    made = [f"row of {table}: {row}" for table, row in (rows or {}).items()]
    _fail(f"{what} {error.message}", mend, *made)


def _fill(migrations: Migrations, rows: Made, note: Note, at: str) -> None:
    """Put a row into each table that has none, and say for which none could be made."""
    for bind in migrations.databases:
        filled = migrations.fill(bind)
        rows.update(filled.rows)
        for table, reason in filled.missed.items():
            note(NOTE, f"at {at}, no row could be made for {table}: {reason}")


def _schemas(migrations: Migrations) -> Schemas:
    return {bind: migrations.schema(bind) for bind in migrations.databases}


def _differences(migrations: Migrations, before: Schemas, after: Schemas) -> list[str]:
    """What is in one set of databases and not in the other, with the bind if there are several."""
    found = []
    for bind, schema in before.items():
        prefix = f"[{bind or 'default'}] " if len(before) > 1 else ""
        dialect = migrations.dialect(bind)
        found += [f"{prefix}{line}" for line in differences(schema, after[bind], dialect)]
    return found


def _fail(what: str, mend: str, *found: str) -> NoReturn:
    """Fail with what was found and what to do about it, and without the error it came from."""
    text = "\n".join([what, *(f"  {line}" for line in found), mend])
    raise pytest.fail.Exception(text, pytrace=False) from None
