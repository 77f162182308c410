"""full names

Revises: e50d17e8a3ad
Created: 2026-11-21 04:59:07+00:00
"""

from flask_schemamigrate import op

revision = "547d006acc4c"
down_revision = "e50d17e8a3ad"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("customer", "name", new_column_name="full_name")


def downgrade() -> None:
    op.alter_column("customer", "full_name", new_column_name="name")
