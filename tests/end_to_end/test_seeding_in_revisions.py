"""Rows put in by a revision, by an ad-hoc table and Python's own values."""

from __future__ import annotations

import pytest

from tests.databases.servers import MARIADB_AND_MYSQL

TABLES = """
def upgrade():
    op.create_table(
        "thing",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("born", sa.Date()),
        sa.Column("seen", sa.DateTime()),
        sa.Column("at", sa.Time()),
        sa.Column("price", sa.Numeric(10, 2)),
        sa.Column("is_new", sa.Boolean()),
        sa.Column("facts", sa.JSON()),
        sa.Column("colour", sa.Enum("red", "blue", name="colour")),
        sa.Column("mood", sa.Enum("good", "bad", name="mood")),
        sa.Column("key", sa.Uuid()),
        sa.Column("raw", sa.LargeBinary()),
        sa.Column("length", sa.Float()),
        sa.Column("lasts", sa.Interval()),
    )


def downgrade():
    op.drop_table("thing")
"""

ROWS = """
import datetime
import enum
import uuid
from decimal import Decimal


class Colour(enum.Enum):
    red = 1
    blue = 2


class Mood(enum.Enum):
    GOOD = "good"
    BAD = "bad"


thing = sa.table(
    "thing",
    sa.column("id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("born", sa.Date),
    sa.column("seen", sa.DateTime),
    sa.column("at", sa.Time),
    sa.column("price", sa.Numeric(10, 2)),
    sa.column("is_new", sa.Boolean),
    sa.column("facts", sa.JSON),
    sa.column("colour", sa.Enum(Colour, name="colour")),
    sa.column(
        "mood", sa.Enum(Mood, name="mood", values_callable=lambda kind: [m.value for m in kind])
    ),
    sa.column("key", sa.Uuid),
    sa.column("raw", sa.LargeBinary),
    sa.column("length", sa.Float),
    sa.column("lasts", sa.Interval),
)


def upgrade():
    op.bulk_insert(
        thing,
        [
            {
                "id": 1,
                "name": "it's 100% \\\\ :fine",
                "born": datetime.date(2020, 2, 29),
                "seen": datetime.datetime(2021, 3, 4, 5, 6, 7),
                "at": datetime.time(8, 9, 10),
                "price": Decimal("12345678.91"),
                "is_new": True,
                "facts": {"a": [1, None, "\\u00e4 'x'"], "b": {"c": False}},
                "colour": Colour.blue,
                "mood": Mood.GOOD,
                "key": uuid.UUID("12345678-1234-5678-1234-567812345678"),
                "raw": b"\\x00\\xff'\\\\",
                "length": 0.1,
                "lasts": datetime.timedelta(days=2, hours=3),
            },
            {
                "id": 2,
                "name": "",
                "born": None,
                "seen": None,
                "at": None,
                "price": None,
                "is_new": None,
                "facts": None,
                "colour": None,
                "mood": None,
                "key": None,
                "raw": None,
                "length": None,
                "lasts": None,
            },
        ],
    )


def downgrade():
    op.execute(thing.delete())
"""


def wrong(rows: str) -> str:
    """A revision that puts a good row in and then these."""
    return f"""
import datetime
from decimal import Decimal

thing = sa.table(
    "thing",
    sa.column("id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("born", sa.Date),
    sa.column("facts", sa.JSON),
    sa.column("colour", sa.Enum("red", "blue", name="colour")),
    sa.column("key", sa.Uuid),
)


def upgrade():
    op.bulk_insert(thing, [{{"id": 7, "name": "good"}}])
    op.bulk_insert(thing, {rows})


def downgrade():
    pass
"""


@pytest.fixture
def run(new_app, database):
    """Call the command line: ``run("upgrade")``."""
    app = new_app(database.url)

    def call(*arguments: str) -> tuple[int, str]:
        result = app.test_cli_runner().invoke(args=["db", *arguments])
        return result.exit_code, result.output

    return call


