"""Nothing is dropped that no revision created, and what may not be compared is not."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from flask_schemamigrate.autogenerate import Options
from flask_schemamigrate.errors import NoModelsSeen
from tests.autogenerate.models import ck, col, ix, metadata, t, table

INT = sa.Integer
FOREIGN = ("alembic_version", "django_migrations", "flyway_schema_history", "spatial_ref_sys")


@pytest.fixture
def lite(new_room):
    """An empty SQLite database."""
    return new_room("sqlite")


def test_a_table_that_no_revision_created_is_listed_and_stays(room):
    room.options = Options(owned=lambda key: key in {"t"})
    room.execute("CREATE TABLE theirs (id INTEGER)")
    room.reach(metadata(t()))
    difference = room.compared(metadata(t(col("a", INT))))
    assert difference.unmanaged == {"theirs": "no revision created it"}
    room.reach(metadata(t(col("a", INT))))
    assert "theirs" in room.read().tables


def test_version_tables_of_others_are_nobodys_business(room):
    room.reach(metadata(t()))
    for name in (*FOREIGN, "our_history"):
        room.execute(f"CREATE TABLE {name} (id INTEGER)")
    difference = room.compared(metadata(t()), history_tables=frozenset({"our_history"}))
    assert difference.is_empty
    assert set(difference.unmanaged) == {*FOREIGN, "our_history"}


def test_a_view_that_is_mapped_as_a_table_is_not_created(room):
    room.reach(metadata(t(col("a", INT))))
    room.execute("CREATE VIEW seen AS SELECT id, a FROM t")
    assert room.resolved(metadata(t(col("a", INT)), table("seen", col("a", INT)))).lines == []


@pytest.mark.skipif(not hasattr(sa, "CreateView"), reason="SQLAlchemy 2.1 brings views")
def test_a_view_in_the_models_is_no_table(room):
    models = metadata(t(col("a", INT)))
    sa.CreateView(sa.select(models.tables["t"]), "seen", metadata=models)
    assert room.resolved(models).lines == ["+ t"]
    models.create_all(room.engine)
    assert room.resolved(models).lines == []


def test_a_sequence_that_no_revision_created_stays(new_room):
    room = new_room("postgresql")
    room.options = Options(owned=lambda key: key == "t")
    room.execute("CREATE SEQUENCE theirs")
    room.reach(metadata(t()))
    assert room.compared(metadata(t())).is_empty


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_sequence_comes_with_the_models_and_goes_with_them(new_room, kind):
    def counting(increment):
        models = metadata(t())
        sa.Sequence("counter", start=5, increment=increment, metadata=models)
        return models

    room = new_room(kind)
    room.reach(metadata(t()))
    first = room.read()
    source = room.reach(counting(2))
    assert source.upgrade == ['op.create_sequence("counter", start=5, increment=2)']
    assert room.compared(counting(2)).is_empty
    room.run(source.downgrade, source.imports)
    assert room.read() == first
    room.run(source.upgrade, source.imports)
    assert room.resolved(metadata(t())).lines == ["- sequence counter"]


def test_a_column_may_take_its_default_from_a_new_sequence(new_room):
    room = new_room("postgresql")
    room.reach(metadata(t()))
    models = metadata(t())
    counter = sa.Sequence("counter", metadata=models)
    column = sa.Column("n", sa.Integer, server_default=counter.next_value())
    models.tables["t"].append_column(column)
    room.reach(models)
    assert room.compared(models).is_empty


def test_metadata_without_tables_is_refused(lite):
    lite.reach(metadata(t()))
    with pytest.raises(NoModelsSeen, match="default"):
        lite.compared(sa.MetaData())


def test_metadata_in_which_every_known_table_would_vanish_is_refused(lite):
    lite.reach(metadata(t(), table("u")))
    with pytest.raises(NoModelsSeen, match="t, u"):
        lite.compared(metadata(table("other")))


def test_they_may_vanish_where_somebody_said_that_one_has_a_new_name(lite):
    lite.reach(metadata(t(), table("u")))
    difference = lite.compared(metadata(table("other")), renamed={"u": "other"})
    assert set(difference.wanted.tables) == {"other"}
    with pytest.raises(NoModelsSeen):
        lite.compared(metadata(table("other")), renamed={"v": "other"})


@pytest.mark.parametrize(
    ("exclude", "found"),
    [
        ((), ["+ t.b", "+ u"]),
        (("u",), ["+ t.b"]),
        (("t.b",), ["+ u"]),
        (("t", "u"), []),
        (("t.*", "?"), []),
    ],
)
def test_what_is_excluded_by_name_is_not_compared(lite, exclude, found):
    lite.reach(metadata(t(col("a", INT))))
    lite.options = Options(owned=lambda key: True, exclude=exclude)
    after = metadata(t(col("a", INT), col("b", INT)), table("u"))
    assert sorted(lite.resolved(after).lines) == found


def test_an_excluded_table_is_not_dropped(lite):
    lite.reach(metadata(t(), table("audit_log")))
    lite.options = Options(owned=lambda key: True, exclude=("audit_*",))
    assert lite.resolved(metadata(t())).lines == []


def test_include_object_sees_what_alembic_would_show(lite):
    seen = []

    def include(thing, name, type_, reflected, compare_to):
        seen.append((type(thing).__name__, name, type_, reflected, compare_to is not None))
        return name not in {"secret", "hidden"}

    lite.reach(metadata(t(col("a", INT), col("hidden", INT)), table("gone")))
    lite.options = Options(owned=lambda key: True, include_object=include)
    after = metadata(t(col("a", INT), col("secret", INT), ix("ix_a", "a")))
    assert sorted(lite.resolved(after).lines) == ["+ t index ix_a", "- gone"]
    assert ("Table", "t", "table", False, True) in seen
    assert ("Table", "gone", "table", True, False) in seen
    assert ("Column", "a", "column", False, True) in seen
    assert ("Column", "hidden", "column", True, False) in seen
    assert ("Index", "ix_a", "index", False, False) in seen


def test_include_object_sees_models_that_say_the_default_schema(new_room):
    seen = []

    def include(thing, name, type_, reflected, compare_to):
        seen.append((name, type_, type(thing), reflected))
        return not (type_ == "table" and thing.info.get("is_apart"))

    room = new_room("postgresql")
    room.options = Options(owned=lambda key: True, include_object=include)
    models = metadata(
        t(col("a", INT), schema="public"), table("u", schema="public", info={"is_apart": True})
    )
    room.reach(models)
    assert room.read().tables.keys() == {"t"}
    assert ("t", "table", sa.Table, False) in seen


def test_include_name_leaves_out_what_is_in_the_database(lite):
    def include(name, type_, parents):
        return not (type_ == "table" and name == "audit")

    lite.reach(metadata(t(), table("audit")))
    lite.options = Options(owned=lambda key: True, include_name=include)
    assert lite.resolved(metadata(t())).lines == []


def test_include_name_is_told_the_whole_name_of_a_table(lite):
    models = metadata(t())

    def include(name, type_, parents):
        return type_ != "table" or parents["schema_qualified_table_name"] in models.tables

    lite.reach(metadata(t(), table("audit")))
    lite.options = Options(owned=lambda key: True, include_name=include)
    assert lite.resolved(models).lines == []


def test_the_tables_of_the_history_are_not_shown_to_hooks(lite):
    def include(name, type_, parents):
        assert name != "history"
        return True

    lite.reach(metadata(t(), table("history")))
    lite.options = Options(history_tables=frozenset({"history"}), include_name=include)
    assert lite.resolved(metadata(t())).lines == []


@pytest.mark.parametrize(
    "how",
    [
        {"include_object": lambda thing, name, *_: name != "ix_hidden"},
        {"exclude": ("u.ix_hidden",)},
    ],
)
def test_an_index_of_a_new_table_can_be_left_out(lite, how):
    lite.reach(metadata(t()))
    lite.options = Options(owned=lambda key: True, **how)
    after = metadata(t(), table("u", col("a", INT), ix("ix_a", "a"), ix("ix_hidden", "a")))
    assert lite.reach(after).upgrade[-1] == 'op.create_index("ix_a", "u", ["a"])'
    assert lite.resolved(after).lines == []


@pytest.mark.parametrize(
    ("verdict", "found"),
    [
        (False, []),
        (True, ["~ t.a type INTEGER -> BIGINT"]),
        (None, ["~ t.a type INTEGER -> BIGINT"]),
    ],
)
def test_compare_type_has_the_last_word(lite, verdict, found):
    def same(context, inspected, column, inspected_type, type_):
        assert isinstance(column, sa.Column)
        assert inspected.table.name == "t"
        assert isinstance(inspected_type, sa.types.TypeEngine)
        return verdict if column.name == "a" else None

    lite.reach(metadata(t(col("a", INT))))
    lite.options = Options(compare_type=same)
    assert lite.resolved(metadata(t(col("a", sa.BigInteger)))).lines == found


def test_compare_server_default_is_asked_where_there_is_a_default(lite):
    asked = []

    def same(context, inspected, column, *defaults):
        assert context.impl.dialect.name == "sqlite"
        asked.append((inspected.table.name, inspected.name))
        return False

    lite.reach(metadata(t(col("a", INT), col("b", INT))))
    lite.options = Options(compare_server_default=same)
    after = metadata(t(col("a", INT, server_default="1"), col("b", sa.BigInteger)))
    assert lite.resolved(after).lines == ["~ t.b type INTEGER -> BIGINT"]
    assert set(asked) == {("t", "a")}


def test_types_and_defaults_are_not_compared_where_that_is_switched_off(lite):
    lite.reach(metadata(t(col("a", INT, server_default="1"))))
    lite.options = Options(compare_type=False, compare_server_default=False)
    assert lite.resolved(metadata(t(col("a", sa.BigInteger, server_default="2")))).lines == []


def test_schemas_are_compared_when_asked_for(new_room):
    room = new_room("postgresql")
    room.execute("CREATE SCHEMA extra", "CREATE TABLE extra.u (id integer)")
    room.reach(metadata(t()))
    assert "extra.u" not in room.compared(metadata(t())).before.tables
    for chosen in (True, ("extra",)):
        found = room.compared(metadata(t()), include_schemas=chosen, owned=lambda key: False)
        assert found.unmanaged == {"extra.u": "no revision created it"}


def test_a_naming_pattern_does_not_hide_a_check(lite):
    lite.reach(metadata(t(col("a", INT))))
    lite.options = Options(exclude=("t.ix_*",))
    after = metadata(t(col("a", INT), ck("a > 0", name="positive"), ix("ix_a", "a")))
    assert lite.resolved(after).lines == ["+ t check positive"]


def test_the_order_of_columns_is_compared_when_asked_for(room):
    a, b, c = col("a", INT), col("b", INT), col("c", INT)
    room.reach(metadata(t(a, b)))
    assert room.resolved(metadata(t(b, c, a))).lines == ["+ t.c"]
    room.options = Options(owned=lambda key: True, compare_column_order=True)
    first = [*room.read().tables["t"].columns]
    source = room.reach(metadata(t(b, c, a)))
    if room.kind != "postgresql":
        assert [*room.read().tables["t"].columns] == ["id", "b", "c", "a"]
    assert room.resolved(metadata(t(b, c, a))).lines == []
    room.run(source.downgrade, source.imports)
    assert [*room.read().tables["t"].columns] == first
    moved = room.resolved(metadata(t(b, a))).lines
    assert bool(moved) == (room.kind != "postgresql")
