"""A rule that the rows which were there do not keep to yet: NOT VALID, in PostgreSQL's words."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from flask_schemamigrate.autogenerate import message_for
from tests.autogenerate.models import ck, col, fk, fkc, metadata, t, table

INT = sa.Integer
DROPS = "ALTER TABLE t DROP CONSTRAINT rule, DROP CONSTRAINT led"
ADDS = (
    "ALTER TABLE t ADD CONSTRAINT rule CHECK (name IN ('a', 'b')) NOT VALID,"
    " ADD CONSTRAINT led FOREIGN KEY (u_id) REFERENCES u NOT VALID"
)


def models(*rules, **said):
    led = fkc(["u_id"], ["u.id"], name="led", **said)
    check = ck("name IN ('a', 'b')", name="rule", **said)
    return metadata(table("u"), t(col("name", sa.Text), col("u_id", INT), check, led, *rules))


@pytest.fixture
def room(new_room):
    room = new_room("postgresql")
    room.reach(models())
    return room


def test_what_is_not_valid_is_validated_where_it_is(room):
    room.execute(DROPS, ADDS)
    resolved = room.resolved(models())
    source = room.written(resolved)
    assert source.upgrade == [
        'op.validate_constraint("rule", "t")',
        'op.validate_constraint("led", "t")',
    ]
    assert message_for(resolved.operations) == "change t"
    room.run(source.upgrade, source.imports)
    assert room.resolved(models()).lines == []
    room.run(source.downgrade, source.imports)


def test_what_is_not_valid_and_has_a_name_of_the_databases_is_validated_under_it(new_room):
    room = new_room("postgresql")
    wanted = metadata(table("u"), t(col("u_id", INT, fk("u.id")), ck("u_id > 0")))
    room.reach(metadata(table("u"), t(col("u_id", INT))))
    room.execute(
        "ALTER TABLE t ADD FOREIGN KEY (u_id) REFERENCES u NOT VALID",
        "ALTER TABLE t ADD CHECK (u_id > 0) NOT VALID",
    )
    resolved = room.resolved(wanted)
    assert resolved.lines == ["~ t t_u_id_check validated", "~ t t_u_id_fkey validated"]


def test_what_says_something_else_besides_is_made_anew(room):
    room.execute(DROPS, ADDS.replace("'b'", "'c'").replace("REFERENCES u", "REFERENCES t"))
    lines = room.resolved(models()).lines
    assert [line for line in lines if "validated" in line] == []
    assert {line[0] for line in lines} == {"+", "-"}


def test_rows_that_were_looked_at_since_are_no_difference(new_room):
    room = new_room("postgresql")
    unlooked = models(ck("u_id < 9", postgresql_not_valid=True), postgresql_not_valid=True)
    room.reach(unlooked)
    assert room.resolved(unlooked).lines == []
    for (name,) in room.rows("SELECT conname FROM pg_constraint WHERE NOT convalidated"):
        room.execute(f"ALTER TABLE t VALIDATE CONSTRAINT {name}")
    assert room.resolved(unlooked).lines == []


def test_a_rule_whose_column_changes_is_validated_all_the_same(room):
    room.execute(DROPS, ADDS.replace("CHECK (name IN ('a', 'b'))", "CHECK (name <> '')"))
    wanted = metadata(
        table("u", col("id", sa.BigInteger, primary_key=True), key=False),
        t(
            col("name", sa.String(9)),
            col("u_id", sa.BigInteger),
            ck("name <> ''", name="rule"),
            fkc(["u_id"], ["u.id"], name="led"),
        ),
    )
    room.reach(wanted)
    assert room.resolved(wanted).lines == []
