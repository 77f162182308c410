"""What several revisions share: a helper module of their own."""

import sqlalchemy as sa
from alembic import op


def create_named(name, *columns):
    """Create a table with a key and these columns; returns it."""
    return op.create_table(
        name, sa.Column("id", sa.Integer, primary_key=True), *columns, mysql_engine="InnoDB"
    )


def is_postgresql():
    return op.get_bind().dialect.name == "postgresql"
