"""Reading a database into values."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.schema import (
    Check,
    Column,
    Computed,
    ForeignKey,
    Index,
    IndexKey,
    PrimaryKey,
    Type,
    Unique,
)
from tests.dialects.sqlite.revising import executed
from tests.dialects.sqlite.test_rebuild_keeps import RICH


def read(script, **how):
    engine = sa.create_engine("sqlite://", poolclass=StaticPool)
    executed(engine, script)
    with engine.connect() as connection:
        return for_engine(engine).read(connection, **how)


@pytest.fixture(scope="module")
def rich():
    return read(RICH)


def test_columns_have_all_that_their_text_says(rich):
    columns = rich.tables["pet"].columns
    assert columns["id"] == Column("id", Type("INTEGER"), False, autoincrement=True)
    assert columns["name"] == Column(
        "name",
        Type('VARCHAR(20) COLLATE "NOCASE"'),
        False,
        options={"on_conflict_not_null": "IGNORE"},
    )
    assert columns["untyped"] == Column("untyped", Type(""))
    assert columns["money"] == Column("money", Type("MONEY"), default='"free"')
    assert columns["age"] == Column("age", Type("INT"), default="1 + 1")
    assert columns["twice"].computed == Computed("age * 2", True)
    assert columns["thrice"].computed == Computed("age * 3", False)


def test_constraints_have_all_that_their_text_says(rich):
    pet = rich.tables["pet"]
    assert pet.primary_key == PrimaryKey(("id",))
    assert pet.options == {"autoincrement": True}
    assert pet.foreign_keys["fk_own"] == ForeignKey(
        *(("owner_id",), "owner", ("id",), "fk_own"),
        ondelete="CASCADE",
        deferrable=True,
        initially="DEFERRED",
    )
    assert list(pet.checks.values()) == [Check("age >= 0"), Check("length(name) > 0")]
    assert list(pet.uniques.values()) == [
        Unique(("odd name",), options={"on_conflict": "REPLACE"}),
        Unique(("name", "age"), "uq_both", options={"terms": ('COLLATE "BINARY"', "")}),
        Unique(("money", "id")),
    ]


def test_indexes_have_all_that_their_text_says(rich):
    assert rich.tables["pet"].indexes == {
        "ix_lower": Index(
            "ix_lower",
            (IndexKey(expression="lower(name)"), IndexKey("age", order="DESC")),
            where="age > 1",
        ),
        "ix odd": Index("ix odd", (IndexKey("odd name", collation="NOCASE"),), True),
    }


def test_views_and_virtual_tables_are_told_apart(rich):
    assert rich.views == {"old_pets"}
    found = read("CREATE VIRTUAL TABLE v USING fts5(a); CREATE TABLE v_other (x)")
    assert list(found.tables) == ["v_other"]
    assert found.unmanaged["v"] == "a virtual table of fts5"
    assert found.unmanaged["v_data"] == "belongs to v"


def test_a_foreign_key_without_columns_leads_to_the_primary_key():
    found = read(
        "CREATE TABLE Parent (b INT, a INT, PRIMARY KEY (a, b));"
        "CREATE TABLE c (x INT, y INT, FOREIGN KEY (x, y) REFERENCES PARENT)"
    )
    (key,) = found.tables["c"].foreign_keys.values()
    assert (key.referent, key.referent_columns) == ("Parent", ("a", "b"))


def test_columns_are_called_what_they_are_wherever_other_letters_name_them():
    found = read(
        "CREATE TABLE parent (Id INTEGER PRIMARY KEY);"
        "CREATE TABLE c (Name TEXT, up INT REFERENCES parent (ID), UNIQUE (name));"
        "CREATE INDEX i ON c (NAME, lower(Name))"
    )
    table = found.tables["c"]
    (key,), (unique,) = table.foreign_keys.values(), table.uniques.values()
    assert (key.referent_columns, unique.columns) == (("Id",), ("Name",))
    assert table.indexes["i"].keys == (IndexKey("Name"), IndexKey(expression="lower(Name)"))


def test_a_foreign_key_in_a_column_s_line_is_read_beside_constraints_with_lines_of_their_own():
    found = read(
        "CREATE TABLE t (\n  id INTEGER PRIMARY KEY,\n  up INTEGER REFERENCES t (id),\n"
        "  CONSTRAINT u UNIQUE (up)\n)"
    )
    assert list(found.tables["t"].foreign_keys) == ["foreign key (up) -> t (id)"]


def test_a_default_of_several_lines_is_no_constraint():
    found = read("CREATE TABLE t (\n  a TEXT DEFAULT 'x,\n  CHECK (a),\n  y',\n  b INTEGER\n)")
    assert found.tables["t"].checks == {}


def test_only_the_named_tables_are_read(rich):
    assert list(read(RICH, tables=["TOY"]).tables) == ["toy"]
    assert read(RICH, tables=[]).tables == {}


def test_a_table_is_found_by_a_name_in_any_script():
    found = read("CREATE TABLE Äpfel (id INTEGER);", tables=["Äpfel"])
    assert list(found.tables["Äpfel"].columns) == ["id"]


def test_an_attached_database_is_a_schema():
    found = read(
        "ATTACH ':memory:' AS aux; CREATE TABLE aux.p (id INTEGER PRIMARY KEY);"
        "CREATE TABLE aux.c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id));"
        "CREATE INDEX aux.ix ON c (p); CREATE TABLE c (x)",
        schemas=(None, "aux"),
    )
    assert set(found.tables) == {"c", "aux.c", "aux.p"}
    (key,) = found.tables["aux.c"].foreign_keys.values()
    assert key.referent == "aux.p"
    assert list(found.tables["aux.c"].indexes) == ["ix"]


def test_the_number_of_queries_does_not_grow_with_the_number_of_tables(sqlite):
    def counted(count):
        engine = sqlite.engine()
        executed(
            engine,
            "".join(
                f"CREATE TABLE IF NOT EXISTS t{n} (id INTEGER PRIMARY KEY, p INT REFERENCES t0,"
                f"u INT CONSTRAINT uq UNIQUE); CREATE INDEX IF NOT EXISTS i{n} ON t{n} (p);"
                for n in range(count)
            ),
        )
        asked = []
        sa.event.listen(engine, "before_cursor_execute", lambda *it: asked.append(it[2]))
        with engine.connect() as connection:
            assert len(for_engine(engine).read(connection).tables) == count
        return len(asked)

    assert counted(2) == counted(60) <= 4


def test_reading_agrees_with_sqlalchemy_s_own_reflection():
    engine = sa.create_engine("sqlite://", poolclass=StaticPool)
    # Neither of these does SQLAlchemy understand.
    script = RICH.replace("thrice AS (age * 3),", "").replace("name COLLATE BINARY", "name")
    executed(engine, script)
    metadata = sa.MetaData()
    with engine.connect() as connection:
        found = for_engine(engine).read(connection)
        with pytest.warns(sa.exc.SAWarning):
            metadata.reflect(connection)
    assert set(metadata.tables) == set(found.tables)
    for name, reflected in metadata.tables.items():
        table = found.tables[name]
        assert list(table.columns) == [column.name for column in reflected.columns]
        for column in reflected.columns:
            ours = table.columns[column.name]
            assert (ours.computed is not None) == (column.computed is not None)
            assert (ours.default is not None) == (
                column.server_default is not None and column.computed is None
            )
        primary = table.primary_key.columns if table.primary_key else ()
        assert primary == tuple(reflected.primary_key.columns.keys())
        assert {key.columns for key in table.foreign_keys.values()} == {
            tuple(key.column_keys) for key in reflected.foreign_key_constraints
        }
        uniques = [item for item in reflected.constraints if isinstance(item, sa.UniqueConstraint)]
        assert {item.columns for item in table.uniques.values()} == {
            tuple(item.columns.keys()) for item in uniques
        }
