"""To spell a table, PostgreSQL creates what must be asked for, and not all tables at once."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from flask_schemamigrate.autogenerate.compare import compare
from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.dialects.postgresql.plain import PORTION

CONDITIONS = (
    "{} > 0",
    "{}>=10",
    "{} = 1",
    "{} != 999999999",
    "{} <> 2 AND {} < 7 and {} <= 8",
)
TYPES: tuple[Any, ...] = (
    sa.SmallInteger(),
    sa.Integer(),
    sa.BigInteger(),
    sa.Numeric(),
    sa.Numeric(8, 2),
)
DOUBTFUL = (
    "n > -1",
    "n > 0.5",
    "n > 10000000000",
    "n > 0 OR n < 7",
    "n BETWEEN 1 AND 5",
    "N > 0",
    "r > 0",
    "t <> ''",
    '"Odd" > 0',
    "position > 0",
    "n > m",
    "n + 1 > 0",
)


def checked(*conditions: str, name: str = "t") -> sa.MetaData:
    """A table with these checks."""
    metadata = sa.MetaData()
    sa.Table(
        name,
        metadata,
        *(sa.Column(f"c{number}", type_) for number, type_ in enumerate((*TYPES, sa.Double()))),
        *(sa.Column(name, sa.Integer) for name in ("n", "m", "Odd", "position")),
        sa.Column("r", sa.REAL),
        sa.Column("t", sa.Text),
        *(sa.CheckConstraint(text, f"ck{number}") for number, text in enumerate(conditions)),
    )
    return metadata


def many(number: int) -> sa.MetaData:
    """As many tables, each with a key to another, a serial key and a check to be asked for."""
    metadata = sa.MetaData()
    for n in range(number):
        sa.Table(
            f"t{n}",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("word", sa.String(9), unique=True),
            sa.Column("to", sa.ForeignKey(f"t{n // 2}.id", name=f"fk{n}"), index=True),
            sa.CheckConstraint("length(word) > 0", name=f"ck{n}"),
        )
    return metadata


def said_to(engine: sa.Engine) -> list[str]:
    """What the server will be sent from now on."""
    said: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    return said


def test_a_comparison_with_a_number_is_spelled_without_asking(engine):
    columns = [f"c{number}" for number in range(len(TYPES) + 1)]
    texts = [text.format(*[name] * 3) for text in CONDITIONS for name in columns]
    metadata = checked(*texts)
    metadata.create_all(engine)
    dialect: Any = for_engine(engine)
    with engine.connect() as connection:
        found = dialect.read(connection).tables["t"].checks
    spelled = dialect.spelled(dialect.spelling.schema([metadata])).tables["t"].checks
    assert spelled == found


@pytest.mark.parametrize("text", DOUBTFUL)
def test_any_other_check_is_asked_for(engine, text):
    metadata = checked(text)
    metadata.create_all(engine)
    said = said_to(engine)
    with engine.connect() as connection:
        difference = compare(for_engine(engine), connection, [metadata])
    assert difference.before.tables == difference.wanted.tables
    assert any("CREATE SCHEMA" in text for text in said)


def test_scratch_tables_have_only_what_is_to_be_spelled(engine):
    metadata = many(3)
    metadata.create_all(engine)
    said = said_to(engine)
    with engine.connect() as connection:
        difference = compare(for_engine(engine), connection, [metadata])
    assert difference.before.tables == difference.wanted.tables
    text = "\n".join(said)
    assert text.count("CREATE TABLE") == text.count("length(word)") == 3
    assert not any(word in text for word in ("SERIAL", "KEY", "UNIQUE (", "CREATE INDEX"))


def test_thousands_of_tables_are_spelled_some_at_a_time(engine):
    metadata = many(2 * PORTION + 1)
    dialect: Any = for_engine(engine)
    wanted = dialect.spelled(dialect.spelling.schema([metadata]))
    said = said_to(engine)
    with engine.connect() as connection:
        echoed = dialect.echo(connection, wanted)
    made = [text.count("CREATE TABLE") for text in said if "CREATE TABLE" in text]
    assert made == [PORTION, PORTION, 1]
    texts = {check.condition for table in echoed.tables.values() for check in table.checks.values()}
    assert texts == {"(length((word)::text) > 0)"}
    assert all(table.foreign_keys for table in echoed.tables.values())
