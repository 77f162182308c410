"""``flask db import-alembic``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import output
from ..frame import verb

if TYPE_CHECKING:
    from ...commands import Environment
    from ...takeover.importing import Imported


@verb("db import-alembic --dry-run", "db import-alembic", "db import-alembic --from alembic")
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="The folder of Alembic's env.py, instead of that of the revisions.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be rewritten.")
@output.format_option
def command(environment: Environment, source: Path | None, dry_run: bool, format: str) -> None:
    """Take over the revisions of Alembic or Flask-Migrate, and what was configured for them.

    The files run without it, too: this makes it permanent. Databases are taken over by the next
    'flask db upgrade'.
    """
    from ...takeover.importing import import_alembic

    done = import_alembic(environment, source, dry_run=dry_run)
    output.write([done], format=format, text=lambda each: _text(each, dry_run=dry_run))


def _text(done: Imported, *, dry_run: bool) -> str:
    lines = [each.diff.rstrip("\n") for each in done.rewritten] if dry_run else []
    rewritten = "would be rewritten" if dry_run else "rewritten"
    lines.append(f"{len(done.rewritten)} of {done.files} files {rewritten}")
    if done.settings:
        lines += ["", "Set in the app's config:"]
        lines += [f"    {name} = {value!r}" for name, value in done.settings.items()]
    if done.keywords:
        lines += ["", "Give to the extension:"]
        given = ", ".join(f"{name}={said}" for name, (said, _) in done.keywords.items())
        lines.append(f"    SchemaMigrate(app, db, {given})")
        lines += [f"    # {name}: {place}" for name, (_, place) in done.keywords.items()]
    if done.findings:
        lines += ["", "Look at:"]
        lines += [f"    {each.file}:{each.line}  {each.text}" for each in done.findings]
    if done.ignored:
        lines += ["", f"Not used any more, and left where they are: {', '.join(done.ignored)}"]
    return "\n".join(lines)
