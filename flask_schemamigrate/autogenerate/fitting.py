"""Whether answers fit: what they name has to be there, and to have been asked about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from ..errors.autogenerate import NothingToAnswer, UnknownName
from ..schema import Schema
from .answers import Answers
from .decisions import Decisions
from .difference import Difference
from .ownership import HISTORY

Names = dict[str, set[str]]
"""The columns of each table and the values of each enum type."""


def refuse_unknown(answers: Answers, differences: Sequence[Difference]) -> None:
    """Raise `UnknownName` for an answer that names what is in none of the databases or models."""
    schemas = [_without_history(difference.before, difference) for difference in differences]
    models = [_without_history(difference.wanted, difference) for difference in differences]
    old_tables, new_tables = _tables(schemas), _tables(models)
    for old, new in answers.table_renames.items():
        _refuse("--rename-table", old, old_tables)
        _refuse("--rename-table", new, new_tables)
    olds, news = _names(schemas), _names(models)
    _join_renamed(olds, news, _renamed(answers, differences))
    for place, new in answers.renames.items():
        _refuse_place("--rename", place, olds)
        owner = _owner(place, olds)
        _refuse_place("--rename", f"{owner}.{new}", news)
    for place in answers.fills:
        _refuse_place("--fill", place, news)
    either = {owner: olds.get(owner, set()) | news.get(owner, set()) for owner in {*olds, *news}}
    for name in answers.not_renames - old_tables - new_tables:
        _refuse_place("--no-rename", name, either)


def refuse_unused(answers: Answers, decided: Sequence[Decisions]) -> None:
    """Raise `NothingToAnswer` for a rename or a fill that names nothing that changes."""
    renames: set[str] = set()
    fills: set[str] = set()
    tables: set[str] = set()
    for decisions in decided:
        back = {new: old for old, new in decisions.tables.items()}
        renames.update(_places((*decisions.columns, *decisions.values), back))
        fills.update(_places(decisions.fills, back))
        tables.update(decisions.tables)
    for option, given, asked in (
        ("--rename", answers.renames, renames),
        ("--rename-table", answers.table_renames, tables),
        ("--fill", answers.fills, fills),
    ):
        for name in given:
            if name not in asked:
                raise NothingToAnswer(option, name, sorted(asked))


def _places(pairs: Collection[tuple[str, str]], back: dict[str, str]) -> Iterator[str]:
    """The full names by which an answer may speak of these."""
    for key, name in pairs:
        yield f"{key}.{name}"
        yield f"{back.get(key, key)}.{name}"


def _without_history(schema: Schema, difference: Difference) -> Schema:
    """The schema without the tables of our own history."""
    why = difference.unmanaged
    tables = {key: table for key, table in schema.tables.items() if why.get(key) != HISTORY}
    return replace(schema, tables=tables)


def _tables(schemas: Sequence[Schema]) -> set[str]:
    return {key for schema in schemas for key in schema.tables}


def _names(schemas: Sequence[Schema]) -> Names:
    found: Names = {}
    for schema in schemas:
        for key, table in schema.tables.items():
            found.setdefault(key, set()).update(table.columns)
        for key, enum in schema.enums.items():
            found.setdefault(key, set()).update(enum.values)
    return found


def _renamed(answers: Answers, differences: Sequence[Difference]) -> Iterator[tuple[str, str]]:
    """Tables that people or models say are others under new names."""
    yield from answers.table_renames.items()
    for difference in differences:
        yield from ((old, new) for new, old in difference.hints.tables.items())


def _join_renamed(olds: Names, news: Names, renamed: Iterator[tuple[str, str]]) -> None:
    """Let the columns of a renamed table be spoken of under both of its names."""
    for old, new in renamed:
        olds.setdefault(new, set()).update(olds.get(old, ()))
        news.setdefault(old, set()).update(news.get(new, ()))


def _refuse_place(option: str, name: str, names: Names) -> None:
    owner = _owner(name, names)
    if not owner:
        _refuse(option, name, names)
    elif name.removeprefix(f"{owner}.") not in names[owner]:
        _refuse(option, name, {f"{owner}.{each}" for each in names[owner]})


def _owner(place: str, names: Names) -> str:
    """The table or the enum type that a full name begins with, if there is any.

    All of them may have dots in their names: the one that has what is named comes first.
    """
    owners = [key for key in names if place.startswith(f"{key}.")]
    fitting = (key for key in owners if place.removeprefix(f"{key}.") in names[key])
    return next(fitting, max(owners, key=len, default=""))


def _refuse(option: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        raise UnknownName(option, name, sorted(known))
