"""What revision files written for Alembic ask of it besides ``op`` and ``context``.

Nothing here is imported by name: the loader turns the imports of such files to it in memory (see
``revisions.legacy``), so that they run with or without Alembic, and alike in both cases.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from secrets import token_hex
from types import SimpleNamespace
from typing import Any, NoReturn

from .. import operations
from ..errors import RevisionError, SchemaMigrateError
from ..operations import context, op

__all__ = ["CommandError", "__version__", "context", "op", "operations", "script", "util"]

# Files compare this to tell what they may use: it is the release whose behaviour is kept here, not
# a release of this package.
__version__ = "1.20.1"

# Both what operations raise, and what a file raises to stop.
CommandError = SchemaMigrateError

logger = logging.getLogger("flask_schemamigrate.revisions")


def err(message: str, quiet: bool = False) -> NoReturn:
    """Stop with a message."""
    raise CommandError(message)


def msg(text: str, newline: bool = True, flush: bool = False, quiet: bool = False) -> None:
    """Say something in the app's log."""
    if not quiet:
        logger.info(text)


def warn(text: str, stacklevel: int = 2) -> None:
    """Warn, at the line of the revision that does."""
    warnings.warn(text, stacklevel=stacklevel)


def rev_id() -> str:
    """A random id."""
    return token_hex(6)


util = SimpleNamespace(
    CommandError=CommandError,
    err=err,
    exc=SimpleNamespace(CommandError=CommandError),
    messaging=SimpleNamespace(err=err, msg=msg, warn=warn),
    msg=msg,
    rev_id=rev_id,
    warn=warn,
)
script = SimpleNamespace(revision=SimpleNamespace(RevisionError=RevisionError))


def functions(proxy: object) -> Callable[[str], Callable[..., Any]]:
    """A module's ``__getattr__`` that has what ``op`` or ``context`` can do as functions."""

    def function(name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*arguments: Any, **keywords: Any) -> Any:
            # Which run it speaks to is only known when it is called.
            return getattr(proxy, name)(*arguments, **keywords)

        call.__name__ = name
        return call

    return function


def __getattr__(name: str) -> Any:
    raise AttributeError(
        f"'alembic.{name}' has no counterpart here. Write what the file needs of it with 'op' or "
        "plain SQLAlchemy; 'flask db import-alembic --dry-run' lists all such places."
    )
