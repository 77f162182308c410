"""order totals

Revises: 2205dcacfa27
Created: 2026-11-21 04:59:34+00:00
"""

import sqlalchemy as sa
from flask_schemamigrate import op

revision = "dfe1a90f9e28"
down_revision = "2205dcacfa27"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("total", sa.Numeric(precision=10, scale=2), nullable=True))


def downgrade() -> None:
    op.drop_column("orders", "total")
