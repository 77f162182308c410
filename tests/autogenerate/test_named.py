"""Domains, sequences and schemas: what their changes keep, and what revisions say of them."""

from __future__ import annotations

import secrets
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from flask_schemamigrate.autogenerate import Answers, Options
from flask_schemamigrate.errors.operations import Irreversible
from flask_schemamigrate.operations import (
    AlterDomain,
    AlterSequence,
    CreateDomain,
    CreateNamespace,
    DropDomain,
)
from flask_schemamigrate.schema import Check, Domain, Schema, Sequence, Type
from tests.autogenerate.models import col, maker, metadata, t, table
from tests.autogenerate.named_cases import DOMAIN, counted, email
from tests.databases.servers import KINDS

INT, STR = sa.Integer, sa.String(20)


@pytest.fixture
def postgresql(new_room):
    """An empty PostgreSQL database."""
    return new_room("postgresql")


def test_a_column_of_a_new_domain_brings_it(postgresql):
    postgresql.reach(metadata(t()))
    after = metadata(*email(check="VALUE ~ '@'", default="a@b", not_null=True))
    source = postgresql.written(postgresql.resolved(after))
    assert "\n".join(source.upgrade) == (
        "op.create_domain(\n"
        '    "email",\n'
        "    sa.String(length=200),\n"
        "    nullable=False,\n"
        '    default="a@b",\n'
        '    checks={"email_check": "VALUE ~ \'@\'"},\n'
        ")\n"
        "op.add_column(\n"
        '    "t",\n'
        "    sa.Column(\n"
        '        "a",\n'
        '        postgresql.DOMAIN(name="email", data_type=sa.String(length=200)),\n'
        "        nullable=True,\n"
        "    ),\n"
        ")"
    )
    assert source.downgrade == ['op.drop_column("t", "a")', 'op.drop_domain("email")']


def test_rows_are_still_there_after_a_domain_got_another_base_type(postgresql):
    size = [t(col("a", DOMAIN("size", INT, check="VALUE > 0"), server_default="7"))]
    larger = [t(col("a", DOMAIN("size", sa.BigInteger, check="VALUE > 0"), server_default="7"))]
    postgresql.reach(metadata(*size))
    postgresql.execute("INSERT INTO t (a) VALUES (1), (NULL), (DEFAULT)")
    source = postgresql.reach(metadata(*larger))
    assert postgresql.rows("SELECT a FROM t ORDER BY id") == [(1,), (None,), (7,)]
    postgresql.run(source.downgrade, source.imports)
    assert postgresql.rows("SELECT a FROM t ORDER BY id") == [(1,), (None,), (7,)]


def test_a_domain_that_another_table_uses_is_never_dropped(postgresql):
    postgresql.reach(metadata(*email(check="VALUE ~ '@'")))
    postgresql.execute("CREATE TABLE theirs (a email)")
    postgresql.options = Options(owned=lambda key: key != "theirs")
    assert postgresql.resolved(metadata(t())).lines == ["- t.a"]


@pytest.mark.parametrize("kept", [Options(), Options(owned=lambda key: True, exclude=("email",))])
def test_a_domain_of_somebody_else_stays(postgresql, kept):
    postgresql.reach(metadata(t()))
    postgresql.execute("CREATE DOMAIN email AS text CHECK (VALUE ~ '@')")
    postgresql.options = kept
    assert postgresql.resolved(metadata(t())).lines == []


def test_a_domain_made_by_the_models_is_unchanged(postgresql):
    models = metadata(
        t(
            col("a", DOMAIN("email", STR, check="VALUE ~ '@'", default="it's", not_null=True)),
            col("b", DOMAIN("moment", sa.DateTime, default=sa.func.now())),
            col("c", DOMAIN("code", sa.Integer, check=sa.text("VALUE BETWEEN 1 AND 9"))),
        )
    )
    models.create_all(postgresql.engine)
    assert postgresql.resolved(models).lines == []


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_sequence_goes_on_counting_when_it_changes(new_room, kind):
    room = new_room(kind)
    room.reach(metadata(*counted(start=5)))
    next_value = "SELECT nextval('counter')" if kind == "postgresql" else "SELECT NEXTVAL(counter)"
    assert room.rows(next_value) == [(5,)]
    room.reach(metadata(*counted(start=5, increment=10, cache=1)))
    assert room.rows(next_value) != [(5,)]


