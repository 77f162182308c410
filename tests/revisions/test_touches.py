"""Which tables a revision's text names."""

from __future__ import annotations

import pytest

from flask_schemamigrate.revisions import load, touches


@pytest.mark.parametrize(
    ("code", "tables"),
    [
        ("op.create_table('a', sa.Column('x'))", {"a"}),
        ("op.add_column(table_name='a', column=c)", {"a"}),
        ("op.add_column('a', c, schema='s')", {"s.a"}),
        ("op.rename_table('a', 'b')", {"a", "b"}),
        ("op.create_index('ix', 'a', ['x'])", {"a"}),
        ("op.drop_index('ix', table_name='a')", {"a"}),
        ("op.create_foreign_key('fk', 'a', 'b', ['x'], ['y'])", {"a"}),
        ("with op.batch_alter_table('a') as group:\n    group.drop_column('x')", {"a"}),
        ("with op.alter_table('a') as t:\n    t.create_index('ix', ['x'])", {"a"}),
        ("op.bulk_insert(sa.table('a', sa.column('x')), [])", {"a"}),
        ("op.execute('UPDATE a SET x = 1')", {"a"}),
        ("op.execute(sa.text('INSERT INTO s.\"a\" SELECT * FROM b'))", {"s.a", "b"}),
        ("op.execute('ALTER TABLE IF EXISTS a ADD b INT')", {"a"}),
        ("op.execute('CREATE INDEX ix ON a (x)')", {"a"}),
        ("op.execute('ALTER TABLE a ADD FOREIGN KEY (x) REFERENCES b ON UPDATE CASCADE')", {"a"}),
        ("op.add_column(name, c)", set()),
        ("op.get_bind()", set()),
        ("def broken(", set()),
    ],
)
def test_the_tables_that_are_named_literally_are_seen(tmp_path, code, tables):
    path = tmp_path / "a.py"
    path.write_text(code)

    assert touches.tables(path) == tables


def test_only_what_two_branches_touch_apart_is_shared(folder, write):
    def revision(id, below, table):
        write(
            id,
            source=f"revision = {id!r}\ndown_revision = {below!r}\n"
            f"def upgrade():\n    op.drop_table({table!r})\n",
        )

    revision("a", None, "common")
    revision("b", "a", "one")
    revision("b2", "b", "common")
    revision("c", "a", "one")
    revision("d", "a", "other")

    assert touches.shared(load([folder]), ["b2", "c", "d"]) == {"one": ("b", "c")}
