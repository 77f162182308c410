"""an operation of the project's own, arguments, and the connection at import

Create Date: 2019-08-01 10:00:00
"""

import sqlalchemy as sa
from alembic import op
from alembic.operations import MigrateOperation, Operations

revision = "an_own_operation"
down_revision = "merge_of_both"
branch_labels = None
depends_on = None

connection = op.get_bind()


@Operations.register_operation("create_plain_view")
class CreatePlainView(MigrateOperation):
    def __init__(self, name, query):
        self.name, self.query = name, query

    @classmethod
    def create_plain_view(cls, operations, name, query):
        return operations.invoke(cls(name, query))


@Operations.implementation_for(CreatePlainView)
def create_plain_view(operations, operation):
    operations.execute(f"CREATE VIEW {operation.name} AS {operation.query}")


def upgrade(**arguments):
    op.add_column("bill", sa.Column("paid", sa.Boolean(), nullable=True))
    connection.execute(sa.text("UPDATE bill SET paid = :paid"), {"paid": True})
    op.create_plain_view("open_bill", "SELECT id FROM bill WHERE paid IS NULL")


def downgrade(**arguments):
    op.execute("DROP VIEW open_bill")
    with op.batch_alter_table("bill") as batch_op:
        batch_op.drop_column("paid")
