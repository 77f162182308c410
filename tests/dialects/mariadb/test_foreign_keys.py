"""Changes around foreign keys, each as one group, on MariaDB and MySQL."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from flask_schemamigrate.operations import op
from tests.dialects.sink import carried_out

SETUP = """
CREATE TABLE parent (x INT, y INT, PRIMARY KEY (x, y), INDEX (y));
CREATE TABLE child (
    id INT AUTO_INCREMENT PRIMARY KEY,
    x INT,
    y INT,
    CONSTRAINT fk_xy FOREIGN KEY (x, y) REFERENCES parent (x, y),
    INDEX ix_xy (x, y)
);
CREATE TABLE tree (id BIGINT PRIMARY KEY, up_id BIGINT, INDEX ix_up (up_id));
INSERT INTO parent VALUES (1, 1);
INSERT INTO child VALUES (1, 1, 1);
INSERT INTO tree VALUES (1, 1)
"""


@pytest.fixture
def tables(engine):
    """Tables that refer to one another, with rows."""
    with engine.begin() as connection:
        for statement in SETUP.split(";\n"):
            connection.exec_driver_sql(statement)
    return engine


def test_an_index_in_another_order_does_not_serve_a_foreign_key(tables, read):
    before = read()

    def say():
        with op.batch_alter_table("child") as batch:
            batch.create_index("ix_yx", ["y", "x"])
            batch.drop_index("ix_xy")

    done = carried_out(tables, say)

    assert done.statements == [
        "ALTER TABLE child ADD INDEX ix_yx (y, x), ADD INDEX fk_xy (x, y), DROP INDEX ix_xy"
    ]
    assert list(read().tables["child"].indexes) == ["ix_yx"]
    done.undone()
    assert read() == before


def test_a_key_of_a_table_to_itself_comes_after_the_columns_it_refers_to(tables, read):
    before = read()

    def say():
        with op.batch_alter_table("tree") as batch:
            batch.alter_column("up_id", type_=sa.Integer())
            batch.alter_column("id", type_=sa.Integer())
            batch.create_foreign_key("fk_up", "tree", ["up_id"], ["id"])

    done = carried_out(tables, say)

    assert done.statements == [
        "ALTER TABLE tree MODIFY up_id INTEGER, MODIFY id INTEGER NOT NULL",
        "ALTER TABLE tree ADD CONSTRAINT fk_up FOREIGN KEY (up_id) REFERENCES tree (id)",
    ]
    done.undone()
    assert read() == before


def test_columns_of_foreign_keys_become_the_primary_key_in_place_of_a_number(tables, read):
    def say():
        with op.batch_alter_table("child") as batch:
            batch.drop_constraint(None, type_="primary")
            batch.alter_column("x", nullable=False)
            batch.alter_column("y", nullable=False)
            batch.drop_column("id")
            batch.create_primary_key(None, ["x", "y"])

    carried_out(tables, say)

    child = read().tables["child"]
    assert child.primary_key.columns == ("x", "y")
    assert list(child.columns) == ["x", "y"]
