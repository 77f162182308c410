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
    ("code", "names", "places", "schemas"),
    [
        ("op.create_table('t')", {"t"}, set(), set()),
        ("op.create_table('t', schema='s')", {"t"}, {"s"}, set()),
        ("op.create_table('t', sa.Column('a'),\n        schema='s')", {"t"}, {"s"}, set()),
        ("op.create_table('t', schema=computed())", {"t"}, set(), set()),
        ('op.create_table("it\'s")', {"it's"}, set(), set()),
        ("op.create_table('a\\\\b')", {"a\\b"}, set(), set()),
        ("op.create_table('[t]')", {"[t]"}, set(), set()),
        ("op.rename_table('t', 'u', schema='s')", {"u"}, {"s"}, set()),
        ("op.create_foreign_key('f', 't', 'u', [], [], referent_schema='s')", set(), set(), set()),
        ("op.add_column('t', c, schema='s')", set(), set(), set()),
        ("op.create_schema('s', if_not_exists=True)", set(), set(), {"s"}),
        ("op.execute('CREATE SCHEMA IF NOT EXISTS \"s\"')", set(), set(), {"s"}),
        ("op.execute('CREATE TABLE `s`.`t` (a int)')", {"t"}, set(), set()),
    ],
)
def test_what_a_revision_creates_is_read_from_its_text(created, code, names, places, schemas):
    assert created(code) == creations.Creations(
        frozenset(names), frozenset(places), frozenset(schemas)
    )
