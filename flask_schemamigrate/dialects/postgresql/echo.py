"""Having PostgreSQL spell tables by creating them where nobody sees it, and taking that back.

A temporary table could not refer to other tables, so there is a scratch schema, in a transaction or
savepoint that is rolled back. A role that may not create schemas uses its temporary schema.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ...operations import AddConstraint, CreateSequence, CreateTable, Operation
from ...schema import Column, Schema, Table
from ..asking import asked
from ..statement import Statement
from .aside import NothingKnown
from .plain import portions
from .read import answers, read
from .scratch import Scratch
from .statements import PostgreSQLStatements

Text = list[str]
NEXT = re.compile(r"nextval\(('(?:[^']|'')*')::regclass\)")
OWNED = """
    SELECT 1 FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a
        ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.deptype = 'a'
        AND d.objid = to_regclass({sequence}) AND d.refobjid = to_regclass({place})
        AND a.attname = {name}"""


def echo(
    dialect: PostgreSQLStatements, connection: sa.Connection, wanted: Schema
) -> tuple[Schema, str | None]:
    """These tables as PostgreSQL spells them, and why some could not be asked for, if so.

    All at once, thousands would take more locks than the server has for all its sessions together.
    """
    default, path = answers(connection, "SELECT current_schema(), current_setting('search_path')")[
        0
    ]
    token = f"schemamigrate_{secrets.token_hex(4)}"
    tables: dict[str, Table] = {}
    refusals: list[str] = []
    echoed = wanted
    for portion in portions(wanted):
        scratch = Scratch(portion, default=default or "", token=token)
        echoed, refusal = spelled_there(dialect, connection, scratch, path)
        tables |= echoed.tables
        refusals += [refusal] if refusal else []
    tables = {key: numbered(dialect, connection, table) for key, table in tables.items()}
    return replace(echoed, tables=tables), refusals[0] if refusals else None


def numbered(dialect: PostgreSQLStatements, connection: sa.Connection, table: Table) -> Table:
    """The table with columns serial whose defaults call the very sequences they own.

    A scratch column owns none, so that it is read otherwise than the real one.
    """
    found: dict[str, Column] = {}
    place = dialect.literal(dialect.place(table.name, table.schema))
    for name, column in table.columns.items():
        if not column.default or (called := NEXT.fullmatch(column.default)) is None:
            continue
        facts = {"sequence": called[1], "place": place, "name": dialect.literal(name)}
        if answers(connection, OWNED.format(**facts)):
            found[name] = replace(column, default=None, autoincrement=True)
    return replace(table, columns={**table.columns, **found}) if found else table


def spelled_there(
    dialect: PostgreSQLStatements, connection: sa.Connection, scratch: Scratch, path: str
) -> tuple[Schema, str | None]:
    """What `echo` returns, of one portion."""
    refusal = ""
    for place in (scratch, scratch.temporary()):
        refusals: list[str] = []
        try:
            with undone(connection):
                prepare(connection, place, path)
                echoed = place.back(created(dialect, connection, place, refusals))
        except DBAPIError as error:
            refusal = refusal or str(error.orig).strip()
            continue
        if len(place.tables) < len(scratch.tables):
            refusals.append(refusal)
        return echoed, refusals[0] if refusals else None
    return scratch.wanted, refusal


@contextmanager
def undone(connection: sa.Connection) -> Iterator[None]:
    """A block that leaves no trace, whatever transaction the connection is in."""
    driver = connection.connection.dbapi_connection
    if getattr(driver, "autocommit", False):
        connection.exec_driver_sql("BEGIN")
        try:
            yield
        finally:
            connection.exec_driver_sql("ROLLBACK")
        return
    transaction = connection.begin_nested() if connection.in_transaction() else connection.begin()
    try:
        yield
    finally:
        transaction.rollback()


def prepare(connection: sa.Connection, scratch: Scratch, path: str) -> None:
    """Make the scratch schemas, and the default one the first in which names are looked up."""
    texts = [f"CREATE SCHEMA {name}" for name in scratch.created]
    texts.append(f"SET LOCAL search_path TO {', '.join(filter(None, (scratch.first, path)))}")
    run(connection, texts)


def created(
    dialect: PostgreSQLStatements, connection: sa.Connection, scratch: Scratch, refusals: list[str]
) -> Schema:
    """What the catalogue says of the scratch objects once they are created."""
    shared = [text for texts in types(dialect, scratch) for text in texts]
    tables = {key: table_texts(dialect, table) for key, table in scratch.tables.items()}
    stand_ins = [text for table in scratch.stand_ins for text in table_texts(dialect, table)]
    keys = {key: key_texts(dialect, table) for key, table in scratch.tables.items()}
    all_at_once = [*shared, *stand_ins]
    all_at_once += [text for texts in (*tables.values(), *keys.values()) for text in texts]
    savepoint = connection.begin_nested()
    try:
        run(connection, all_at_once)
        return read(connection, scratch.schemas, None)
    except DBAPIError:
        # One table that cannot be created must not keep the others from being compared.
        savepoint.rollback()
        savepoint = connection.begin_nested()
        for texts in ([text] for text in (*shared, *stand_ins)):
            attempt(connection, texts, refusals)
        for parts in (tables, keys):
            for texts in parts.values():
                attempt(connection, texts, refusals)
        return read(connection, scratch.schemas, None)
    finally:
        savepoint.rollback()


def attempt(connection: sa.Connection, texts: Text, refusals: list[str]) -> None:
    """Run statements that may fail."""
    savepoint = connection.begin_nested()
    try:
        run(connection, texts)
        savepoint.commit()
    except DBAPIError as error:
        savepoint.rollback()
        refusals.append(str(error.orig).strip())


def run(connection: sa.Connection, texts: Text) -> None:
    """Run statements in one round trip, where the driver sends several at once."""
    together = texts if connection.dialect.driver == "asyncpg" else [";\n".join(texts)]
    for text in together:
        if text:
            asked(connection, text)


def types(dialect: PostgreSQLStatements, scratch: Scratch) -> Iterator[Text]:
    """The statements that create enums, sequences and domains."""
    for enum in scratch.enums:
        yield [dialect.enum_values(enum)]
    for sequence in scratch.sequences:
        yield texts_of(dialect, CreateSequence(sequence))
    for domain in scratch.domains:
        yield [dialect.domain_text(domain)]


def table_texts(dialect: PostgreSQLStatements, table: Table) -> Text:
    """The statements that create a table without its foreign keys."""
    return texts_of(dialect, CreateTable(replace(table, foreign_keys={})))


def key_texts(dialect: PostgreSQLStatements, table: Table) -> Text:
    """The statements that add a table's foreign keys, once all tables are there."""
    return [
        text
        for key in table.foreign_keys.values()
        for text in texts_of(dialect, AddConstraint(table.name, table.schema, key))
    ]


def texts_of(dialect: PostgreSQLStatements, operation: Operation) -> Text:
    """An operation's statements as texts."""
    steps = dialect.statements(operation, NothingKnown())
    return [step.sql for step in steps if isinstance(step, Statement)]
