"""out of the transaction

Create Date: 2019-05-01 10:00:00
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "out_of_transaction"
down_revision = "batches"
branch_labels = None
depends_on = None

mood = postgresql.ENUM("good", "bad", name="mood", create_type=False)


def upgrade():
    with op.get_context().autocommit_block():
        if op.get_bind().dialect.name == "postgresql":
            op.create_index(
                "ix_account_name",
                "account",
                ["name"],
                postgresql_concurrently=True,
                if_not_exists=True,
                postgresql_where=sa.text("name IS NOT NULL"),
            )
        else:
            op.create_index("ix_account_name", "account", ["name"])
    if op.get_bind().engine.name != "sqlite":
        op.execute("COMMIT")
    op.execute("INSERT INTO role (id, name) VALUES (3, 'guest')")
    if op.get_context().dialect.name == "postgresql":
        mood.create(op.get_bind(), checkfirst=True)
        op.add_column("account", sa.Column("mood", mood, nullable=True))
        with op.get_context().autocommit_block():
            op.execute("ALTER TYPE mood ADD VALUE 'fair'")
        op.execute(sa.schema.CreateSequence(sa.Sequence("ticket")))
        op.get_bind().execute(sa.text("SELECT 1").execution_options(autocommit=True))
    else:
        op.add_column("account", sa.Column("mood", sa.String(10), nullable=True))


def downgrade():
    with op.batch_alter_table("account") as batch_op:
        batch_op.drop_index("ix_account_name")
        batch_op.drop_column("mood")
    if op.get_context().dialect.name == "postgresql":
        mood.drop(op.get_bind(), checkfirst=True)
        op.execute(sa.schema.DropSequence(sa.Sequence("ticket")))
    op.execute("DELETE FROM role WHERE id = 3")
