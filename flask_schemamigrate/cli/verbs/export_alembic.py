"""``flask db export-alembic``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import output
from ..frame import verb
from ..options import bind_option, lock_option

if TYPE_CHECKING:
    from ...commands import Environment
    from ...commands.returning import Returned
    from ...takeover.exporting import Exported


@verb("db export-alembic --dry-run", "db export-alembic", "db export-alembic --no-database")
@click.option("--dry-run", is_flag=True, help="Show what would be rewritten.")
@click.option("--no-database", is_flag=True, help="Only the files.")
@bind_option
@lock_option
@output.format_option
def command(
    environment: Environment,
    dry_run: bool,
    no_database: bool,
    binds: tuple[str, ...],
    lock_wait: float | None,
    format: str,
) -> None:
    """Give the revisions, and the databases' version tables, back to Alembic.

    Run it once where the files are, and then for each database that is to be given back.
    """
    from ...commands.returning import give_back
    from ...takeover.exporting import export_alembic

    done = export_alembic(environment, dry_run=dry_run)
    output.write([done], format=format, text=lambda each: _text(each, dry_run=dry_run))
    if not dry_run and not no_database:
        output.write(
            give_back(environment, binds=binds, lock_wait=lock_wait),
            format=format,
            text=_returned,
        )


def _text(done: Exported, *, dry_run: bool) -> str:
    lines = [each.diff.rstrip("\n") for each in done.rewritten] if dry_run else []
    would = "would be " if dry_run else ""
    lines.append(f"{len(done.rewritten)} of {done.files} files {would}rewritten")
    lines += [f"{'Would write' if dry_run else 'Wrote'} {path}" for path in done.written]
    lines += [f"Left {path} as it is" for path in done.kept]
    if done.findings:
        lines += ["", "Alembic does not understand:"]
        lines += [f"    {each.file}:{each.line}  {each.text}" for each in done.findings]
    return "\n".join(lines)


def _returned(done: Returned) -> str:
    way = "Created" if done.is_new else "Wrote"
    return f"[{done.label}] {way} {done.table} at {', '.join(done.versions) or '<base>'}"
