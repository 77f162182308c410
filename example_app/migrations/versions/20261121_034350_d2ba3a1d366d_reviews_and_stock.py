"""reviews and stock

Revises: eaf440414966, 303b08185160
Created: 2026-11-21 03:43:50+00:00
"""

revision = "d2ba3a1d366d"
down_revision = ("eaf440414966", "303b08185160")
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
