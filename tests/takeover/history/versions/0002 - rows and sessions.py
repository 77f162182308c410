"""rows and sessions: what scripts do with the connection

Create Date: 2019-02-01 10:00:00
"""

import alembic
import sqlalchemy as sa
from alembic import context, op, util
from sqlalchemy.orm import Session, declarative_base

revision: str = "rows_and_sessions"
down_revision: str = "first_tables"
branch_labels: None = None
depends_on: None = None

Base = declarative_base()
is_modern = tuple(int(part) for part in alembic.__version__.split(".")[:2]) >= (1, 7)


class Account(Base):
    __tablename__ = "account"
    id = sa.Column(sa.Integer, primary_key=True)
    email = sa.Column(sa.String(120))
    name = sa.Column(sa.String(50))


def upgrade():
    if context.is_offline_mode():
        raise util.CommandError("this revision looks at rows")
    assert is_modern
    op.add_column("account", sa.Column("name", sa.String(50)))
    session = Session(bind=op.get_bind())
    for account in session.query(Account).order_by(Account.id):
        account.name = account.email.partition("@")[0]
    session.commit()
    # A session that is open while operations are carried out.
    op.add_column("account", sa.Column("seen", sa.Integer))
    session.execute(sa.text("UPDATE account SET seen = 1"))
    session.commit()
    session.close()
    op.drop_column("account", "seen")
    op.get_bind().execute(
        sa.text("UPDATE account SET name = :name WHERE email LIKE 'bob%'"), {"name": "Robert"}
    )
    op.get_bind().commit()
    accounts = sa.table("account", sa.column("name"), sa.column("email"))
    op.execute(
        accounts.update()
        .where(accounts.c.name == op.inline_literal("ann"))
        .values(name=op.inline_literal("Ann"))
    )
    op.execute("UPDATE account SET active = active WHERE name = 'a\\:b'")
    names = op.get_bind().execute(sa.text("SELECT name FROM account ORDER BY id")).scalars().all()
    assert names == ["Ann", "Robert"], names


def downgrade():
    with op.batch_alter_table("account") as batch_op:
        batch_op.drop_column("name")