def values(database) -> list[dict[str, object]]:
    """The rows as the models would read them."""
    namespace: dict[str, object] = {}
    exec("import sqlalchemy as sa\n" + ROWS.partition("def upgrade")[0], namespace)
    thing = namespace["thing"]
    with database.engine().connect() as connection:
        query = thing.select().order_by(thing.c.id)  # type: ignore[attr-defined]
        return [dict(row) for row in connection.execute(query).mappings()]


def test_python_values_arrive_as_they_are(revisions, run, database):
    revisions(aa=TABLES, bb=ROWS)
    code, said = run("upgrade")
    assert code == 0, said
    first, second = values(database)
    namespace: dict[str, object] = {"sa": __import__("sqlalchemy"), "op": Recorder()}
    exec(ROWS + "\nupgrade()", namespace)
    wanted = namespace["op"].rows[0]  # type: ignore[attr-defined]
    assert {name: str(value) for name, value in first.items()} == {
        name: str(value) for name, value in wanted.items()
    }
    assert {name for name, value in second.items() if value is not None} == {"id", "name"}


class Recorder:
    """Remembers the rows that a revision wants to insert."""

    def bulk_insert(self, table, rows):
        self.rows = rows


def test_a_script_puts_the_same_values_in(revisions, run, database, new_app, client_program):
    revisions(aa=TABLES, bb=ROWS)
    url = database.url.replace("mysql+", f"{database.name}+")
    script = new_app(url).test_cli_runner().invoke(args=["db", "upgrade", "--sql"]).stdout
    database.feed(script)
    by_script = values(database)
    database.execute("DELETE FROM thing", "DELETE FROM schemamigrate_history WHERE revision = 'bb'")
    code, said = run("upgrade")
    assert code == 0, said
    assert [str(row) for row in values(database)] == [str(row) for row in by_script]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ('[{"id": 1, "name": "a"}, {"id": 2, "nmae": "b"}]', ["Row 2", "'name'"]),
        ('[{"id": 1, "nmae": "a"}]', ["Row 1", "'nmae'"]),
        ('[{"id": 1, "name": "a"}, {"id": 2}]', ["Row 2", "'name'"]),
        ('[{"id": 1, "name": "a"}, ["b"]]', ["Row 2", "list"]),
        ('[{"id": 1, "key": 5, "name": "a"}]', ["key"]),
        (
            '[{"id": 1, "name": "a", "facts": {}}, {"id": 2, "name": "b", "facts": object()}]',
            ["Row 2", "column 'facts'"],
        ),
        ('[{"id": 1, "name": "a", "colour": 5}]', ["Row 1", "column 'colour'"]),
        ('[{"id": 1, "name": "a", "born": "2020-13-45"}]', ["born"]),
        ('[{"id": 1, "name": "a"}, {"id": 2, "name": None}]', ["name"]),
        ('[{"id": 1, "name": "a"}, {"id": 1, "name": "b"}]', ["insert rows into thing"]),
    ],
)
def test_a_wrong_row_is_named_and_nothing_of_its_insert_stays(revisions, run, database, rows, said):
    revisions(aa=TABLES, bb=wrong(rows))
    code, output = run("upgrade")
    assert code == 1
    for words in ("Revision bb", *said):
        assert words in output
    # MariaDB commits each insert with a record of it, and the next run goes on behind it.
    kept = [(7,)] if database.name in MARIADB_AND_MYSQL else []
    assert database.rows("SELECT id FROM thing") == kept
    assert ("What it had done before stays" if kept else "Nothing of it stays.") in output


def test_rows_may_come_from_a_generator(revisions, run, database):
    rows = '({"id": number, "name": str(number)} for number in range(100, 7000))'
    revisions(aa=TABLES, bb=wrong(rows))
    code, said = run("upgrade")
    assert code == 0, said
    assert database.rows("SELECT count(*) FROM thing") == [(6901,)]
