"""Whatever a table is and whatever is changed: rows, rowids, triggers, indexes and options stay."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.pool import StaticPool

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.dialects.sqlite.columns import affinity
from flask_schemamigrate.dialects.sqlite.spelled import bare_type, spelled_table
from flask_schemamigrate.dialects.sqlite.stored_text import parse_table
from flask_schemamigrate.errors import SchemaMigrateError
from flask_schemamigrate.operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AlterTable,
    CreateIndex,
    DropColumn,
    DropConstraint,
    DropIndex,
    SetTableOptions,
)
from flask_schemamigrate.schema import (
    Check,
    Column,
    ForeignKey,
    Index,
    IndexKey,
    Schema,
    Type,
    Unique,
)
from tests.dialects.sqlite.revising import guarded, revised, rows

NAMES = ["a", "b", 'c "d', "select", "Ünï", "f"]
TYPES = ["INT", "VARCHAR(20)", "TEXT", "", "NUMERIC(10, 2)", "BLOB", "MONEY", "DOUBLE PRECISION"]
STRICT_TYPES = ["INT", "TEXT", "BLOB", "REAL", "ANY"]
DEFAULTS = ["5", "'it''s'", "(1 + 1)", "CURRENT_TIMESTAMP", "-1.5", "NULL", "'/* no */ -- , ('"]
LATE: list[list[str]] = [
    [],
    ["ALTER TABLE t ADD COLUMN late INT DEFAULT 5"],
    ["ALTER TABLE t ADD COLUMN late TEXT", "CREATE INDEX ix_late ON t (late)"],
    [
        "ALTER TABLE t ADD COLUMN early TEXT DEFAULT 'e'",
        "ALTER TABLE t ADD COLUMN late INT DEFAULT 5",
        "CREATE INDEX ix_late ON t (late, early)",
    ],
]
"""What leaves rows without values of their own in their last columns."""
SPACES = [" ", "\n  ", " /* , ( ' */ ", ' -- , ) "\n']


def q(name):
    return '"' + name.replace('"', '""') + '"'


@st.composite
def tables(draw):
    """A CREATE TABLE text, its indexes and triggers, the number of rows, and what comes late."""
    space = lambda: draw(st.sampled_from(SPACES))  # noqa: E731
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=5, unique=True))
    strict = draw(st.booleans())
    key = draw(st.sampled_from(["alias", "automatic", "composite", "none", "without"]))
    items = []
    if key in ("alias", "automatic"):
        words = "PRIMARY KEY AUTOINCREMENT" if key == "automatic" else "PRIMARY KEY"
        items.append(f"id{space()}INTEGER{space()}{words}")
    else:
        items.append("id INT NOT NULL")
    for name in names:
        items.append(space().join([q(name), *draw(clauses(name, names, strict))]))
    if key in ("composite", "without"):
        items.append(f"CONSTRAINT pk{space()}PRIMARY KEY (id, {q(names[0])})")
    if draw(st.booleans()):
        items.append(f"CONSTRAINT{space()}uq UNIQUE ({q(names[1])} COLLATE NOCASE, id)")
    if draw(st.booleans()):
        items.append(f"CHECK{space()}({q(names[0])} IS NULL OR length({q(names[0])}) < 999)")
    if draw(st.booleans()):
        action = draw(st.sampled_from(["", " ON DELETE CASCADE", " DEFERRABLE INITIALLY DEFERRED"]))
        items.append(f"CONSTRAINT fk FOREIGN KEY (id){space()}REFERENCES parent (id){action}")
    if draw(st.booleans()):
        stored = draw(st.sampled_from(["", " STORED"]))
        items.insert(1, f"made INT AS (length({q(names[1])}) + 1){stored}")
    options = ["STRICT"] * strict + ["WITHOUT ROWID"] * (key == "without")
    text = f"CREATE TABLE t ({space()}{f',{space()}'.join(items)}{space()}) {', '.join(options)}"
    others = []
    if draw(st.booleans()):
        others.append(f"CREATE INDEX ix ON t (lower({q(names[0])}), id DESC)")
    if draw(st.booleans()):
        others.append(f"CREATE UNIQUE INDEX ix2 ON t ({q(names[1])}, id) WHERE id > 1")
    if draw(st.booleans()):
        others.append(f"CREATE VIEW v AS SELECT id, {q(names[0])} AS z FROM t")
        others.append("CREATE VIEW v2 AS SELECT v.z, parent.id FROM v JOIN parent USING (id)")
        others.append(
            "CREATE TRIGGER instead INSTEAD OF INSERT ON v "
            f"BEGIN INSERT INTO t (id, {q(names[0])}) VALUES (new.id, new.z); END"
        )
    if draw(st.booleans()):
        others.append(
            "CREATE TRIGGER trg AFTER DELETE ON t WHEN old.id > 0 "
            f"BEGIN INSERT INTO log VALUES (old.{q(names[1])}); END"
        )
    if draw(st.booleans()):
        others.append(
            f"CREATE TRIGGER far AFTER UPDATE ON parent BEGIN UPDATE t SET {q(names[0])} = NULL "
            f"WHERE id = new.id; INSERT INTO log SELECT max({q(names[1])}) FROM t, parent; END"
        )
    late = draw(st.sampled_from(LATE))
    return text, others, draw(st.integers(0, 4)), late


@st.composite
def clauses(draw, name, names, strict):
    """The words after a column's name."""
    words = [draw(st.sampled_from(STRICT_TYPES if strict else TYPES))]
    if draw(st.booleans()) and (not strict or words[0] in ("TEXT", "ANY")):
        words.append("DEFAULT " + draw(st.sampled_from(DEFAULTS)))
    words += draw(
        st.lists(
            st.sampled_from(
                [
                    "COLLATE NOCASE",
                    "NOT NULL",
                    "CONSTRAINT nn NOT NULL ON CONFLICT IGNORE",
                    f"CHECK ({q(name)} IS NOT 'never')",
                    f"CONSTRAINT only_{names.index(name)} CHECK ({q(name)} <> 'x)')",
                ]
            ),
            max_size=2,
            unique_by=lambda word: "NULL" in word,
        )
    )
    return [word for word in words if word]


