"""merge

Create Date: 2019-07-01 10:00:00
"""

revision = "merge_of_both"
down_revision = ("out_of_transaction", "b2")


def upgrade():
    pass


def downgrade():
    pass
