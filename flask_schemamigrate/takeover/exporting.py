"""``flask db export-alembic``: giving a project's revisions back to Alembic."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ..environment import Environment
from ..errors.takeover import NothingToExport
from ..revisions import Graph, disk
from . import ini, leaving
from .finding import Finding
from .importing import named, sources
from .looking import registered
from .rewriting import to_alembics
from .writing import Rewritten, rewrite, shown

ENV = '''"""Tells Alembic where the database is, and which models it is for.

Written by 'flask db export-alembic'; from here on it is yours.
"""

import os

import sqlalchemy as sa
from alembic import context


def engine():
    """The database: of the ini file, of DATABASE_URL, or of the current Flask app."""
    url = context.config.get_main_option("sqlalchemy.url") or os.environ.get("DATABASE_URL")
    if url:
        return sa.create_engine(url, poolclass=sa.pool.NullPool)
    from flask import current_app

    return current_app.extensions["sqlalchemy"].engine


def metadata():
    """The models, for 'alembic revision --autogenerate': those of the current Flask app."""
    try:
        from flask import current_app

        return current_app.extensions["sqlalchemy"].metadata
    except (ImportError, RuntimeError, KeyError):
        return None


options = {options}

if context.is_offline_mode():
    context.configure(dialect_name=engine().dialect.name, literal_binds=True, **options)
    with context.begin_transaction():
        context.run_migrations()
else:
    with engine().connect() as connection:
        context.configure(connection=connection, target_metadata=metadata(), **options)
        with context.begin_transaction():
            context.run_migrations()
'''

INI = """# Written by 'flask db export-alembic'; from here on it is yours.
[alembic]
script_location = %(here)s
"""

TEMPLATE = '''"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''


@dataclass(frozen=True)
class Exported:
    """What was given back, and what a person must look at before Alembic can run it.

    ``kept`` are files of Alembic's that were there already and were not touched.
    """

    files: int
    rewritten: tuple[Rewritten, ...]
    written: tuple[str, ...]
    kept: tuple[str, ...]
    findings: tuple[Finding, ...]


def export_alembic(environment: Environment, *, dry_run: bool = False) -> Exported:
    """Rewrite the imports of the revisions back, and write what else Alembic needs.

    Raises `NothingToExport`. The databases are another matter: see ``commands.returning``.
    """
    root = environment.root
    paths = sorted({path for folder in environment.locations for path in sources(folder)})
    if not paths:
        raise NothingToExport(environment.directory)
    own = registered(path.read_bytes() for path in environment.directory.rglob("*.py"))

    def changed(data: bytes, name: str) -> tuple[bytes, list[Finding]]:
        after = to_alembics(data)
        return after, leaving.findings(after.decode("utf-8", errors="replace"), name, own)

    rewritten, findings = rewrite(paths, root, changed, dry_run=dry_run)
    findings += _long_ids(environment.graph(), root)
    written: list[str] = []
    kept: list[str] = []
    for name, text in _files(environment).items():
        above = _ini_above(environment) if name == "alembic.ini" else None
        path = above or environment.directory / name
        (kept if path.exists() else written).append(shown(path, root))
        if not path.exists() and not dry_run:
            with disk.writing(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
    return Exported(len(paths), rewritten, (*written,), (*kept,), tuple(sorted(findings)))


def _ini_above(environment: Environment) -> Path | None:
    """A file of Alembic's settings outside the folder, if it leads there."""
    settings = ini.read([environment.directory.parent, environment.root])
    where = settings.script_location
    leads_here = where and named(where, settings, environment.root) == environment.directory
    return settings.file if leads_here else None


def _files(environment: Environment) -> dict[str, str]:
    """What Alembic needs beside the revisions."""
    config = environment.config
    options: dict[str, object] = {"transaction_per_migration": True, "render_as_batch": True}
    if config.alembic_version_table != "alembic_version":
        options["version_table"] = config.alembic_version_table
    if config.alembic_version_schema is not None:
        options["version_table_schema"] = config.alembic_version_schema
    if environment.include_schemas:
        options["include_schemas"] = True
    lines = [INI]
    if config.version_locations:
        folders = [os.path.relpath(each, environment.directory) for each in environment.locations]
        lines.append("path_separator = newline\nversion_locations =\n")
        lines += [f"    %(here)s/{Path(folder).as_posix()}\n" for folder in folders]
    if config.recursive:
        lines.append("recursive_version_locations = true\n")
    lines.append(f"file_template = {config.file_template.replace('%', '%%')}\n")
    if config.timezone is not None:
        lines.append(f"timezone = {config.timezone}\n")
    return {
        "env.py": ENV.replace("{options}", repr(options)),
        "alembic.ini": "".join(lines),
        "script.py.mako": TEMPLATE,
    }


def _long_ids(graph: Graph, root: Path) -> list[Finding]:
    """Ids that Alembic's own version table has no room for."""
    return [
        Finding(shown(revision.path, root), 1, f"the id {id} is longer than 32 characters")
        for id, revision in graph.items()
        if len(id) > 32 and id not in graph.foreign
    ]
