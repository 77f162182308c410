"""stock and descriptions

Revises: 29089ab6e6bf
Created: 2026-11-21 03:43:46+00:00
"""

import sqlalchemy as sa
from flask_schemamigrate import op

revision = "303b08185160"
down_revision = "29089ab6e6bf"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("product") as batch_op:
        batch_op.add_column(sa.Column("stock", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("description", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("product") as batch_op:
        batch_op.drop_column("description")
        batch_op.drop_column("stock")
