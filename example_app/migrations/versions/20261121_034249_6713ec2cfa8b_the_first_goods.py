"""the first goods

Revises: 2eb41f21a99c
Created: 2026-11-21 03:42:49+00:00
"""

from decimal import Decimal

import sqlalchemy as sa
from flask_schemamigrate import op

revision = "6713ec2cfa8b"
down_revision = "2eb41f21a99c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    category = sa.table("category", sa.column("id", sa.Integer), sa.column("name", sa.String))
    op.bulk_insert(category, [{"name": "Bread"}, {"name": "Cake"}])

    def shelf(name: str) -> sa.ScalarSelect[int]:
        return sa.select(category.c.id).where(category.c.name == name).scalar_subquery()

    product = sa.table(
        "product",
        sa.column("name", sa.String),
        sa.column("price", sa.Numeric(10, 2)),
        sa.column("category_id", sa.Integer),
    )
    bread, cake = shelf("Bread"), shelf("Cake")
    op.bulk_insert(
        product,
        [
            {"name": "Rye loaf", "price": Decimal("4.80"), "category_id": bread},
            {"name": "Poppy roll", "price": Decimal("0.90"), "category_id": bread},
            {"name": "Plum cake", "price": Decimal("3.20"), "category_id": cake},
        ],
    )


def downgrade() -> None:
    op.execute("DELETE FROM order_line")
    op.execute("DELETE FROM product")
    op.execute("DELETE FROM category")
