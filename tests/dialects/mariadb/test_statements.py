"""Each operation on MariaDB and MySQL: its SQL, what undoes it, and the rows that survive."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from flask_schemamigrate import errors
from flask_schemamigrate.errors.operations import (
    UnknownColumn,
    UnknownIndex,
    UnknownTable,
    ValuesDiffer,
)
from flask_schemamigrate.operations import op
from tests.dialects.sink import carried_out

SETUP = """
CREATE TABLE `parent` (id INT AUTO_INCREMENT PRIMARY KEY, code VARCHAR(20) NOT NULL UNIQUE);
CREATE TABLE t (
    id INT AUTO_INCREMENT PRIMARY KEY,
    parent_id INT,
    other_id INT,
    name VARCHAR(40) COLLATE utf8mb4_bin NOT NULL DEFAULT 'it''s' COMMENT 'the name',
    story TEXT,
    seen DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    amount DECIMAL(8, 2) DEFAULT 0 CHECK (amount >= 0),
    doc JSON,
    twice DECIMAL(9, 2) AS (amount * 2) VIRTUAL,
    thrice DECIMAL(9, 2) AS (amount * 3) STORED,
    a INT, b INT,
    CONSTRAINT fk_parent FOREIGN KEY (parent_id) REFERENCES parent (id) ON DELETE CASCADE,
    CONSTRAINT fk_other FOREIGN KEY (other_id) REFERENCES parent (id),
    CONSTRAINT uq_ab UNIQUE (a, b),
    CONSTRAINT ck_a CHECK (a > 0),
    INDEX ix_other (other_id),
    INDEX ix_name (name, a DESC)
);
INSERT INTO parent (code) VALUES ('one'), ('two');
INSERT INTO t (parent_id, other_id, name, story, amount, doc, a, b) VALUES
    (1, 1, 'first', 'long', 1.50, '{}', 1, 1), (2, NULL, 'second', NULL, 2, '[]', 2, 1);
