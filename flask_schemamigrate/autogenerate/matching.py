"""What may be one thing renamed: likenesses, and the best assignment over all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from ..schema import Column, Table, Type

ASKED = 0.5
"""How alike two columns have to be for the question to be worth asking."""
TABLES_ASKED = 0.6
"""The same for tables."""

Scores = Mapping[tuple[str, str], float]


def column_likeness(old: Column, new: Column, before: Table, after: Table) -> float:
    """How probably one column is the other renamed, from 0 to 1."""
    score = 0.35 * type_likeness(old, new)
    score += 0.35 * name_likeness(old.name, new.name)
    score += 0.1 * (_place(before, old.name) == _place(after, new.name))
    score += 0.05 * (old.nullable == new.nullable)
    score += 0.05 * (old.default == new.default)
    score += 0.1 * (memberships(before, old.name) == memberships(after, new.name))
    return round(score, 4)


def type_likeness(old: Column, new: Column) -> float:
    """1 for the same type, less for one of the same family."""
    if old.type == new.type:
        return 1.0
    head = [column.type.text.partition("(")[0].lower() for column in (old, new)]
    if head[0] == head[1]:
        return 0.8
    affinity = [
        None if column.type.python is None else column.type.python._type_affinity
        for column in (old, new)
    ]
    if affinity[0] is not None and affinity[0] is affinity[1]:
        return 0.6
    return 0.5 if any(len(family & set(head)) == 2 for family in FAMILIES) else 0.0


FAMILIES = (
    {"integer", "int", "bigint", "smallint", "tinyint", "mediumint"},
    {"varchar", "character varying", "char", "text", "mediumtext", "longtext", "character"},
    {"numeric", "decimal", "float", "double", "double precision", "real"},
    {"timestamp", "datetime", "date", "timestamp with time zone"},
)


def name_likeness(old: str, new: str) -> float:
    """How alike two names are, whether by letters or by words."""
    letters = SequenceMatcher(None, old.lower(), new.lower()).ratio()
    ours, theirs = set(old.lower().split("_")), set(new.lower().split("_"))
    words = 2 * len(ours & theirs) / (len(ours) + len(theirs))
    short, long_ = sorted((old.lower(), new.lower()), key=len)
    contained = 0.75 if len(short) > 2 and short in long_ else 0.0
    return max(letters, words, contained)


def _place(table: Table, column: str) -> int:
    return list(table.columns).index(column)


def memberships(table: Table, column: str) -> tuple[object, ...]:
    """The keys, uniques, foreign keys and indexes that a column is part of."""
    key = table.primary_key
    return (
        key is not None and column in key.columns,
        sorted(len(item.columns) for item in table.uniques.values() if column in item.columns),
        sorted(item.referent for item in table.foreign_keys.values() if column in item.columns),
        sorted(item.unique for item in table.indexes.values() if column in item.columns),
    )


def column_scores(before: Table, after: Table, old: Sequence[str], new: Sequence[str]) -> Scores:
    """The likeness of each pair of a gone and a new column that is worth asking about."""
    found = {}
    for was in old:
        for becomes in new:
            one, other = before.columns[was], after.columns[becomes]
            score = column_likeness(one, other, before, after)
            if score >= ASKED:
                found[was, becomes] = score
    return found


def table_likeness(columns: float, names: float) -> float:
    """How probably one table is the other renamed, by what share of both they have in common."""
    return round(0.8 * columns + 0.2 * names, 4)


def table_scores(old: Sequence[Table], new: Sequence[Table]) -> Scores:
    """The likeness of each pair of a gone and a new table that is worth asking about."""
    found = {}
    theirs = [(table, _columns(table)) for table in new]
    for was in old:
        ours = _columns(was)
        for becomes, others in theirs:
            shared = 2 * len(ours & others) / ((len(ours) + len(others)) or 1)
            # Names take the longest to compare, and most columns have nothing in common.
            if was.schema != becomes.schema or table_likeness(shared, 1) < TABLES_ASKED:
                continue
            score = table_likeness(shared, name_likeness(was.name, becomes.name))
            if score >= TABLES_ASKED:
                found[was.key, becomes.key] = score
    return found


def _columns(table: Table) -> set[tuple[str, Type]]:
    return {(column.name, column.type) for column in table.columns.values()}


def best(scores: Scores) -> list[tuple[str, str]]:
    """The pairs, each name once, whose likenesses add up to most; the same whatever the order.

    An assignment by shortest augmenting paths (Kuhn and Munkres, in the form of Jonker and
    Volgenant), where leaving a name alone costs nothing.
    """
    old = sorted({was for was, _ in scores})
    new = sorted({becomes for _, becomes in scores})
    if not old:
        return []
    # As many columns that mean "nobody" as there are rows, so that none has to be matched.
    costs = [
        [-scores.get((was, becomes), 0.0) for becomes in new] + [0.0] * len(old) for was in old
    ]
    chosen = _assignment(costs)
    pairs = [
        (was, new[column])
        for was, column in zip(old, chosen, strict=True)
        if column < len(new) and (was, new[column]) in scores
    ]
    return sorted(pairs)


def _assignment(costs: Sequence[Sequence[float]]) -> list[int]:
    """The column for each row such that the costs add up to least; rows are never more."""
    width = len(costs[0])
    rows = [0.0] * (len(costs) + 1)
    columns = [0.0] * (width + 1)
    owner = [0] * (width + 1)
    for row in range(1, len(costs) + 1):
        owner[0] = row
        here = 0
        least = [float("inf")] * (width + 1)
        came = [0] * (width + 1)
        seen = [False] * (width + 1)
        while owner[here]:
            seen[here] = True
            step, ahead = float("inf"), 0
            for column in range(1, width + 1):
                if seen[column]:
                    continue
                cost = costs[owner[here] - 1][column - 1] - rows[owner[here]] - columns[column]
                if cost < least[column]:
                    least[column], came[column] = cost, here
                if least[column] < step:
                    step, ahead = least[column], column
            for column in range(width + 1):
                if seen[column]:
                    rows[owner[column]] += step
                    columns[column] -= step
                else:
                    least[column] -= step
            here = ahead
        while here:
            owner[here] = owner[came[here]]
            here = came[here]
    chosen = [0] * len(costs)
    for column in range(1, width + 1):
        if owner[column]:
            chosen[owner[column] - 1] = column - 1
    return chosen
