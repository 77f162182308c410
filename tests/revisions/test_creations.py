"""What revisions say they create."""

from __future__ import annotations

import pytest

from flask_schemamigrate.revisions import creations, load

FILE = """\
revision = "a1"
down_revision = None


def upgrade():
    {code}


def downgrade():
    pass
"""


@pytest.fixture
def created(tmp_path):
    """What a history of one revision with this code creates."""

    def of(code):
        (tmp_path / "a1.py").write_text(FILE.format(code=code), encoding="utf-8")
        return creations.of(load([tmp_path]))

    return of


@pytest.mark.parametrize(
    ("code", "names", "anywhere", "places", "schemas"),
    [
        ("op.create_table('t')", {"t"}, set(), set(), set()),
        ("op.create_table('t', schema='s')", {"s.t"}, set(), {"s"}, set()),
        ("op.create_table('t', sa.Column('a'),\n        schema='s')", {"s.t"}, set(), {"s"}, set()),
        ("op.create_table(table_name='t', schema='s')", {"s.t"}, set(), {"s"}, set()),
        ("op.create_table('t', schema=None)", {"t"}, set(), set(), set()),
        ("op.create_table('t', schema=computed())", set(), {"t"}, set(), set()),
        ("op.create_table('t', **more)", set(), {"t"}, set(), set()),
        ("op.create_table(computed(), schema='s')", set(), set(), set(), set()),
        ('op.create_table("it\'s")', {"it's"}, set(), set(), set()),
        ("op.create_table('a\\\\b')", {"a\\b"}, set(), set(), set()),
        ("op.create_table('[t]')", {"[t]"}, set(), set(), set()),
        ("op.create_sequence('t', schema='s')", {"s.t"}, set(), {"s"}, set()),
        ("op.rename_table('t', 'u')", {"u"}, set(), set(), set()),
        ("op.rename_table('t', 'u', schema='s')", {"s.u"}, set(), {"s"}, set()),
        (
            "op.create_foreign_key('f', 't', 'u', [], [], referent_schema='s')",
            set(),
            set(),
            set(),
            set(),
        ),
        ("op.add_column('t', c, schema='s')", set(), set(), set(), set()),
        ("op.create_schema('s', if_not_exists=True)", set(), set(), set(), {"s"}),
        ("op.execute('CREATE SCHEMA IF NOT EXISTS \"s\"')", set(), set(), set(), {"s"}),
        ("op.execute('CREATE TABLE `s`.`t` (a int)')", {"s.t"}, set(), set(), set()),
        ("op.execute('CREATE TABLE t (a int)')", set(), {"t"}, set(), set()),
    ],
)
def test_what_a_revision_creates_is_read_from_its_text(
    created, code, names, anywhere, places, schemas
):
    assert created(code) == creations.Creations(
        frozenset(names), frozenset(anywhere), frozenset(places), frozenset(schemas)
    )


@pytest.mark.parametrize(
    ("code", "owned"),
    [
        ("op.create_table('t')", {"t"}),
        ("op.create_table('t', schema='s')", {"s.t"}),
        ("op.create_table('t', schema='home')", {"t"}),
        ("op.execute('CREATE TABLE s.t (a int)')", {"s.t"}),
        ("op.execute('CREATE TABLE t (a int)')", {"t", "s.t"}),
    ],
)
def test_a_table_of_the_same_name_in_another_schema_is_not_the_one_created(created, code, owned):
    assert {key for key in ("t", "s.t") if created(code).has(key, "home")} == owned


FOR_TWO = """\
revision = "a1"
down_revision = None


def upgrade():
    op.create_table("mine")


@op.upgrade("other")
def upgrade_other() -> None:
    op.create_table(
        "theirs",
    )


def both():
    op.create_table("ours")
"""


@pytest.mark.parametrize(
    ("binds", "names"),
    [
        ((None,), {"mine", "ours"}),
        (("other",), {"theirs", "ours"}),
        (("third",), {"ours"}),
        ((None, "other"), {"mine", "theirs", "ours"}),
    ],
)
def test_what_is_created_in_another_bind_is_not_created_here(tmp_path, binds, names):
    (tmp_path / "a1.py").write_text(FOR_TWO, encoding="utf-8")
    assert creations.of(load([tmp_path]), binds).names == names


def test_one_function_for_all_binds_creates_in_each(tmp_path):
    code = FILE.format(code="op.create_table('t')").replace("upgrade()", "upgrade(engine_name)")
    (tmp_path / "a1.py").write_text(code, encoding="utf-8")
    assert creations.of(load([tmp_path]), ["other"]).names == {"t"}
