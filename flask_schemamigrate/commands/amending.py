"""Writing the newest revision anew, because the models went on before it ran anywhere."""

from __future__ import annotations

from dataclasses import replace

from ..environment import Environment
from ..errors import AmendOfApplied, AmendOfParent, MultipleHeads, NothingToAmend
from ..revisions import Graph, Revision, identifiers
from .looking import applied_anywhere
from .migrating import Answers, Asked, drafted
from .writing import Amended, Content, Place, redraft, rewrite


def amend(
    environment: Environment,
    message: str = "",
    *,
    place: Place | None = None,
    answers: Answers | None = None,
) -> Amended:
    """Write the newest revision anew, so that it leads to the models as they are now.

    ``place.head`` names it where there are several heads. It keeps its message, its id and its
    place as far as no others are given. Raises `NothingToAmend`, `AmendOfApplied` if it ran in
    any database that is known, `AmendOfParent`, and what `migrate` raises; then nothing changed.
    """
    place = place or Place()
    old = _newest(environment, environment.graph(), place.head)
    asked, content = _content(environment, old, message, place, answers)
    return rewrite(environment, old, asked.message, place=asked.place, content=content)


def amendment(
    environment: Environment,
    message: str = "",
    *,
    place: Place | None = None,
    answers: Answers | None = None,
) -> str:
    """The source that `amend` would write."""
    place = place or Place()
    old = _newest(environment, environment.graph(), place.head)
    asked, content = _content(environment, old, message, place, answers)
    return redraft(environment, old, asked.message, place=asked.place, content=content)


def _content(
    environment: Environment, old: Revision, message: str, place: Place, answers: Answers | None
) -> tuple[Asked, Content]:
    """What the revision has to do, on top of those before it, and what it is called."""
    place = replace(place, rev_id=place.rev_id or old.id)
    graph = environment.graph().without(old.id)
    asked = Asked(message or old.message, place, answers or Answers(), graph=graph)
    found = drafted(environment, asked)
    if found.content is None:
        raise NothingToAmend(old.id, old.path)
    return found.asked, found.content


def _newest(environment: Environment, graph: Graph, head: str) -> Revision:
    """The revision that may be written anew."""
    found = graph.own_heads if head == "head" else identifiers.resolve(head, graph)
    if len(found) > 1:
        raise MultipleHeads(found, head)
    if not found or found[0] in graph.foreign:
        raise NothingToAmend
    id = found[0]
    if graph.downstream[id]:
        raise AmendOfParent(id, graph.downstream[id])
    if id in applied_anywhere(environment, graph):
        parents = graph.parents[id]
        # No revision is below a merge and nothing else.
        target = None if len(parents) > 1 else next(iter(parents), "base")
        raise AmendOfApplied(id, target)
    return graph[id]
