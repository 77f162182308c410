"""The key by which an operation goes through rows leads to each of them, or is refused."""

from __future__ import annotations

import pytest

from flask_schemamigrate.errors.operations import UnknownColumn, WrongArgument

CODES = """
op.create_table(
    "thing",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("code", sa.String(5), unique=True),
    sa.Column("size", sa.Integer),
)
codes = ["a", None, "c", None]
rows = [{"id": number, "code": code} for number, code in enumerate(codes, 1)]
op.bulk_insert(sa.table("thing", sa.column("id"), sa.column("code")), rows)
"""
NAMED = """
def named(connection, rows):
    return [{**row, "size": 1} for row in rows]
"""
BACKFILL = "op.backfill('thing', {'size': 1}, key=['code'], batch=3)"
RUN_DATA = "op.run_data(named, 'thing', key=['code'], batch=3)"


@pytest.mark.parametrize("operation", [BACKFILL, RUN_DATA])
def test_no_row_is_passed_over_for_a_null_in_its_key(project, operation):
    project.revision("a", CODES)
    project.revision("b", operation, more=NAMED)
    project.upgrade("a")

    with pytest.raises(WrongArgument, match="NULL in their key 'code'"):
        project.upgrade()

    assert project.rows("SELECT COUNT(size) FROM thing") == [(0,)]
    assert not project.status.unfinished


def test_rows_that_are_not_asked_for_may_have_null_in_their_key(project):
    project.revision("a", CODES)
    where = "where='size IS NULL AND code IS NOT NULL'"
    project.revision("b", f"op.backfill('thing', {{'size': 1}}, {where}, key=['code'], batch=1)")

    project.upgrade()

    assert project.rows("SELECT COUNT(size) FROM thing") == [(2,)]


@pytest.mark.parametrize(
    "operation",
    [
        "op.backfill('thing', {'size': 1}, key=['nope'])",
        "op.backfill('thing', {'nope': 1})",
        "op.run_data(print, 'thing', columns=['nope'])",
    ],
)
def test_a_column_that_is_not_there_is_named_before_anything_is_done(project, operation):
    project.revision("a", CODES)
    project.revision("b", operation)
    project.upgrade("a")

    with pytest.raises(UnknownColumn, match="'thing' has no column 'nope'"):
        project.upgrade()

    assert not project.status.unfinished


@pytest.mark.parametrize(
    ("kind", "values"),
    [("mood", "'zed', 'bad', 'abe'"), ("bool", "true, false")],
)
def test_a_function_is_given_the_rows_in_the_order_of_the_keys_own_type(project_on, kind, values):
    project = project_on("postgresql")
    project.revision(
        "a",
        f"""
        op.execute("CREATE TYPE mood AS ENUM ('zed', 'bad', 'abe')")
        op.execute("CREATE TABLE thing (code {kind} PRIMARY KEY, size integer)")
        op.execute("INSERT INTO thing SELECT unnest(ARRAY[{values}]::{kind}[])")
        """,
    )
    project.revision("b", "op.run_data(named, 'thing', batch=1)", more=NAMED)

    project.upgrade()

    assert project.rows("SELECT COUNT(*) FROM thing WHERE size IS NULL") == [(0,)]


@pytest.mark.parametrize("operation", [BACKFILL, RUN_DATA])
def test_a_key_that_is_another_value_once_it_was_read_is_refused(project_on, operation):
    project = project_on("postgresql")
    project.revision(
        "a",
        """
        op.execute("CREATE TABLE thing (code real PRIMARY KEY, size integer)")
        op.execute("INSERT INTO thing VALUES (0.1), (0.2), (0.3)")
        """,
    )
    project.revision("b", operation, more=NAMED)

    with pytest.raises(WrongArgument, match="does not equal itself"):
        project.upgrade()
