"""invoices, on a branch of their own

Create Date: 2019-03-15 10:00:00
"""

from alembic import op
import sqlalchemy as sa

revision = "b1"
down_revision = None
branch_labels = ("billing",)
depends_on = ["looking_around"]

metadata = sa.MetaData()
invoice = sa.Table(
    "invoice",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account_id", sa.Integer),
    sa.Column("total", sa.Numeric(10, 2)),
)


def upgrade():
    invoice.create(op.get_bind())
    op.create_index(None, "invoice", ["account_id"])
    op.execute(invoice.insert().values(id=1, account_id=1, total=5))


def downgrade():
    invoice.drop(op.get_bind())