@st.composite
def changes(draw, columns):
    """Some changes to a table with these columns."""
    name = st.sampled_from(columns)
    types = st.sampled_from(TYPES)
    kinds = [
        st.builds(
            lambda column, type_: AlterColumn("t", None, column=column, type=Type(type_)),
            *(name, types),
        ),
        st.builds(
            lambda column, null: AlterColumn("t", None, column=column, nullable=null),
            *(name, st.booleans()),
        ),
        st.builds(
            lambda column, default: AlterColumn("t", None, column=column, default=default),
            *(name, st.sampled_from([*DEFAULTS, None])),
        ),
        st.builds(lambda column: AlterColumn("t", None, column=column, name="renamed"), name),
        st.builds(lambda column: DropColumn("t", None, column=column), name),
        st.builds(
            lambda type_, default: AddColumn("t", None, Column("new", Type(type_), True, default)),
            *(types, st.sampled_from([None, "7", "(1 + 2)"])),
        ),
        st.builds(
            lambda column: AddConstraint("t", None, Check(f"{q(column)} <> 'q,('", "ck_new")), name
        ),
        st.builds(lambda column: AddConstraint("t", None, Unique((column, "id"), "uq_new")), name),
        st.builds(
            lambda column: AddConstraint("t", None, ForeignKey((column,), "log", ("x",), "fk_new")),
            name,
        ),
        st.sampled_from(["uq", "fk", "pk", "only_0"]).map(
            lambda constraint: DropConstraint("t", None, name=constraint)
        ),
        name.map(lambda column: CreateIndex("t", None, Index("ix_new", (IndexKey(column),)))),
        st.just(DropIndex("t", None, name="ix")),
        st.just(SetTableOptions("t", None, {"strict": True})),
    ]
    operations = draw(st.lists(st.one_of(kinds), min_size=1, max_size=4))
    recreate = draw(st.sampled_from(["auto", "auto", "always"]))
    return AlterTable("t", None, tuple(operations), recreate)


@st.composite
def cases(draw):
    table, others, count, late = draw(tables())
    columns = [column.name for column in parse_table(table).columns if column.name != "id"]
    columns += ["late"] * bool(late)
    return table, others, count, late, draw(changes(columns))


def made(table, others, count, late):
    """An app's database with the table, what hangs on it, and rows; ``None`` if it is nonsense."""
    engine = guarded(sa.create_engine("sqlite://", poolclass=StaticPool))
    with closing(engine.raw_connection()) as raw:
        cursor = raw.cursor()
        cursor.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        cursor.execute("CREATE TABLE log (x PRIMARY KEY)")
        cursor.executemany("INSERT INTO parent VALUES (?)", [(n,) for n in range(1, 6)])
        try:
            cursor.execute(table)
            for other in others:
                cursor.execute(other)
        except sqlite3.OperationalError:
            return None
        columns = [row[1:3] for row in cursor.execute("PRAGMA table_info(t)")][1:]
        for number in range(1, count + 1):
            values = [value(type_, number) for _, type_ in columns]
            marks = ", ".join("?" * (len(values) + 1))
            cursor.execute(f"INSERT INTO t VALUES ({marks})", [number, *values])
        cursor.execute("DELETE FROM t WHERE id = 2")
        for statement in late:
            cursor.execute(statement)
        cursor.execute("CREATE TABLE child (t INT REFERENCES t (id) ON DELETE CASCADE)")
        raw.commit()
    return engine


