"""How much memory, and how many questions, it takes to run what is large."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from flask_schemamigrate.operations import BulkInsert, Execute
from flask_schemamigrate.runner.fingerprints import fingerprint
from tests.databases.servers import MARIADB_AND_MYSQL

# A megabyte in words of two letters, each of which would be an object of fifty bytes.
LONG = 'op.execute("SELECT 1 /*" + "ab " * 400_000 + "*/")'


@contextmanager
def megabytes() -> Iterator[list[float]]:
    """What a block needs at most; the number is there when it ends."""
    found: list[float] = []
    tracemalloc.start()
    try:
        yield found
        found.append(tracemalloc.get_traced_memory()[1] / 1e6)
    finally:
        tracemalloc.stop()


def test_a_fingerprint_of_many_rows_is_taken_piece_by_piece():
    rows = [{"id": number, "name": f"name {number}"} for number in range(10_000)]
    operation = BulkInsert(sa.table("shop", sa.column("id"), sa.column("name")), rows)
    with megabytes() as taken:
        fingerprint(operation)
    assert taken[0] < 1


def test_a_long_statement_is_described_by_its_first_words():
    long = Execute("SELECT " + "ab " * 400_000)
    with megabytes() as taken:
        assert long.describe() == f"execute SELECT {'ab ' * 11}..."
    assert taken[0] < 4
    assert Execute("x" * 9_000).describe() == f"execute {'x' * 500} ..."
    assert Execute("SELECT 1,\n 2 ").describe() == "execute SELECT 1, 2"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_long_statement_is_not_taken_apart_into_words(project):
    project.revision("a", 'op.execute("SELECT 1")')
    project.upgrade()
    project.revision("b", LONG)
    with megabytes() as taken:
        project.upgrade()
    assert taken[0] < 12


@pytest.mark.parametrize("database", MARIADB_AND_MYSQL, indirect=True)
def test_a_statement_as_long_as_the_server_takes_one_is_written_down_in_part(project):
    ((most,),) = project.rows("SELECT @@max_allowed_packet")
    insert = f"\"INSERT INTO thing VALUES ('\" + 'x' * {int(most) - 1000} + \"')\""
    project.revision(
        "a",
        f"""
        op.create_table("thing", sa.Column("text", sa.Text(2**24)))
        op.execute({insert})
        op.get_bind().execute(sa.text({insert}))
        """,
    )

    project.upgrade()

    assert project.rows("SELECT COUNT(*) FROM thing") == [(2,)]


@pytest.mark.parametrize("database", MARIADB_AND_MYSQL, indirect=True)
def test_an_index_is_dropped_after_one_question(project):
    project.revision(
        "a",
        """
        op.create_table("other", sa.Column("id", sa.Integer, primary_key=True))
        key = sa.Column("to", sa.Integer, sa.ForeignKey("other.id", name="fk"))
        op.create_table("thing", sa.Column("n", sa.Integer), key)
        for number in range(3):
            op.create_index(f"ix{number}", "thing", ["n"])
        """,
        """
        for number in range(3):
            op.drop_index(f"ix{number}", "thing")
        op.drop_table("thing")
        op.drop_table("other")
        """,
    )
    project.upgrade()
    said: list[str] = []
    sa.event.listen(project.engine, "before_cursor_execute", lambda *given: said.append(given[2]))

    project.downgrade()

    first = next(place for place, text in enumerate(said) if text.startswith("DROP INDEX"))
    asked = [text for text in said[first:] if "thing" in text and "journal" not in text]
    assert [text.split()[0] for text in asked] == ["DROP", *["SHOW", "DROP"] * 2, "DROP"]
    assert not any("information_schema" in text for text in said[first:])
