"""batches

Create Date: 2019-04-01 10:00:00
"""

from alembic import op
import sqlalchemy as sa

revision = "batches"
down_revision = ["looking_around"]

naming_convention = {"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"}


def upgrade():
    op.create_table(
        "team",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("title", sa.String(30), nullable=False, server_default="none"),
        sa.Column("size", sa.Integer, comment="how many"),
        sa.CheckConstraint("title <> ''", name="has_title"),
    )
    op.execute("INSERT INTO team (id, title, size) VALUES (1, 'red', 3), (2, 'blue', 4)")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.create_index("ix_team_captain", ["captain_id"])
        batch_op.add_column(sa.Column("captain_id", sa.Integer(), nullable=True))
        batch_op.alter_column(
            "title",
            existing_type=sa.String(30),
            type_=sa.String(60),
            existing_nullable=False,
            existing_server_default="none",
        )
        batch_op.create_unique_constraint("uq_team_title", ["title"])
        batch_op.create_foreign_key(
            "fk_team_captain", "account", ["captain_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_index(batch_op.f("ix_team_size"), ["size"], unique=False)
    with op.batch_alter_table("team", naming_convention=naming_convention) as batch_op:
        batch_op.alter_column(
            "size",
            new_column_name="members",
            existing_type=sa.Integer(),
            existing_comment="how many",
            existing_nullable=True,
        )


def downgrade():
    with op.batch_alter_table("team") as batch_op:
        batch_op.alter_column(
            "members",
            new_column_name="size",
            existing_type=sa.Integer(),
            existing_comment="how many",
            existing_nullable=True,
        )
        batch_op.drop_constraint("fk_team_captain", type_="foreignkey")
    op.drop_table("team")
