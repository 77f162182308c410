"""every order has a total

Revises: b580af966598
Created: 2026-11-21 04:59:39+00:00
"""

from flask_schemamigrate import op

revision = "a4b457726027"
down_revision = "b580af966598"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("orders", "total", nullable=False)


def downgrade() -> None:
    op.alter_column("orders", "total", nullable=True)
