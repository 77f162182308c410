"""reviews

Revises: 29089ab6e6bf
Created: 2026-11-21 03:43:44+00:00
"""

import sqlalchemy as sa
from flask_schemamigrate import op

revision = "eaf440414966"
down_revision = "29089ab6e6bf"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_review_stars_one_to_five")),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["product.id"],
            name="fk_review_product_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_review_product_id", "review", ["product_id"])


def downgrade() -> None:
    op.drop_table("review")