"""

CASES = {
    "add a column": (
        lambda: op.add_column("t", sa.Column("x", sa.String(10), comment="it's")),
        ["ALTER TABLE t ADD COLUMN x VARCHAR(10) COMMENT 'it''s'"],
    ),
    "add a column with all that stands on it": (
        lambda: op.add_column(
            "t",
            sa.Column("x", sa.Integer, sa.ForeignKey("parent.id", name="fk_x"), index=True),
        ),
        [
            "ALTER TABLE t ADD COLUMN x INTEGER, ADD CONSTRAINT fk_x FOREIGN KEY (x) "
            "REFERENCES parent (id), ADD INDEX ix_t_x (x)"
        ],
    ),
    "add a column at a place": (
        lambda: op.add_column("t", sa.Column("x", sa.Integer), insert_before="name"),
        ["ALTER TABLE t ADD COLUMN x INTEGER AFTER other_id"],
    ),
    "add a first column": (
        lambda: op.add_column("t", sa.Column("x", sa.Integer), insert_before="id"),
        ["ALTER TABLE t ADD COLUMN x INTEGER FIRST"],
    ),
    "drop a column": (
        lambda: op.drop_column("t", "story"),
        ["ALTER TABLE t DROP COLUMN story"],
    ),
    "drop a column that a foreign key of its own stands on": (
        lambda: op.drop_column("t", "parent_id"),
        ["ALTER TABLE t DROP FOREIGN KEY fk_parent, DROP COLUMN parent_id"],
    ),
    "drop a column of an index of several": (
        lambda: op.drop_column("t", "b"),
        ["ALTER TABLE t DROP INDEX uq_ab, DROP COLUMN b"],
    ),
    "widen a type": (
        lambda: op.alter_column("t", "name", type_=sa.String(80, collation="utf8mb4_bin")),
        [
            "ALTER TABLE t MODIFY name VARCHAR(80) COLLATE utf8mb4_bin NOT NULL "
            "DEFAULT 'it''s' COMMENT 'the name'"
        ],
    ),
    "change nullability": (
        lambda: op.alter_column("t", "name", nullable=True),
        [
            "ALTER TABLE t MODIFY name varchar(40) COLLATE utf8mb4_bin "
            "DEFAULT 'it''s' COMMENT 'the name'"
        ],
    ),
    "change a comment": (
        lambda: op.alter_column("t", "seen", comment="when"),
        [
            "ALTER TABLE t MODIFY seen datetime NOT NULL DEFAULT current_timestamp() "
            "ON UPDATE current_timestamp() COMMENT 'when'"
        ],
    ),
    "change a column with a check of its own": (
        lambda: op.alter_column("t", "amount", type_=sa.Numeric(10, 2)),
        ["ALTER TABLE t MODIFY amount NUMERIC(10, 2) DEFAULT 0.00 CHECK (`amount` >= 0)"],
    ),
    "change a numbered key": (
        lambda: op.alter_column("t", "id", comment="number"),
        ["ALTER TABLE t MODIFY id int(11) NOT NULL AUTO_INCREMENT COMMENT 'number'"],
    ),
    "change a JSON column": (
        lambda: op.alter_column("t", "doc", comment="papers"),
        ["ALTER TABLE t MODIFY doc json COMMENT 'papers'"],
    ),
    "set a default": (
        lambda: op.alter_column("t", "name", server_default="new"),
        ["ALTER TABLE t ALTER COLUMN name SET DEFAULT 'new'"],
    ),
    "set a default that is an expression": (
        lambda: op.alter_column("t", "a", server_default=sa.text("1 + 1")),
        ["ALTER TABLE t ALTER COLUMN a SET DEFAULT (1 + 1)"],
    ),
    "drop the default of a column that may not be null": (
        lambda: op.alter_column("t", "name", server_default=None),
        ["ALTER TABLE t ALTER COLUMN name DROP DEFAULT"],
    ),
    "drop the default of a column that may be null": (
        lambda: op.alter_column("t", "amount", server_default=None),
        ["ALTER TABLE t ALTER COLUMN amount SET DEFAULT NULL"],
    ),
    "set a default and keep ON UPDATE": (
        lambda: op.alter_column("t", "seen", server_default="2020-01-01 00:00:00"),
        [
            "ALTER TABLE t MODIFY seen datetime NOT NULL DEFAULT '2020-01-01 00:00:00' "
            "ON UPDATE current_timestamp()"
        ],
    ),
    "take ON UPDATE away": (
        lambda: op.alter_column("t", "seen", mysql_on_update=None),
        ["ALTER TABLE t MODIFY seen datetime NOT NULL DEFAULT current_timestamp()"],
    ),
    "rename a column": (
        lambda: op.rename_column("t", "name", "title"),
        ["ALTER TABLE t RENAME COLUMN name TO title"],
    ),
    "rename and retype a column": (
        lambda: op.alter_column("t", "b", new_column_name="c", type_=sa.BigInteger()),
        ["ALTER TABLE t CHANGE b c BIGINT"],
    ),
    "move a column": (
        lambda: op.alter_column("t", "b", insert_after="id", comment="moved"),
        ["ALTER TABLE t MODIFY b int(11) COMMENT 'moved' AFTER id"],
    ),
    "change a generated column": (
        lambda: op.alter_column("t", "twice", server_default=sa.Computed("amount * 4")),
        ["ALTER TABLE t MODIFY twice decimal(9,2) GENERATED ALWAYS AS (amount * 4)"],
    ),
    "store a virtual column": (
        lambda: op.alter_column(
            "t", "twice", server_default=sa.Computed("amount * 2", persisted=True)
        ),
        [
            "ALTER TABLE t DROP COLUMN twice, ADD COLUMN twice decimal(9,2) "
            "GENERATED ALWAYS AS (amount * 2) STORED AFTER doc",
        ],
    ),
    "create a unique constraint": (
        lambda: op.create_unique_constraint("uq_name", "t", ["name"]),
        ["ALTER TABLE t ADD CONSTRAINT uq_name UNIQUE (name)"],
    ),
    "create a check": (
        lambda: op.create_check_constraint("ck_b", "t", sa.column("b") < 9),
        ["ALTER TABLE t ADD CONSTRAINT ck_b CHECK (b < 9)"],
    ),
    "create a foreign key": (
        lambda: op.create_foreign_key("fk_b", "t", "parent", ["b"], ["id"], ondelete="SET NULL"),
        [
            "ALTER TABLE t ADD CONSTRAINT fk_b FOREIGN KEY (b) REFERENCES parent (id) "
            "ON DELETE SET NULL"
        ],
    ),
    "drop a unique constraint by its name alone": (
        lambda: op.drop_constraint("uq_ab", "t"),
        ["ALTER TABLE t DROP INDEX uq_ab"],
    ),
    "drop a check by its name alone": (
        lambda: op.drop_constraint("ck_a", "t"),
        ["ALTER TABLE t DROP CONSTRAINT ck_a"],
    ),
    "drop a column's own check": (
        lambda: op.drop_constraint(None, "t", type_="check", condition="`amount` >= 0"),
        ["ALTER TABLE t MODIFY amount decimal(8,2) DEFAULT 0.00"],
    ),
    "drop a foreign key with the index that the server made": (
        lambda: op.drop_constraint("fk_parent", "t"),
        ["ALTER TABLE t DROP FOREIGN KEY fk_parent, DROP INDEX fk_parent"],
    ),
    "drop a foreign key with an index of the model": (
        lambda: op.drop_constraint("fk_other", "t", type_="foreignkey"),
        ["ALTER TABLE t DROP FOREIGN KEY fk_other"],
    ),
    "drop an index that a foreign key needs": (
        lambda: op.drop_index("ix_other", "t"),
        ["ALTER TABLE t ADD INDEX fk_other (other_id), DROP INDEX ix_other"],
    ),
    "drop an index": (
        lambda: op.drop_index("ix_name", "t"),
        ["DROP INDEX ix_name ON t"],
    ),
    "rename a unique constraint": (
        lambda: op.rename_constraint("t", "uq_ab", "uq_new"),
        ["ALTER TABLE t RENAME INDEX uq_ab TO uq_new"],
    ),
    "rename a foreign key": (
        lambda: op.rename_constraint("t", "fk_parent", "fk_new"),
        [
            "ALTER TABLE t DROP FOREIGN KEY fk_parent, ADD CONSTRAINT fk_new FOREIGN KEY "
            "(parent_id) REFERENCES parent (id) ON DELETE CASCADE, "
            "RENAME INDEX fk_parent TO fk_new"
        ],
    ),
    "rename a check": (
        lambda: op.rename_constraint("t", "ck_a", "ck_new"),
        ["ALTER TABLE t DROP CONSTRAINT ck_a, ADD CONSTRAINT ck_new CHECK (`a` > 0)"],
    ),
    "rename an index": (
        lambda: op.rename_index("t", "ix_name", "ix_title"),
        ["ALTER TABLE t RENAME INDEX ix_name TO ix_title"],
    ),
    "create an index": (
        lambda: op.create_index("ix_b", "t", ["b", sa.text("a DESC")]),
        ["CREATE INDEX ix_b ON t (b, a DESC)"],
    ),
    "create a unique index": (
        lambda: op.create_index("ix_u", "t", ["b", "name"], unique=True),
        ["CREATE UNIQUE INDEX ix_u ON t (b, name)"],
    ),
    "create an index of prefixes": (
        lambda: op.create_index("ix_p", "t", ["story", "name"], mysql_length={"story": 10}),
        ["CREATE INDEX ix_p ON t (story(10), name)"],
    ),
    "create a fulltext index": (
        lambda: op.create_index("ft", "t", ["story"], mysql_prefix="FULLTEXT"),
        ["CREATE FULLTEXT INDEX ft ON t (story)"],
    ),
    "comment a table": (
        lambda: op.create_table_comment("t", "back\\slash, it's"),
        ["ALTER TABLE t COMMENT = 'back\\\\slash, it''s'"],
    ),
    "set table options": (
        lambda: op.set_table_options("t", mysql_row_format="COMPACT"),
        ["ALTER TABLE t ROW_FORMAT=COMPACT"],
    ),
    "change a table's collation and that of its columns": (
        lambda: op.set_table_options("t", mysql_collate="utf8mb4_unicode_ci"),
        [
            "ALTER TABLE t COLLATE=utf8mb4_unicode_ci, MODIFY story text",
        ],
    ),
    "rename a table": (
        lambda: op.rename_table("t", "u"),
        ["ALTER TABLE t RENAME TO u"],
    ),
    "drop a table": (lambda: op.drop_table("t"), ["DROP TABLE t"]),
}
LOSES_ROWS = {"drop a table"}
OF_MARIADB = {"change a column with a check of its own", "drop a column's own check"}


def as_mysql_says(statement: str) -> str:
    """What is said on MySQL, which prints no display widths, and checks with parentheses."""
    said = statement.replace("current_timestamp()", "CURRENT_TIMESTAMP").replace("int(11)", "int")
    return said.replace("CHECK (`a` > 0)", "CHECK ((`a` > 0))")


@pytest.fixture
def table(engine):
    """A table with rows and with everything that a change might lose."""
    with engine.begin() as connection:
        for statement in SETUP.split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)
    return engine


def rows(engine, table="t"):
    query = f"SELECT id, parent_id, other_id, amount, twice, doc, a FROM {table} ORDER BY id"
    with engine.connect() as connection:
        return connection.exec_driver_sql(query).all()


@pytest.mark.parametrize("case", CASES)
def test_an_operation_runs_forward_and_back_with_its_rows(case, shared, table, read):
    say, expected = CASES[case]
    if shared.name == "mysql":
        if case in OF_MARIADB:
            pytest.skip("MySQL makes every check one of the table's")
        expected = list(map(as_mysql_says, expected))
    before, kept = read(), rows(table)

    done = carried_out(table, say)
    after = read()

    assert done.statements == expected
    assert after != before
    if case not in LOSES_ROWS:
        names = [name for name in ("t", "u") if name in after.tables]
        assert [row[0] for row in _ids(table, names[0])] == [row[0] for row in kept]

    done.undone()
    assert read() == before
    if case not in LOSES_ROWS:
        unharmed = {"drop a column that a foreign key of its own stands on"}
        if case not in unharmed:
            assert rows(table) == kept

    carried_out(table, say)
    assert read() == after


def _ids(engine, table):
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"SELECT id FROM {table} ORDER BY id").all()


def test_a_group_is_one_alter_table(table, read):
    before = read()

    def say():
        with op.batch_alter_table("t") as batch:
            batch.add_column(sa.Column("x", sa.Integer))
            batch.create_index("ix_x", ["x"])
            batch.alter_column("name", nullable=True)
            batch.drop_constraint("ck_a", type_="check")
            batch.drop_index("ix_name")

    done = carried_out(table, say)

    assert done.statements == [
        "ALTER TABLE t ADD COLUMN x INTEGER, ADD INDEX ix_x (x), MODIFY name varchar(40) COLLATE "
        "utf8mb4_bin DEFAULT 'it''s' COMMENT 'the name', DROP CONSTRAINT ck_a, DROP INDEX ix_name"
    ]
    done.undone()
    assert read() == before


@pytest.mark.parametrize("guarded", [True, False])
def test_an_index_that_goes_and_comes_in_a_group_is_the_new_one(table, read, guarded):
    before = read()

    def say():
        with op.batch_alter_table("t") as batch:
            batch.drop_index("ix_name", if_exists=guarded)
            batch.create_index("ix_name", ["name", "id"], unique=True, if_not_exists=guarded)

    done = carried_out(table, say)

    assert read().tables["t"].uniques["ix_name"].columns == ("name", "id")
    done.undone()
    assert read() == before


def test_a_group_takes_two_statements_where_one_name_means_two_things(shared, table, read):
    before = read()
    rename = "ALTER TABLE t RENAME COLUMN a TO c"
    if shared.name == "mysql":
        check = "DROP CONSTRAINT ck_a, RENAME COLUMN a TO c, ADD CONSTRAINT ck_a CHECK ((`c` > 0))"
        rename = f"ALTER TABLE t {check}"

    def say():
        with op.alter_table("t") as batch:
            batch.rename_column("a", "c")
            batch.alter_column("c", type_=sa.BigInteger())

    done = carried_out(table, say)

    assert done.statements == [
        rename,
        "ALTER TABLE t MODIFY c BIGINT",
    ]
    done.undone()
    assert read() == before


def test_a_foreign_key_is_replaced_in_two_statements(table, read):
    def say():
        with op.alter_table("t") as batch:
            batch.drop_constraint("fk_parent", type_="foreignkey")
            batch.create_foreign_key("fk_parent", "parent", ["parent_id"], ["id"])

    done = carried_out(table, say)

    assert done.statements == [
        "ALTER TABLE t DROP FOREIGN KEY fk_parent, DROP INDEX fk_parent",
        "ALTER TABLE t ADD CONSTRAINT fk_parent FOREIGN KEY (parent_id) REFERENCES parent (id)",
    ]
    assert read().tables["t"].foreign_keys["fk_parent"].ondelete is None


@pytest.mark.parametrize(
    "add",
    [
        lambda batch: batch.create_unique_constraint("new", ["a"]),
        lambda batch: batch.create_check_constraint("new", sa.text("a < 100")),
        lambda batch: batch.create_foreign_key("new", "parent", ["b"], ["id"]),
    ],
    ids=["unique", "check", "foreign key"],
)
def test_a_constraint_that_comes_and_goes_in_a_group_is_gone(table, read, add):
    before = read()

    def say():
        with op.batch_alter_table("t") as batch:
            add(batch)
            batch.drop_constraint("new")

    carried_out(table, say)

    assert read() == before


@pytest.mark.parametrize("column", ["parent_id", "id"], ids=["from it", "to it"])
def test_a_column_of_a_foreign_key_is_renamed_beside_what_copies_the_table(table, read, column):
    def say():
        op.create_table(
            "kin",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("parent_id", sa.Integer, sa.ForeignKey("kin.id", name="fk_kin")),
            sa.Column("size", sa.SmallInteger),
        )
        with op.batch_alter_table("kin") as batch:
            batch.alter_column(column, new_column_name="other")
            batch.alter_column("size", type_=sa.BigInteger)

    carried_out(table, say)

    assert {"other", "size"} <= read().tables["kin"].columns.keys()


def test_the_primary_key_is_replaced_at_once(table, read):
    before = read()

    def say():
        with op.alter_table("t") as batch:
            batch.drop_constraint("PRIMARY", type_="primary")
            batch.create_primary_key(None, ["id", "name"])

    done = carried_out(table, say)

    assert done.statements == ["ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id, name)"]
    done.undone()
    assert read() == before


def test_a_virtual_column_becomes_a_plain_one_with_its_values(table, read):
    carried_out(
        table,
        lambda: op.alter_column(
            "t", "twice", server_default=None, existing_server_default=sa.Computed("amount * 2")
        ),
    )

    assert [str(row.twice) for row in rows(table)] == ["3.00", "4.00"]
    assert read().tables["t"].columns["twice"].computed is None
    assert list(read().tables["t"].columns)[8] == "twice"


@pytest.mark.parametrize("said", [None, sa.Computed("amount * 2", persisted=True)])
@pytest.mark.parametrize(
    "rule",
    [
        "UNIQUE u (twice)",
        "UNIQUE u (amount, twice)",
        "INDEX i (twice)",
        "CONSTRAINT c CHECK (TWICE > 1)",
    ],
)
def test_what_stands_on_a_virtual_column_stays_when_it_is_no_longer_one(table, read, rule, said):
    with table.connect() as connection:
        connection.exec_driver_sql(f"ALTER TABLE t ADD {rule}")
    before, was = read().tables["t"], sa.Computed("amount * 2")

    done = carried_out(
        table,
        lambda: op.alter_column("t", "twice", server_default=said, existing_server_default=was),
    )

    after = read().tables["t"]
    assert after.columns != before.columns
    assert replace(after, columns=before.columns) == before
    done.undone()
    assert read().tables["t"] == before


@pytest.mark.parametrize(("name", "expression"), [("amount", "a * 2"), ("story", "'LONG'")])
def test_a_column_is_not_generated_over_values_that_differ(table, name, expression):
    kept = f"SELECT {name} FROM t ORDER BY id"
    with table.connect() as connection:
        before = connection.exec_driver_sql(kept).all()
    with pytest.raises(ValuesDiffer, match=rf"t\.{name}"):
        carried_out(
            table, lambda: op.alter_column("t", name, server_default=sa.Computed(expression))
        )
    with table.connect() as connection:
        assert connection.exec_driver_sql(kept).all() == before


def test_a_column_is_generated_where_its_values_are_those_of_the_expression(table, read):
    said = sa.Computed("nullif(concat('long', repeat('!', a - 1)), 'long!')", persisted=True)
    carried_out(table, lambda: op.alter_column("t", "story", server_default=said))
    assert read().tables["t"].columns["story"].computed is not None


def test_an_index_is_found_without_its_table(table):
    done = carried_out(table, lambda: op.drop_index("ix_name"))

    assert done.statements == ["DROP INDEX ix_name ON t"]


def test_an_index_that_went_with_its_foreign_key_may_be_dropped_again(table):
    done = carried_out(
        table,
        lambda: op.drop_constraint("fk_parent", "t", type_="foreignkey"),
        lambda: op.drop_index("fk_parent", "t"),
    )

    assert done.statements == ["ALTER TABLE t DROP FOREIGN KEY fk_parent, DROP INDEX fk_parent"]


def test_an_index_that_goes_with_its_foreign_key_may_be_dropped_in_the_same_group(table):
    def say():
        with op.batch_alter_table("t") as batch:
            batch.drop_constraint("fk_parent", type_="foreignkey")
            batch.drop_index("fk_parent")

    done = carried_out(table, say)

    assert done.statements == ["ALTER TABLE t DROP FOREIGN KEY fk_parent, DROP INDEX fk_parent"]


@pytest.mark.parametrize(
    ("say", "expected"),
    [
        (lambda: op.drop_column("t", "no", if_exists=True), []),
        (lambda: op.drop_constraint("no", "t", if_exists=True), []),
        (lambda: op.drop_index("no", "t", if_exists=True), []),
        (lambda: op.drop_index("no", if_exists=True), []),
        (lambda: op.drop_table("no", if_exists=True), ["DROP TABLE IF EXISTS no"]),
        (
            lambda: op.add_column("t", sa.Column("a", sa.Integer), if_not_exists=True),
            ["ALTER TABLE t ADD COLUMN IF NOT EXISTS a INTEGER"],
        ),
        (
            lambda: op.create_index("ix_name", "t", ["a"], if_not_exists=True),
            ["CREATE INDEX IF NOT EXISTS ix_name ON t (a)"],
        ),
        (lambda: op.create_unique_constraint("uq_ab", "t", ["a"], if_not_exists=True), []),
    ],
)
def test_what_is_there_or_not_is_left_alone_when_asked(say, expected, shared, table, read):
    before = read()
    if shared.name == "mysql":
        expected = [statement for statement in expected if "NOT EXISTS" not in statement]

    assert carried_out(table, say).statements == expected
    assert read() == before


@pytest.mark.parametrize(
    ("say", "error"),
    [
        (lambda: op.drop_column("no", "a"), UnknownTable),
        (lambda: op.drop_column("t", "no"), UnknownColumn),
        (
            lambda: op.add_column("t", sa.Column("x", sa.Integer), insert_after="no"),
            UnknownColumn,
        ),
        (lambda: op.alter_column("no", "a", nullable=False), UnknownTable),
        (lambda: op.alter_column("t", "no", nullable=False), UnknownColumn),
        (lambda: op.drop_constraint("no", "t"), errors.operations.UnknownConstraint),
        (lambda: op.drop_index("no", "t"), UnknownIndex),
        (lambda: op.drop_index("fk_of_a_typo", "t"), UnknownIndex),
        (lambda: op.drop_index("other_id", "t"), UnknownIndex),
        (lambda: op.drop_index("no"), UnknownIndex),
        (lambda: op.add_enum_value("e", "a"), errors.operations.NotSupportedHere),
    ],
)
def test_what_cannot_be_meant_is_refused_before_any_statement(say, error, table, read):
    before = read()

    with pytest.raises(error):
        carried_out(table, say)
    assert read() == before


def test_an_index_of_an_expression_is_made_or_refused_before_any_statement(shared, table, read):
    before = read()

    def say():
        op.create_index("ix", "t", [sa.text("(lower(a))")])

    if shared.name == "mysql":
        done = carried_out(table, say)
        assert done.statements == ["CREATE INDEX ix ON t ((lower(a)))"]
        done.undone()
    else:
        with pytest.raises(errors.operations.NotSupportedHere):
            carried_out(table, say)
    assert read() == before


@pytest.mark.parametrize("shared", ["mariadb"], indirect=True, scope="module")
def test_a_sequence_comes_and_goes(engine, read):
    done = carried_out(engine, lambda: op.create_sequence("s", start=5, increment=2, cycle=True))

    assert done.statements == ["CREATE SEQUENCE s START WITH 5 INCREMENT BY 2 CYCLE"]
    found = read().sequences["s"]
    assert (found.start, found.increment, found.cycle) == (5, 2, True)
    done.undone()
    assert not read().sequences


def test_a_schema_with_tables_is_not_dropped_unless_asked(engine, shared, new_database):
    other = sa.make_url(new_database(shared.name).url).database or ""
    carried_out(engine, lambda: op.create_table("t", sa.Column("id", sa.Integer), schema=other))

    with pytest.raises(errors.OperationError, match="is not empty: it holds t"):
        carried_out(engine, lambda: op.drop_schema(other))


def test_a_table_is_created_by_one_statement(engine, read):
    def say():
        op.create_table(
            "parent", sa.Column("id", sa.Integer, primary_key=True), mysql_engine="InnoDB"
        )
        op.create_table(
            "t",
            sa.Column("id", mysql.BIGINT(unsigned=True), primary_key=True),
            sa.Column(
                "parent_id", sa.Integer, sa.ForeignKey("parent.id", ondelete="CASCADE"), index=True
            ),
            sa.Column("name", sa.String(20), nullable=False, unique=True, comment="50% 'off'"),
            sa.Column("kind", sa.Enum("a", "b's"), server_default="b's"),
            sa.Column("at", sa.TIMESTAMP, server_default=sa.func.now()),
            sa.CheckConstraint("name <> ''", name="ck_name"),
            comment="all\\of it",
            mysql_DEFAULT_CHARSET="latin1",
            mysql_row_format="DYNAMIC",
        )

    done = carried_out(engine, say)

    assert done.statements[1] == (
        "CREATE TABLE t (\n"
        "    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,\n"
        "    parent_id INTEGER,\n"
        "    name VARCHAR(20) NOT NULL COMMENT '50% ''off''',\n"
        "    kind ENUM('a','b''s') DEFAULT 'b''s',\n"
        "    at TIMESTAMP NULL DEFAULT now(),\n"
        "    PRIMARY KEY (id),\n"
        "    UNIQUE (name),\n"
        "    CONSTRAINT ck_name CHECK (name <> ''),\n"
        "    FOREIGN KEY (parent_id) REFERENCES parent (id) ON DELETE CASCADE,\n"
        "    INDEX ix_t_parent_id (parent_id)\n"
        ") ROW_FORMAT=DYNAMIC COMMENT='all\\\\of it' DEFAULT CHARACTER SET=latin1"
    )
    assert read().tables["t"].comment == "all\\of it"
    done.undone()
    assert not read().tables


def test_a_column_goes_while_the_table_gets_another_character_set(table, read):
    kwargs = {f"{name}_charset": "latin1" for name in ("mysql", "mariadb")}

    def say():
        with op.batch_alter_table("t", recreate="always", table_kwargs=kwargs) as batch:
            batch.drop_column("story")

    before = read()
    done = carried_out(table, say)

    found = read().tables["t"]
    assert "story" not in found.columns
    assert found.options["collate"].startswith("latin1_")
    done.undone()
    assert read() == before


def test_a_table_is_partitioned_while_it_is_changed(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE plain (id INT PRIMARY KEY, a INT)")
    kwargs = {
        f"{name}_{option}": value
        for name in ("mysql", "mariadb")
        for option, value in {"partition_by": "HASH (id)", "partitions": 2}.items()
    }

    def say():
        with op.batch_alter_table("plain") as batch:
            batch.drop_column("a")
            batch.set_table_options(mysql_row_format="COMPACT", **kwargs)

    done = carried_out(engine, say)

    assert done.statements == [
        "ALTER TABLE plain DROP COLUMN a, ROW_FORMAT=COMPACT",
        "ALTER TABLE plain PARTITION BY HASH (id) PARTITIONS 2",
    ]


def test_a_long_text_without_its_default_may_be_left_out_of_a_row(table):
    carried_out(
        table,
        lambda: op.alter_column("t", "story", server_default="once"),
        lambda: op.alter_column("t", "story", server_default=None),
    )

    with table.begin() as connection:
        connection.exec_driver_sql("INSERT INTO t (a, b) VALUES (5, 5)")
        assert connection.exec_driver_sql("SELECT story FROM t WHERE a = 5").scalar() is None


def test_a_unique_is_a_constraint_and_an_index(table, read):
    before = read()

    as_index = carried_out(table, lambda: op.drop_index("uq_ab", "t"))
    as_index.undone()
    assert read() == before

    as_constraint = carried_out(
        table,
        lambda: op.create_index("ix_u", "t", ["b", "name"], unique=True),
        lambda: op.drop_constraint("ix_u", "t", type_="unique"),
    )
    assert as_constraint.statements[1] == "ALTER TABLE t DROP INDEX ix_u"
    assert read() == before
