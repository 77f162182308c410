"""Changes of what others stand on, and of the rarer forms of what is in `cases`."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import postgresql as pg

from flask_schemamigrate.autogenerate import Answers
from tests.autogenerate.cases import (
    ALL,
    BOOL,
    INT,
    LITE,
    MY,
    PG,
    STR,
    Case,
    Tables,
    a,
    b,
    computed,
    exclude,
    identity,
    other,
    r,
)
from tests.autogenerate.models import ck, col, fk, fkc, ix, t, table, uq

text = sa.text


def letters(*values: str, **options: object) -> sa.Enum:
    """An enum type of these values."""
    return sa.Enum(*values, name="letters", **options)


def positive(name: str) -> object:
    """A condition on a column of any name."""
    return sa.column(name) > 0


TYPES = {
    "char to string": (sa.CHAR(20), STR, ALL),
    "float to numeric": (sa.Float, sa.Numeric(10, 2), ALL),
    "integer to numeric": (INT, sa.Numeric(10, 2), ALL),
    "date to datetime": (sa.Date, sa.DateTime, ALL),
    "time to string": (sa.Time, STR, ALL),
    "boolean to string": (BOOL, STR, ALL),
    "binary to text": (sa.LargeBinary, sa.Text, ALL),
    "text to json": (sa.Text, sa.JSON, ALL),
    "smallint to bigint": (sa.SmallInteger, sa.BigInteger, ALL),
    "text to mediumtext": (sa.Text, mysql.MEDIUMTEXT, MY),
    "binary of another length": (sa.BINARY(3), sa.BINARY(5), LITE | MY),
    "year to integer": (mysql.YEAR, INT, MY),
    "bits": (pg.BIT(3), pg.BIT(5), PG),
    "time of fewer digits": (pg.TIME(precision=6), pg.TIME(precision=3), PG),
    "interval of fields": (pg.INTERVAL(), pg.INTERVAL(fields="DAY TO SECOND"), PG),
    "text to inet": (sa.Text, pg.INET, PG),
    "text to array": (sa.Text, sa.ARRAY(sa.Text), PG),
    "jsonb to text": (pg.JSONB, sa.Text, PG),
    "string to uuid": (sa.String(40), sa.Uuid, PG),
    "range": (pg.INT4RANGE, pg.INT8RANGE, PG),
    "array of an enum gains a value": (
        sa.ARRAY(letters("a")),
        sa.ARRAY(letters("a", "b")),
        PG,
    ),
    "array of an enum loses a value": (
        sa.ARRAY(letters("a", "b")),
        sa.ARRAY(letters("a")),
        PG,
    ),
}


def standing_on(type_: object) -> Tables:
    """A table whose column of this type has a key to it, an index, a check, a default and more."""
    column = col("a", type_, nullable=False, server_default="5")
    items = (uq("a", name="uq_a"), ix("ix_a", "a", "b"), ck("a > 0", name="positive"))
    made = col("twice", INT, computed("b * 2", persisted=True))
    return [t(column, b, made, *items), table("u", col("o", type_, fk("t.a", name="fk_o")))]


def of_constraints() -> dict[str, Case]:
    """Changes of constraints in their rarer forms."""
    pair = table("pair", col("x", INT, nullable=False), col("y", INT, nullable=False), uq("x", "y"))
    plain = [t(r, a, exclude(("r", "&&"), name="x"))]
    return {
        "exclude: renamed": Case(plain, [t(r, a, exclude(("r", "&&"), name="y"))], PG),
        "exclude: deferrable": Case(
            plain, [t(r, a, exclude(("r", "&&"), name="x", deferrable=True))], PG
        ),
        "exclude: where": Case(
            plain, [t(r, a, exclude(("r", "&&"), name="x", where=text("a > 0")))], PG
        ),
        "foreign key: of two columns": Case(
            [pair, t(a, b)], [pair, t(a, b, fkc(["a", "b"], ["pair.x", "pair.y"], name="fk_p"))]
        ),
        "foreign key: one more for the same column": Case(
            [other, t(col("o", INT, fk("other.id", name="fk_o")))],
            [other, t(col("o", INT, fk("other.id", name="fk_o"), fk("other.a", name="fk_a")))],
            PG | LITE,
        ),
        "foreign key: to itself": Case(
            [t(col("up", INT))], [t(col("up", INT, fk("t.id", name="fk_up", ondelete="CASCADE")))]
        ),
        "unique: not deferrable any more": Case(
            [t(a, uq("a", name="u", deferrable=True))], [t(a, uq("a", name="u"))], PG
        ),
        "check: two at once": Case(
            [t(a, b, ck("a > 0", name="x"), ck("b > 0", name="y"))],
            [t(a, b, ck("a > 1", name="x"), ck("b > 1", name="z"))],
        ),
    }


def of_columns() -> dict[str, Case]:
    """Changes of columns that others stand on, and of what generates them."""
    lower = [t(col("x", STR), col("low", STR, computed("lower(x)", persisted=True)))]
    counted = identity(start=5)
    return {
        "column: type under everything": Case(
            standing_on(INT), standing_on(sa.BigInteger), PG | LITE
        ),
        "column: type under an index": Case(
            [t(a, ix("ix_a", "a"))], [t(col("a", sa.BigInteger), ix("ix_a", "a"))]
        ),
        "column: generated with a colon": Case(
            [t(col("x", STR))],
            [t(col("x", STR), col("y", STR, computed("coalesce(x, '\\:z')", persisted=True)))],
            PG | MY,
        ),
        "column: generated with another colon": Case(
            [t(col("x", STR), col("y", STR, computed("coalesce(x, '\\:y')", persisted=True)))],
            [t(col("x", STR), col("y", STR, computed("coalesce(x, '\\:z')", persisted=True)))],
        ),
        "column: generated one indexed": Case(
            lower,
            [t(*lower[0].items[1:], ix("ix_low", "low"))],
        ),
        "column: generated one of another type": Case(
            lower,
            [t(col("x", STR), col("low", sa.String(40), computed("lower(x)", persisted=True)))],
        ),
        "column: generated one added and its source dropped": Case(
            [t(a, b)],
            [t(a, col("c", INT, computed("a + 1", persisted=True)))],
            answers=Answers(not_renames=frozenset({"t.b"})),
        ),
        "column: enum with a default loses a value": Case(
            [t(col("a", letters("a", "b", "c"), server_default="a"))],
            [t(col("a", letters("a", "b"), server_default="b"))],
            PG | MY,
        ),
        "column: enum of two tables": Case(
            [t(col("a", letters("a"))), table("u", col("a", letters("a"), server_default="a"))],
            [
                t(col("a", letters("b", "a"))),
                table("u", col("a", letters("b", "a"), server_default="a")),
            ],
            PG,
        ),
        "column: identity to numbers of its own": Case(
            [t(col("a", INT, counted, nullable=False))],
            [t(col("a", INT, identity(start=5, maxvalue=99, cycle=True), nullable=False))],
            PG,
        ),
        "column: that an update sets, dropped": Case(
            [
                t(
                    b,
                    col(
                        "a",
                        sa.TIMESTAMP,
                        server_default=text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"),
                    ),
                    col("n", mysql.TIMESTAMP, server_default=text("NULL ON UPDATE now()")),
                )
            ],
            [t(b)],
            MY,
        ),
        "column: JSON renamed": Case(
            [t(col("a", sa.JSON, server_default="{}"))],
            [t(col("z", sa.JSON, server_default="{}"))],
            answers=Answers(renames={"t.a": "z"}),
        ),
        "column: JSON renamed, and another one in its place": Case(
            [t(col("a", sa.JSON), col("e", sa.JSON))],
            [t(col("e", sa.JSON), col("z", sa.JSON), b)],
            answers=Answers(renames={"t.a": "z"}),
        ),
        "column: renamed to what needs quotes, with its check": Case(
            [t(a, b, ck("a > 0 AND b > 0", name="k"))],
            [
                t(
                    col("50%", INT),
                    col("b c", INT),
                    ck(sa.and_(sa.column("50%") > 1, sa.column("b c") > 0), name="k"),
                )
            ],
            PG | MY,
            Answers(renames={"t.a": "50%", "t.b": "b c"}),
        ),
        "column: renamed together with its check and key": Case(
            [other, t(col("a b", INT, fk("other.id", name="f")), ck(positive("a b"), name="k"))],
            [other, t(col("z", INT, fk("other.id", name="g")), ck(positive("z"), name="l"))],
            answers=Answers(renames={"t.a b": "z"}),
            reworded=True,
        ),
        "column: that is only a string in a check, dropped": Case(
            [t(col("x", STR), b, ck("x IN ('a', 'b')", name="k"))],
            [t(col("x", STR), ck("x IN ('a', 'b')", name="k"))],
        ),
        "column: NOT NULL and a default at once": Case(
            [t(a)], [t(col("a", INT, nullable=False, server_default="7"))]
        ),
        "table: everything of it changed": Case(
            [t(a, col("x", STR), ix("i", "x"), uq("a", name="u"), comment="x")],
            [
                t(
                    col("a", sa.BigInteger, server_default="1"),
                    b,
                    ix("i", "b"),
                    ck("b > 0", name="c"),
                )
            ],
        ),
        "table: row format": Case([t(a)], [t(a, mysql_row_format="COMPRESSED")], MY),
    }


def of_shared_columns() -> dict[str, Case]:
    """Foreign keys on one and the same column, which share what serves them."""
    others = [table("p"), table("q")]
    one, two = fkc(["x"], ["p.id"], name="f"), fkc(["x"], ["q.id"], name="g")

    def keys(*items: object) -> Tables:
        return [*others, t(col("x", INT), *items)]

    pairs = {
        "a second one added": (keys(one), keys(one, two)),
        "an earlier one added": (keys(two), keys(one, two)),
        "two added": (keys(), keys(one, two)),
        "one of two dropped": (keys(one, two), keys(one)),
        "the other dropped": (keys(one, two), keys(two)),
        "two dropped": (keys(one, two), keys()),
        "two get an index": (keys(one, two), keys(one, two, ix("i", "x"))),
        "their names changed for an index's": (
            keys(fkc(["x"], ["p.id"], name="h"), two),
            keys(one, two, ix("i", "x")),
        ),
    }
    return {f"foreign keys on one column: {name}": Case(*each) for name, each in pairs.items()}


def of_names() -> dict[str, Case]:
    """Names that go from one table to another."""
    columns = a, col("x", INT)
    named = (
        uq("x", name="one"),
        ck("x > 1", name="two"),
        fkc(["x"], ["other.a"], name="three"),
        ix("four", "x"),
    )
    ours, theirs = table("ours", *columns, *named), table("theirs", *columns, *named)
    bare, bare_too = table("ours", *columns), table("theirs", *columns)
    excluding = [[table(name, r, exclude(("r", "&&"), name="five"))] for name in ("ours", "theirs")]
    no_rename = Answers(not_renames=frozenset({"ours"}))
    return {
        "names of a table in place of another": Case(
            [other, ours], [other, theirs], answers=no_rename
        ),
        "names that go to a new table": Case([other, ours], [other, bare, theirs]),
        "names that go to an earlier table": Case([other, bare, theirs], [other, ours, bare_too]),
        "names of exclusions": Case(excluding[0], excluding[1], PG, no_rename),
        "a name that a key leans on": Case(
            [table("ours", a, uq("a", name="one")), t(a, fkc(["a"], ["ours.a"]))],
            [table("theirs", a, uq("a", name="one")), t(a)],
            answers=no_rename,
        ),
    }


CORNERS = {
    **{
        f"type: {name}": Case([t(col("a", one))], [t(col("a", two))], on)
        for name, (one, two, on) in TYPES.items()
    },
    **of_constraints(),
    **of_columns(),
    **of_shared_columns(),
    **of_names(),
}
