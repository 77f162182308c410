"""product slugs

Revises: 6713ec2cfa8b
Created: 2026-11-21 03:43:17+00:00
"""

import sqlalchemy as sa
from flask_schemamigrate import op

revision = "29089ab6e6bf"
down_revision = "6713ec2cfa8b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("product", sa.Column("slug", sa.String(length=120), nullable=True))
    # Edited by hand: a slug has no blanks.
    op.execute("UPDATE product SET slug = lower(replace(name, ' ', '-')) WHERE slug IS NULL")
    with op.batch_alter_table("product") as batch_op:
        batch_op.alter_column("slug", nullable=False)
        batch_op.create_unique_constraint("uq_product_slug", ["slug"])


def downgrade() -> None:
    with op.batch_alter_table("product") as batch_op:
        batch_op.drop_constraint("uq_product_slug", type_="unique")
        batch_op.alter_column("slug", nullable=True)
        batch_op.drop_column("slug")