def value(type_, number):
    if type_ in ("BLOB", ""):
        return b"\x00\xff%d" % number
    return number * 10 if affinity(type_) in ("INTEGER", "REAL") else f"text {number}"


def dump(engine):
    """All texts and rows. Python's own dump refuses a foreign key to a column that is no key."""
    texts = rows(engine, "SELECT type, name, sql FROM sqlite_master")
    tables = [name for kind, name, _ in texts if kind == "table"]
    return texts, {name: rows(engine, f"SELECT * FROM {q(name)}") for name in tables}


def masters(engine, *kinds):
    marks = ", ".join(repr(kind) for kind in kinds)
    query = f"SELECT name, sql FROM sqlite_master WHERE type IN ({marks}) AND sql IS NOT NULL"
    return dict(rows(engine, query))


def contents(engine, columns, rowid):
    names = ", ".join(["rowid"] * rowid + [f"{q(name)}, typeof({q(name)})" for name in columns])
    return rows(engine, f"SELECT {names} FROM t ORDER BY id")


@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(cases())
def test_a_change_does_what_it_says_and_nothing_else(case):
    table, others, count, late, change = case
    engine = made(table, others, count, late)
    if engine is None:
        return
    dialect = for_engine(engine)
    with engine.connect() as connection:
        before = dialect.read(connection).tables["t"]
    rowid = before.options.get("with_rowid", True)
    kept, renamed = followed(before, change)
    old_rows = contents(engine, kept, rowid)
    sequence = rows(engine, "SELECT name FROM sqlite_master WHERE name = 'sqlite_sequence'")
    high = rows(engine, "SELECT name, seq FROM sqlite_sequence") if sequence else []
    old_dump, old_hung = dump(engine), masters(engine, "trigger", "view")

    try:
        revised(engine, lambda op: op.invoke(change))
    except (SchemaMigrateError, sa.exc.IntegrityError):
        # STRICT tells of values that it does not take only when they are copied.
        assert dump(engine) == old_dump
        return

    with engine.connect() as connection:
        after = dialect.read(connection).tables["t"]
    wanted = spelled_table(lenient(change).apply(Schema(tables={"t": before})).tables["t"])
    assert after.columns == wanted.columns
    assert after.primary_key == wanted.primary_key
    assert after.uniques == wanted.uniques
    assert after.foreign_keys == wanted.foreign_keys
    assert after.options == wanted.options
    if not any(map(carries_along, change.operations)):
        assert after.checks == wanted.checks
        assert after.indexes == wanted.indexes
        assert masters(engine, "trigger", "view") == old_hung
    assert masters(engine, "trigger", "view").keys() == old_hung.keys()
    new_names = [renamed.get(name, name) for name in kept]
    assert contents(engine, new_names, rowid) == old_rows
    if high:
        assert rows(engine, "SELECT name, seq FROM sqlite_sequence") == high
    assert rows(engine, "PRAGMA integrity_check") == [("ok",)]
    assert rows(engine, "PRAGMA foreign_keys") == [(1,)]


def lenient(change):
    """The change, in which an index may have gone before: with its column, or dropped already."""
    operations = (
        replace(operation, if_exists=True) if isinstance(operation, DropIndex) else operation
        for operation in change.operations
    )
    return replace(change, operations=tuple(operations))


def carries_along(operation):
    """Whether CHECKs, triggers and views that mention a column follow the operation."""
    is_renaming = isinstance(operation, AlterColumn) and "name" in operation.changes
    return is_renaming or isinstance(operation, DropColumn)


def followed(before, change):
    """The columns whose values stay as they are, by their old names, and their new names."""
    names = {name: name for name in before.columns}
    for item in change.operations:
        now = {new: old for old, new in names.items()}
        if isinstance(item, DropColumn):
            names.pop(now.get(item.column, ""), None)
        if isinstance(item, AlterColumn) and item.column in now:
            old = now[item.column]
            if "name" in item.changes:
                names[old] = str(item.changes["name"])
            if "type" in item.changes:
                was = bare_type(before.columns[old].type.text)[0]
                if affinity(was) != affinity(item.changes["type"].text):
                    # What is generated from it may say something else then.
                    generated = [name for name in names if before.columns[name].computed]
                    for name in {old, *generated}:
                        names.pop(name)
    return list(names), {old: new for old, new in names.items() if old != new}


@settings(max_examples=300, deadline=None)
@given(tables())
def test_a_text_is_understood_as_sqlite_understands_it(case):
    table, *_ = case
    engine = made(table, [], 0, [])
    if engine is None:
        return
    text = parse_table(table)
    found = rows(engine, "SELECT name, type FROM pragma_table_xinfo('t')")
    assert [column.name for column in text.columns] == [name for name, _ in found]
    assert [column.type for column in text.columns] == [type_ for _, type_ in found]
    assert "".join(text.text.split()) == "".join(table.split())
