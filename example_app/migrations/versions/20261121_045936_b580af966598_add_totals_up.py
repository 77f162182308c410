"""add totals up

Revises: dfe1a90f9e28
Created: 2026-11-21 04:59:36+00:00
"""

import sqlalchemy as sa
from flask_schemamigrate import op

revision = "b580af966598"
down_revision = "dfe1a90f9e28"
branch_labels = None
depends_on = None


# Written by hand: in batches, each committed by itself, so that nobody who orders has to wait.
TOTAL = """coalesce(
    (SELECT sum(quantity * price) FROM order_line WHERE order_line.order_id = orders.id), 0
)"""


def upgrade() -> None:
    op.backfill("orders", {"total": sa.text(TOTAL)}, where="total IS NULL", batch=1000)


def downgrade() -> None:
    pass
