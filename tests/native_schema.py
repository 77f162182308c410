"""A database's schema and rows as its own tools show them, in lines that can be compared."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator

import sqlalchemy as sa

from tests.databases import clients

OURS = "schemamigrate_"
KEY = re.compile(r"^\s*(UNIQUE |FULLTEXT |SPATIAL )?KEY |^\s*CONSTRAINT ")
# PostgreSQL stamps every new column since 15.20, which only as new a pg_dump keeps to itself.
STAMP = re.compile(r"ALTER TABLE .* SET \(pg_attver=\d+\);")
# MariaDB numbers the constraints that nobody named, in the order in which they were made.
MADE_UP = re.compile(r"CONSTRAINT `\w+_ibfk_\d+`|CONSTRAINT `CONSTRAINT_\d+`")


def schema(url: str) -> list[str]:
    """The schema, without the tables that this project or Alembic keep for themselves."""
    read = {"sqlite": _sqlite, "postgresql": _postgresql}.get(
        sa.make_url(url).get_backend_name(), _mariadb
    )
    return list(read(url))


def rows(url: str, skip: frozenset[str] = frozenset()) -> list[str]:
    """All rows of all tables; what a default of the clock filled in does not count."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    found = []
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        for table in sorted(inspector.get_table_names()):
            if table.startswith(OURS) or table in skip:
                continue
            columns = [column["name"] for column in inspector.get_columns(table)]
            names = ", ".join(connection.dialect.identifier_preparer.quote(n) for n in columns)
            quoted = connection.dialect.identifier_preparer.quote(table)
            for row in connection.exec_driver_sql(f"SELECT {names} FROM {quoted}"):
                cells = [
                    "<time>" if re.match(r"20\d\d-\d\d-\d\d[ T]\d\d:", str(cell)) else str(cell)
                    for cell in row
                ]
                found.append(f"{table}: {' | '.join(cells)}")
    return sorted(found)


def _sqlite(url: str) -> Iterator[str]:
    """SQLite keeps what was typed, so its own account of it is compared, and the CHECKs' text."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:

        def ask(sql: str) -> list[tuple[object, ...]]:
            return [tuple(row) for row in connection.exec_driver_sql(sql)]

        for kind, name, table, sql in sorted(
            ask("SELECT type, name, tbl_name, sql FROM sqlite_master"), key=str
        ):
            if str(table).startswith(OURS) or str(name).startswith("sqlite_"):
                continue
            if kind != "table":
                yield f"{kind} {name} on {table}: {_plain(str(sql))}"
                continue
            for column in ask(f'PRAGMA table_xinfo("{name}")'):
                yield f"{name} column {column[0]} {column[1]} {_plain(str(column[2:]))}"
            keys: dict[object, list[object]] = {}
            for number, *key in ask(f'PRAGMA foreign_key_list("{name}")'):
                keys.setdefault(number, []).append(key)
            yield from sorted(f"{name} key {key}" for key in keys.values())
            indexes = []
            for _, index, unique, origin, partial in ask(f'PRAGMA index_list("{name}")'):
                parts = [part[2:] for part in ask(f'PRAGMA index_xinfo("{index}")') if part[5]]
                shown = "" if str(index).startswith("sqlite_autoindex") else index
                indexes.append(f"{name} index {shown} {unique} {origin} {partial} {parts}")
            yield from sorted(indexes)
            text = _plain(str(sql))
            yield from sorted(f"{name} {each}" for each in _said(text))


def _said(text: str) -> Iterator[str]:
    """Named constraints, CHECKs, collations and options in the text of a CREATE TABLE."""
    yield from re.findall(r"constraint \w+ (?:check|unique|foreign|primary)", text)
    for start in (match.end() for match in re.finditer(r"\bcheck ?\(", text)):
        depth, end = 1, start
        while depth and end < len(text):
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        yield f"check {text[start : end - 1].strip()}"
    yield from re.findall(r"collate \w+|autoincrement|deferrable[a-z ]*|on conflict \w+", text)
    yield text.rpartition(")")[2].strip()


def _plain(sql: str) -> str:
    text = re.sub(r'[`"\[\]]', "", sql)
    return re.sub(r"\s*([(),])\s*", r" \1 ", " ".join(text.split())).lower().replace("  ", " ")


def _postgresql(url: str) -> Iterator[str]:
    place = sa.make_url(url)
    _, environment = clients.command("postgresql", place)
    done = subprocess.run(
        [_pg_dump(place), "--schema-only", "--no-owner", "--exclude-table", f"*{OURS}*"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    for line in done.stdout.splitlines():
        says_nothing = line.startswith(("--", "\\restrict", "\\unrestrict", "SET "))
        if line.strip() and not says_nothing and not STAMP.fullmatch(line):
            yield line


def _pg_dump(place: sa.URL) -> str:
    """The program that came with the server, because none reads a server newer than itself."""
    found = [shutil.which("pg_dump"), clients.bundled("pg_dump")]
    is_bundled = "host" in place.query
    return next(filter(None, reversed(found) if is_bundled else found), "pg_dump")


def _mariadb(url: str) -> Iterator[str]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        tables = connection.exec_driver_sql("SHOW FULL TABLES").all()
        for name, _ in sorted(tables, key=str):
            if name.startswith(OURS):
                continue
            shown = connection.exec_driver_sql(f"SHOW CREATE TABLE `{name}`").one()[1]
            lines = re.sub(r" AUTO_INCREMENT=\d+", "", MADE_UP.sub("CONSTRAINT", shown)).split("\n")
            keys = sorted(line.rstrip(",") for line in lines if KEY.match(line))
            yield from [line.rstrip(",") for line in lines if not KEY.match(line)]
            yield from (f"{name}: {key}" for key in keys)
