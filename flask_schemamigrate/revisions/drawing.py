"""Showing revisions and their graph to people."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from textwrap import indent

from .graph import Graph

# The ids that databases are at; each with the names of those databases, where there are several.
Current = Mapping[str, Sequence[str]]


def line(graph: Graph, id: str, current: Current | None = None) -> str:
    """A revision as a line of ``history``: ``a -> b (head), message``."""
    revision = graph[id]
    below = ", ".join(revision.parents) or "<base>"
    if graph.dependencies.get(id):
        below += f" ({', '.join(graph.dependencies[id])})"
    return f"{below} -> {short(graph, id, current)}, {revision.message}"


def short(graph: Graph, id: str, current: Current | None = None) -> str:
    """A revision as a line of ``heads`` and ``current``: the id and what is special about it."""
    marks = [*([", ".join(graph.labels[id])] if id in graph.labels else [])]
    if not graph.children[id]:
        marks.append("effective head" if graph.downstream[id] else "head")
    marks += [*_points(graph, id), *_current(id, current)]
    return " ".join([id, *(f"({mark})" for mark in marks)])


def branch(graph: Graph, id: str, *, verbose: bool = False) -> str:
    """A branch point and the revisions it branches into."""
    first = card(graph, id) if verbose else short(graph, id)
    ends = [
        f"     -> {short(graph, child)}" + (f", {graph[child].message}" if verbose else "")
        for child in graph.children[id]
    ]
    return "\n".join([first, *([""] if verbose else []), *ends])


def card(graph: Graph, id: str, current: Current | None = None) -> str:
    """All about one revision, as ``show`` prints it."""
    revision = graph[id]
    marks = [*(["head"] if not graph.children[id] else []), *_points(graph, id)]
    marks += _current(id, current)
    facts = {
        "Rev": " ".join([id, *(f"({mark})" for mark in marks)]),
        "Merges" if revision.is_merge else "Parent": ", ".join(revision.parents) or "<base>",
        "Also depends on": ", ".join(graph.dependencies.get(id, ())),
        "Branches into": ", ".join(graph.children[id]) if len(graph.children[id]) > 1 else "",
        "Branch names": ", ".join(graph.labels.get(id, ())),
        "Path": str(revision.path),
    }
    head = "\n".join(f"{name}: {fact}" for name, fact in facts.items() if fact)
    return f"{head}\n\n{indent(revision.doc, '    ')}" if revision.doc else head


def text(graph: Graph, applied: Collection[str] | None = None) -> str:
    """The graph in columns, the latest revision on top, in the manner of ``git log --graph``.

    Given what is applied, ``*`` is applied and ``o`` is pending.
    """
    return "\n".join(_rows(graph, applied))


def mermaid(graph: Graph, applied: Collection[str] | None = None) -> str:
    """The graph as a Mermaid flowchart; dotted arrows are dependencies."""
    names = {id: f"r{index}" for index, id in enumerate(graph)}
    rows = ["flowchart TB"]
    for id in graph:
        label = f"{id}<br>{graph[id].message}".replace("&", "&amp;").replace('"', "&quot;")
        mark = "" if applied is None else ":::applied" if id in applied else ":::pending"
        rows.append(f'    {names[id]}["{label}"]{mark}')
    for below, id, arrow in _arrows(graph, "-->", "-.->"):
        rows.append(f"    {names[below]} {arrow} {names[id]}")
    if applied is not None:
        rows.append("    classDef applied fill:#d8f0d8,stroke:#3a7d3a,color:#000")
        rows.append("    classDef pending fill:#fff,stroke:#888,stroke-dasharray:4,color:#000")
    return "\n".join(rows)


def dot(graph: Graph, applied: Collection[str] | None = None) -> str:
    """The graph in Graphviz's language; dotted arrows are dependencies."""
    rows = ["digraph revisions {", "    node [shape=box, style=rounded];"]
    for id in graph:
        label = f"{id}\n{graph[id].message}".replace("\\", "\\\\").replace('"', '\\"')
        style = ""
        if applied is not None:
            style = ', style="rounded,filled"' if id in applied else ', style="rounded,dashed"'
        rows.append(f'    "{id}" [label="{label}"{style}];'.replace("\n", "\\n"))
    for below, id, style in _arrows(graph, "", " [style=dotted]"):
        rows.append(f'    "{below}" -> "{id}"{style};')
    return "\n".join([*rows, "}"])


def _points(graph: Graph, id: str) -> list[str]:
    marks = ["branchpoint"] if len(graph.children[id]) > 1 else []
    return [*marks, "mergepoint"] if graph[id].is_merge else marks


def _current(id: str, current: Current | None) -> list[str]:
    """That databases are there, with their names where there are several."""
    if current is None or id not in current:
        return []
    return [": ".join(["current", *([", ".join(current[id])] if current[id] else [])])]


def _arrows(graph: Graph, solid: str, dotted: str) -> Iterator[tuple[str, str, str]]:
    for id in graph:
        for below in graph.parents[id]:
            yield below, id, solid
        for below in graph.dependencies.get(id, ()):
            if below not in graph.parents[id]:
                yield below, id, dotted


def _rows(graph: Graph, applied: Collection[str] | None) -> Iterator[str]:
    """One row for each revision, and rows between them where branches leave or join.

    ``lanes`` holds what each column leads down to. A lane that ends leaves a gap for the next one,
    so nothing ever has to be moved sideways.
    """
    lanes: list[str | None] = []
    for id in reversed(graph.order):
        own = [column for column, leads_to in enumerate(lanes) if leads_to == id]
        if not own:
            own = [_free(lanes, 0)]
            lanes[own[0]] = id
        column, *others = own
        if others:
            yield _bend(lanes, column, others, "/")
            for other in others:
                lanes[other] = None
        mark = "*" if applied is None or id in applied else "o"
        row = "".join(
            f"{mark if at == column else '|' if leads_to else ' '} "
            for at, leads_to in enumerate(lanes)
        )
        yield f"{row.rstrip()}  {short(graph, id)} {graph[id].message}".rstrip()
        first, *more = graph.parents[id] or (None,)
        lanes[column] = first
        new = []
        for parent in more:
            new.append(_free(lanes, column + 1))
            lanes[new[-1]] = parent
        if new:
            yield _bend(lanes, column, new, "\\")
        while lanes and lanes[-1] is None:
            lanes.pop()


def _free(lanes: list[str | None], start: int) -> int:
    """The first column from ``start`` on that leads nowhere; a new one if there is none."""
    for column in range(start, len(lanes)):
        if lanes[column] is None:
            return column
    lanes.extend([None] * (max(start - len(lanes), 0) + 1))
    return len(lanes) - 1


def _bend(lanes: list[str | None], column: int, others: list[int], slash: str) -> str:
    """The row in which the lanes ``others``, right of ``column``, join it or leave it."""
    row = [" "] * (2 * len(lanes))
    for at, leads_to in enumerate(lanes):
        if leads_to is not None and at not in others:
            row[2 * at] = "|"
    for other in others:
        for at in range(2 * column + 1, 2 * other - 1):
            if row[at] == " ":
                row[at] = "_"
        row[2 * other - 1] = slash
    return "".join(row).rstrip()
