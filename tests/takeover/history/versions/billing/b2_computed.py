"""computed values in the header, and no downgrade

Create Date: 2019-06-01 10:00:00
"""

import os

import sqlalchemy as sa
from alembic import op

numbers = [1, 2]
revision = f"b{numbers[-1]}"
down_revision = "b" + str(numbers[0])
depends_on = tuple(name for name in ("batches",) if os.sep)

name_of_index = op.f("ix_invoice_total")


def upgrade():
    op.create_index(name_of_index, "invoice", ["total"], unique=False)
    op.rename_table("invoice", "bill")


def downgrade():
    op.rename_table("bill", "invoice")
    op.drop_index(name_of_index, table_name="invoice")
