"""Graphs of 10 000 revisions: how long each question takes, beside Alembic if it is installed.

python tests/benchmarks/graph.py [REVISIONS]
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from flask_schemamigrate.revisions import Graph, Revision, plan

try:
    from alembic.script.revision import Revision as TheirRevision
    from alembic.script.revision import RevisionMap
except ImportError:
    RevisionMap = None

# Alembic's branchy cases grow with the square, so it is asked about fewer revisions.
PEER_SIZE = 1000

Row = tuple[str, tuple[str, ...], tuple[str, ...]]


def line(size: int) -> Iterator[Row]:
    for index in range(size):
        yield name(index), (name(index - 1),) if index else (), ()


def ladder(size: int) -> Iterator[Row]:
    """A branch into two and a merge of them, again and again."""
    for index in range(size):
        kind = index % 3
        below = {0: (index - 1, index - 2), 1: (index - 1,), 2: (index - 2,)}[kind]
        yield name(index), tuple(name(each) for each in below if each >= 0), ()


def lanes(size: int) -> Iterator[Row]:
    """Twenty branches with bases of their own."""
    for index in range(size):
        yield name(index), (name(index - 20),) if index >= 20 else (), ()


def tangle(size: int) -> Iterator[Row]:
    """Branches, merges and dependencies by the dice."""
    dice = random.Random(6)
    for index in range(size):
        near = range(max(0, index - 30), index)
        parents = dice.sample(near, min(len(near), dice.choice((1, 1, 1, 1, 2))))
        depends = dice.sample(near, min(len(near), dice.choice((0, 0, 0, 1))))
        names = tuple(name(each) for each in parents)
        yield name(index), names, tuple(name(each) for each in depends if each not in parents)


def name(index: int) -> str:
    return f"{index * 2654435761 % 2**32:08x}{index:04x}"


def milliseconds(question: Callable[[], Any]) -> tuple[float, Any]:
    best, answer = float("inf"), None
    for _ in range(3):
        start = time.perf_counter()
        answer = question()
        best = min(best, time.perf_counter() - start)
    return best * 1000, answer


def heads(graph: Graph) -> tuple[str, ...]:
    graph.__dict__.pop("heads", None)
    return graph.heads


def ours(rows: list[Row]) -> dict[str, float]:
    revisions = [Revision(id, up, on, (), "", f"{id}.py") for id, up, on in rows]
    some = rows[len(rows) // 2][0]
    everything = {id for id, _, _ in rows}
    found = {}
    found["build"], graph = milliseconds(lambda: Graph(revisions))
    found["heads"], _ = milliseconds(lambda: heads(graph))
    graph.position  # noqa: B018  # Counted with the first question otherwise.
    found["plan from empty"], _ = milliseconds(lambda: plan.upgrade(graph, (), "heads"))
    found["nothing pending"], _ = milliseconds(lambda: plan.upgrade(graph, everything, "heads"))
    found["downgrade"], _ = milliseconds(lambda: plan.downgrade(graph, everything, "base"))
    found["out of order"], _ = milliseconds(
        lambda: plan.out_of_order(graph, {some}, everything - {some})
    )
    found["tops"], _ = milliseconds(lambda: graph.tops(everything))
    found["prefix"], _ = milliseconds(lambda: graph.starting_with(some[:7]))
    return found


def theirs(rows: list[Row]) -> dict[str, float]:
    revisions = [TheirRevision(id, up or None, on or None) for id, up, on in rows]
    some = rows[len(rows) // 2][0]

    def built() -> Any:
        made = RevisionMap(lambda: revisions)
        made.heads  # noqa: B018  # The map is made when it is first asked.
        return made

    found = {}
    found["build"], made = milliseconds(built)
    at_heads = made._real_heads
    found["plan from empty"], _ = milliseconds(
        lambda: list(made.iterate_revisions("heads", "base", implicit_base=True))
    )
    found["nothing pending"], _ = milliseconds(
        lambda: list(made.iterate_revisions("heads", at_heads, implicit_base=True))
    )
    found["downgrade"], _ = milliseconds(
        lambda: list(made.iterate_revisions(at_heads, "base", select_for_downgrade=True))
    )
    found["prefix"], _ = milliseconds(lambda: made.get_revision(some[:7]))
    return found


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    for shape in (line, ladder, lanes, tangle):
        mine = ours(list(shape(size)))
        print(f"\n{shape.__name__}, {size} revisions")
        small = ours(list(shape(PEER_SIZE))) if RevisionMap else {}
        peer = theirs(list(shape(PEER_SIZE))) if RevisionMap else {}
        for question, time_taken in mine.items():
            beside = ""
            if question in peer:
                ratio = peer[question] / small[question]
                beside = (
                    f"   at {PEER_SIZE}: {small[question]:8.3f} ms, "
                    f"Alembic {peer[question]:10.3f} ms, {ratio:8.1f} times as long"
                )
            print(f"  {question:16} {time_taken:8.3f} ms{beside}")


if __name__ == "__main__":
    main()
