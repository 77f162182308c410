"""Completing revisions in a shell, by what the files say; no database is asked.

https://click.palletsprojects.com/en/stable/shell-completion/ tells how a shell is taught it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
from click.shell_completion import CompletionItem
from flask.cli import ScriptInfo

WORDS = {
    "head": "the newest revision",
    "heads": "the newest revision of each branch",
    "base": "before the first revision",
    "current": "where the database is",
}


def revisions(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The ids that begin so, the newest first, with their messages; labels and words after them."""
    try:
        found = [*_of_files(ctx), *WORDS.items()]
    except Exception:
        # Whoever completes a word cannot be told anything; the command itself says what is wrong.
        found = [*WORDS.items()]
    return [CompletionItem(text, help=help) for text, help in found if text.startswith(incomplete)]


def ends(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The same for both ends of a range ``A:B``."""
    start, colon, end = incomplete.rpartition(":")
    return [
        CompletionItem(f"{start}{colon}{item.value}", help=item.help)
        for item in revisions(ctx, param, end)
    ]


def _of_files(ctx: click.Context) -> Iterator[tuple[str, str]]:
    """Ids and branches of the app that Flask finds, each with the message of its revision."""
    from ..commands.looking import history

    app = ctx.ensure_object(ScriptInfo).load_app()
    with app.app_context():
        state: Any = app.extensions["schemamigrate"]
        entries = history(state.environment(directory=_directory(ctx)))
    for entry in entries:
        yield entry.revision, entry.message
    for entry in entries:
        for label in entry.labels:
            yield f"{label}@head", f"the branch of {entry.revision}, {entry.message}"


def _directory(ctx: click.Context) -> str | None:
    """The folder that was typed, with the verb or before it."""
    group = ctx.parent.params if ctx.parent is not None else {}
    found: str | None = ctx.params.get("directory") or group.get("directory")
    return found
