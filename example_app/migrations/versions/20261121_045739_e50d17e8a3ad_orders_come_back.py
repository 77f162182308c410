"""orders come back

Revises: d2ba3a1d366d
Created: 2026-11-21 04:57:39+00:00
"""

import sqlalchemy as sa
from flask_schemamigrate import op

revision = "e50d17e8a3ad"
down_revision = "d2ba3a1d366d"
branch_labels = None
depends_on = None


before = ["open", "paid", "sent", "cancelled"]
after = ["open", "paid", "sent", "returned", "cancelled"]


# Edited by hand: 'flask db migrate' writes for the database at hand, and the shop runs on three.
# PostgreSQL has a type of that name; to the others, the values are part of the column.
def has_enum_types() -> bool:
    return op.get_context().dialect.name == "postgresql"


def upgrade() -> None:
    if has_enum_types():
        op.add_enum_value("orderstatus", "returned", after="sent")
    else:
        op.alter_column("orders", "status", type_=sa.Enum(*after, name="orderstatus"))


def downgrade() -> None:
    op.execute("UPDATE orders SET status = 'sent' WHERE status = 'returned'")
    if has_enum_types():
        op.set_enum_values("orderstatus", before)
    else:
        op.alter_column("orders", "status", type_=sa.Enum(*before, name="orderstatus"))
