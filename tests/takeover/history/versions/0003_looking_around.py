"""looking around: inspecting, reflecting, asking the context

Create Date: 2019-03-01 10:00:00
"""

import alembic.op as op
import sqlalchemy as sa
from alembic import context
from shared import create_named, is_postgresql

revision = "looking_around"
down_revision = ("rows_and_sessions",)


def upgrade():
    bind = op.get_bind()
    tables = sa.inspect(bind.engine if False else bind).get_table_names()
    assert "account" in tables
    reflected = sa.Table("account", sa.MetaData(), autoload_with=bind)
    assert "name" in reflected.c
    with bind.engine.begin() as other:
        other.execute(sa.text("CREATE TABLE aside (id INTEGER)"))
    assert sa.inspect(bind.engine).has_table("aside")
    op.alter_column("aside", sa.Column("id", sa.Integer, nullable=False))
    names = {
        op.get_context().dialect.name,
        op.get_context().impl.dialect.name,
        op.get_context().connection.engine.name,
        op._proxy.migration_context.dialect.name,
        context.get_impl().bind.dialect.name,
        context.get_bind().engine.name,
        bind.engine.dialect.name,
    }
    assert len(names) == 1
    assert "target_metadata" in op.get_context().opts
    assert op.get_context().version_table_schema is None
    assert context.get_x_argument(as_dictionary=True).get("tenant") is None
    assert op.get_context().config.get_main_option("no such option") is None
    log = create_named("log", sa.Column("text", sa.Text), sa.Column("at", sa.DateTime))
    op.bulk_insert(log, [{"text": "began"}], multiinsert=False)
    context.execute("UPDATE log SET text = 'begun'")
    op.get_context().impl.execute(sa.text("UPDATE log SET text = 'began'"))
    versions = bind.execute(sa.text("SELECT version_num FROM alembic_version")).scalars().all()
    assert versions == ["rows_and_sessions"], versions
    if is_postgresql():
        op.create_index("ix_log_lower", "log", [sa.text("lower(text)")], postgresql_using="btree")
    else:
        op.create_index("ix_log_at", "log", ["at"], mysql_length=None)


def downgrade():
    op.drop_table("log")
    op.drop_table("aside")
