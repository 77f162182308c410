"""Types that SQLAlchemy, or the database, has no name for."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from flask_schemamigrate.autogenerate import Options
from flask_schemamigrate.errors.operations import NotSupportedHere
from tests.autogenerate.models import col, metadata, t
from tests.databases.servers import MARIADB_AND_MYSQL


class Place(sa.types.UserDefinedType[bytes]):
    """A type that puts an index on its table, as GeoAlchemy2's do."""

    cache_ok = True

    def __init__(self, spatial_index: bool = True) -> None:
        self.spatial_index = spatial_index

    def get_col_spec(self, **kw: object) -> str:
        return "INTEGER"


@pytest.fixture
def indexing():
    """Have the columns of such a type bring their index."""

    def bring(column, table):
        if isinstance(column.type, Place) and column.type.spatial_index:
            table.append_constraint(sa.Index(f"idx_{table.name}_{column.name}", column))

    sa.event.listen(sa.Column, "after_parent_attach", bring)
    yield
    sa.event.remove(sa.Column, "after_parent_attach", bring)


@pytest.mark.usefixtures("indexing")
def test_an_index_that_a_type_brings_is_made_once(room):
    models = metadata(t(col("a", Place())))

    source = room.reach(models)

    assert "Place(spatial_index=False)" in "\n".join(source.upgrade)
    assert [*room.read().tables["t"].indexes] == ["idx_t_a"]
    assert room.resolved(models).lines == []


@pytest.mark.usefixtures("indexing")
def test_an_index_that_a_type_brings_is_made_once_where_the_app_writes_the_type(room):
    def render_item(kind, item, context):
        if kind != "type" or not isinstance(item, Place):
            return False
        context.imports.add(f"from {__name__} import Place")
        return f"Place(spatial_index={item.spatial_index})"

    models = metadata(t(col("a", Place())))
    room.options = Options(render_item=render_item)

    room.reach(models)

    assert [*room.read().tables["t"].indexes] == ["idx_t_a"]


def unnamed(room) -> str:
    """A type of this database that SQLAlchemy has no class for."""
    if room.kind == "postgresql":
        room.execute("CREATE TYPE pair AS (a integer, b integer)")
        return "pair"
    return "point" if room.kind in MARIADB_AND_MYSQL else "POINT(2)"


def test_a_column_of_a_type_without_a_class_comes_back_by_its_text(room):
    room.execute(f"CREATE TABLE t (id INTEGER PRIMARY KEY, p {unnamed(room)})")
    before = room.read()

    source = room.reach(metadata(t()))
    assert "p" not in room.read().tables["t"].columns
    room.run(source.downgrade, source.imports)

    assert room.read() == before


@pytest.mark.parametrize(
    ("kind", "type_", "reason"),
    [
        ("sqlite", sa.ARRAY(sa.Integer), "sqlite does not support .*t.a .*: it has no ARRAY"),
        ("mariadb", sa.String(), "column t.a .*: VARCHAR requires a length"),
    ],
)
def test_a_model_that_cannot_be_in_the_database_is_named(new_room, kind, type_, reason):
    with pytest.raises(NotSupportedHere, match=reason):
        new_room(kind).compared(metadata(t(col("a", type_))))


class Sealed(sa.types.TypeDecorator[str]):
    """A type that keeps its values from being read in the database."""

    impl = sa.String
    cache_ok = True


def test_a_type_of_the_projects_own_is_not_to_be_replaced_by_a_plain_one(new_room):
    with pytest.raises(NotSupportedHere) as caught:
        new_room("mariadb").compared(metadata(t(col("a", Sealed()))))

    hint = str(caught.value.hint)
    assert "Sealed.load_dialect_impl()" in hint
    assert "sa.Text()" not in hint
