"""first tables

Revision ID: first_tables
Revises:
Create Date: 2019-01-01 10:00:00
"""

from alembic import op
import sqlalchemy as sa

revision = "first_tables"
down_revision = None
branch_labels = ()
depends_on = None


def upgrade():
    roles = op.create_table(
        "role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name", name="uq_role_name"),
        mysql_ENGINE="InnoDB",
        mysql_DEFAULT_CHARSET="utf8mb4",
        sqlite_autoincrement=True,
    )
    op.bulk_insert(roles, [{"id": 1, "name": "admin"}, {"id": 2, "name": "reader"}])
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(120), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(
            ["role_id"], ["role.id"], name="fk_account_role", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_account_email"), "account", ["email"], unique=True)
    op.bulk_insert(
        sa.table("account", sa.column("email"), sa.column("role_id")),
        [{"email": f"{name}@example.org", "role_id": 1} for name in ("ann", "bob")],
    )


def downgrade():
    op.drop_index(op.f("ix_account_email"), table_name="account")
    op.drop_table("account")
    op.drop_table("role")
