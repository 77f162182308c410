"""Putting revisions on top of others, after a git merge brought two heads together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..environment import Environment
from ..errors import InvalidIdentifier
from ..revisions import Graph, identifiers, rewriting, source
from .looking import applied_anywhere
from .writing import update_head


@dataclass(frozen=True)
class Rebased:
    """A revision that follows others than before; ``was`` and ``old_path`` are what it left."""

    revision: str
    parents: tuple[str, ...]
    was: tuple[str, ...]
    path: Path
    old_path: Path


@dataclass(frozen=True)
class Move:
    """What is to be moved: the branch that ``revision`` is on goes ``onto`` another's head.

    Where either is left out, it has to be clear: one branch has nothing applied, and there is one
    other. ``force`` moves what is applied, too; without ``database`` nothing is known to be.
    """

    revision: str | None = None
    onto: str | None = None
    force: bool = False
    database: bool = True


def rebase(
    environment: Environment,
    move: Move | None = None,
    *,
    binds: Sequence[str] = (),
    dry_run: bool = False,
) -> list[Rebased]:
    """Rewrite what the files of one branch follow, so that it stands on another branch's head.

    With ``dry_run`` no file is changed. Raises `RebaseOfApplied`, `NothingToRebase`,
    `AmbiguousRebase`, `NotRewritable`.
    """
    move = move or Move()
    graph = environment.graph()
    revision, onto = _only(move.revision, graph), _only(move.onto, graph)
    applied = applied_anywhere(environment, graph, binds=binds) if move.database else set()
    rewrites = rewriting.rebase(
        graph,
        applied,
        revision=revision,
        onto=onto,
        date=source.now(environment.config.timezone),
        force=move.force,
    )
    rewriting.check(rewrites)
    if not dry_run:
        rewriting.apply(rewrites)
        update_head(environment, environment.graph())
    return [
        Rebased(each.id, each.new_parents, each.parents, each.new_path, each.path)
        for each in rewrites
    ]


def _only(text: str | None, graph: Graph) -> str | None:
    """The revision a text names by the files alone, if there is a text."""
    if text is None:
        return None
    found = identifiers.single(text, graph)
    if found is None or identifiers.Identifier.parse(text).is_relative:
        raise InvalidIdentifier(text)
    return found
