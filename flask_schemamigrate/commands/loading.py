"""Importing the revisions that are about to run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from .. import collecting
from ..environment import Environment
from ..errors.files import NoUpgrade
from ..operations import bound, op
from ..revisions import Graph, legacy
from ..revisions.module import LoadedRevision, load
from ..runner.importing import Importing
from .databases import Database


def loaded(
    database: Database,
    graph: Graph,
    ids: Iterable[str],
    connection: sa.Connection | None = None,
    *,
    sums: bool = False,
) -> list[LoadedRevision]:
    """The revisions, imported in this order, with what the app gives their functions.

    With ``sums``, their checksums are worked out.
    Raises `NoUpgrade` for one in which nothing is to be carried out, as if its name is misspelt.
    """
    transform = database.environment.transform or legacy.adapted
    arguments = _arguments(database.environment)
    dialect = database.bind.engine.dialect if connection is None else connection.dialect
    opts = database.opts
    found = []
    with collecting.paused():
        for id in ids:
            sink = Importing(dialect, connection, opts)
            with bound(sink):
                revision = load(graph[id], transform=transform, arguments=arguments, sums=sums)
                if not revision.has_upgrade:
                    raise NoUpgrade(graph[id].path)
            # A file that has the connection must not see less of its changes than it has made.
            found.append(replace(revision, before=_bind) if sink.was_asked else revision)
    if connection is not None:
        connection.rollback()
    return found


def _arguments(environment: Environment) -> Mapping[str, Any]:
    """The configured arguments of revisions' functions."""
    given = environment.config.revision_arguments
    return (given() if callable(given) else given) or {}


def _bind() -> object:
    """The connection of the run that is on by the time this is called."""
    return op.get_bind()
