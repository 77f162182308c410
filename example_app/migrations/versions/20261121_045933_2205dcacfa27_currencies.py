"""currencies

Revises: 547d006acc4c
Created: 2026-11-21 04:59:33+00:00
"""

import sqlalchemy as sa
from flask_schemamigrate import op

revision = "2205dcacfa27"
down_revision = "547d006acc4c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("currency", sa.String(length=3), nullable=True))
    op.execute("UPDATE orders SET currency = 'EUR' WHERE currency IS NULL")
    op.alter_column("orders", "currency", nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("orders") as batch_op:
        batch_op.alter_column("currency", nullable=True)
        batch_op.drop_column("currency")