def test_a_sequence_that_the_server_spaces_differs_by_its_increment_alone(new_room):
    room = new_room("mariadb")
    room.execute("CREATE SEQUENCE counter INCREMENT BY 0")
    lines = room.resolved(metadata(*counted())).lines
    assert "~ sequence counter increment by default" in lines


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_schema_is_dropped_on_the_way_down_only_if_it_is_empty(new_room, kind):
    room = new_room(kind)
    # On MariaDB a schema is a database, which other tests would see.
    name = f"schemamigrate_test_{secrets.token_hex(4)}"
    room.reach(metadata(t()))
    after = metadata(t(), table("u", col("a", INT), schema=name))
    source = room.written(room.resolved(after))
    assert source.downgrade[-1] == f'op.drop_schema("{name}", if_empty=True)'
    try:
        room.run(source.upgrade, source.imports)
        room.execute(f"CREATE TABLE {name}.theirs (a integer)")
        room.run(source.downgrade, source.imports)
        assert set(room.read(name).tables) == {"t", f"{name}.theirs"}
        room.execute(f"DROP TABLE {name}.theirs")
        room.run(source.upgrade[1:], source.imports)
        room.run(source.downgrade, source.imports)
        found = "SELECT schema_name FROM information_schema.schemata WHERE schema_name"
        assert room.rows(f"{found} = '{name}'") == []
    finally:
        room.execute(f"DROP SCHEMA IF EXISTS {name}" + " CASCADE" * (kind == "postgresql"))


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_schema_that_a_revision_created_goes_with_its_last_table(new_room, kind):
    room = new_room(kind)
    name = f"schemamigrate_test_{secrets.token_hex(4)}"
    room.options = replace(room.options, schemas=frozenset({name}), own_schemas=frozenset({name}))
    models = metadata(t(), table("u", col("a", sa.Enum("x", name="e", schema=name)), schema=name))
    try:
        room.reach(models)
        source = room.reach(metadata(t()))
        assert room.resolved(metadata(t())).lines == []
        assert name not in room.read(name).namespaces
        room.run(source.downgrade, source.imports)
        assert room.resolved(models).lines == []
    finally:
        room.execute(f"DROP SCHEMA IF EXISTS {name}" + " CASCADE" * (kind == "postgresql"))


@pytest.mark.parametrize("own", [frozenset(), frozenset({"extra"})])
def test_a_schema_that_others_made_or_use_stays_without_its_last_table(postgresql, own):
    room = postgresql
    room.options = replace(
        room.options, owned="extra.u".__eq__, schemas=frozenset({"extra"}), own_schemas=own
    )
    room.reach(metadata(t(), table("u", schema="extra")))
    room.execute(*(["CREATE TABLE extra.theirs (a integer)"] if own else []))
    assert room.resolved(metadata(t())).lines == ["- extra.u"]


def test_a_sequence_or_domain_in_a_schema_of_its_own_is_found_there(postgresql):
    number = maker(sa.Sequence)("counter", schema="extra", start=3)
    domain = DOMAIN("email", STR, schema="extra", check="VALUE <> ''")
    models = metadata(t(col("a", INT, number), col("b", domain)))
    postgresql.reach(models)
    assert postgresql.resolved(models).lines == []


def test_a_domain_is_created_once_if_asked(postgresql):
    line = 'op.create_domain("email", sa.Text(), checks={"has_at": "VALUE ~ \'@\'"}'
    postgresql.run([f"{line})", f"{line}, if_not_exists=True)"], ("import sqlalchemy as sa",))
    postgresql.run(['op.drop_domain("email")', 'op.drop_domain("email", if_exists=True)'])
    assert postgresql.read().domains == {}


EMAIL = Domain("email", Type("text"), default="'x'", checks={"c": Check("VALUE <> ''", "c")})
COUNTER = Sequence("counter", start=5, increment=2)
BEFORE = Schema(domains={"email": EMAIL}, sequences={"counter": COUNTER})


@pytest.mark.parametrize(
    "operation",
    [
        CreateDomain(Domain("other", Type("integer"))),
        DropDomain("email"),
        AlterDomain("email", nullable=False, default=None, dropped=("c",)),
        AlterDomain("email", added=(Check("VALUE ~ '@'", "d"),)),
        AlterSequence("counter", start=9, increment=None, cycle=True),
        CreateNamespace("extra"),
    ],
)
def test_a_reverse_leads_back(operation):
    after = operation.apply(BEFORE)
    assert after != BEFORE
    assert operation.reverse(BEFORE).apply(after) == BEFORE


def test_what_is_not_known_cannot_be_taken_back():
    with pytest.raises(Irreversible):
        AlterDomain("email", nullable=False).reverse(Schema())
    with pytest.raises(Irreversible):
        AlterSequence("counter", increment=3).reverse(Schema())


def test_a_domain_made_by_hand_is_that_of_the_models(postgresql):
    postgresql.execute("CREATE DOMAIN email AS varchar(200) CONSTRAINT has_at CHECK (VALUE ~ '@')")
    postgresql.execute("CREATE TABLE t (id serial PRIMARY KEY, a email)")
    named = pg.DOMAIN("email", sa.String(200), check="VALUE ~ '@'", constraint_name="has_at")
    assert postgresql.resolved(metadata(t(maker(sa.Column)("a", named)))).lines == []


def test_a_column_that_was_filled_is_dropped_at_once_on_the_way_back(room):
    room.reach(metadata(t()))
    answers = Answers.parse(fill=["t.b=7"])
    resolved = room.resolved(metadata(t(col("b", INT, nullable=False))), answers)
    assert room.written(resolved).downgrade == ['op.drop_column("t", "b")']


def test_not_null_is_taken_back_where_the_column_stays(room):
    room.reach(metadata(t(col("b", INT))))
    resolved = room.resolved(metadata(t(col("b", INT, nullable=False))))
    assert "nullable=True" in "\n".join(room.written(resolved).downgrade)


def test_process_revision_directives_sees_and_names_the_revision(new_room):
    seen = []

    def named(context, revision, directives):
        seen.append((directives[0].message, directives[0].rev_id))
        directives[0].message, directives[0].rev_id = "other", "ab12"

    room = new_room("sqlite")
    room.options = Options(process_revision_directives=named, message="mine", rev_id="cd34")
    resolved = room.resolved(metadata(t()))
    assert seen == [("mine", "cd34")]
    assert (resolved.message, resolved.rev_id) == ("other", "ab12")
