"""From a difference and what was decided about it to operations, in an order that runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..dialects.base import Dialect
from ..operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    CreateEnum,
    CreateNamespace,
    CreateTable,
    DropDomain,
    DropEnum,
    DropIndex,
    DropNamespace,
    DropSequence,
    DropTable,
    Execute,
    Operation,
    RenameConstraint,
    RenameTable,
)
from ..schema import ForeignKey, Index, PrimaryKey, Schema, Table
from . import columns, domains, enums, keys, moves, names, order, table
from .decisions import Decisions
from .difference import Difference
from .script import Script

Late = list[tuple[Table, ForeignKey]]
Spaces = Mapping[str, tuple[str, bool]]

NAMED = {
    "indexes": "index",
    "primary_key": "primary key",
    "uniques": "unique constraint",
    "excludes": "exclusion constraint",
    "checks": "check",
    "foreign_keys": "foreign key",
}
"""What stands on a table by what a dialect calls that whose names it keeps apart."""

Name = tuple[str | None, str, str | None]
"""A schema, a space of names in it, and a name."""


def operations(
    difference: Difference, decisions: Decisions, dialect: Dialect | None = None
) -> list[Operation]:
    """What leads from the database to the models; fills need the dialect."""
    script = Script(difference)
    script.say(*_created_namespaces(script.state, script.wanted))
    script.say(*_renamed_tables(script, decisions))
    enums.change(script, decisions)
    script.say(*domains.sequences(script.state, script.wanted))
    script.say(*domains.domains(script.state, script.wanted, difference.said))
    script.say(*_renamed_columns(script, decisions))
    late: Late = []
    _drop_early(script, late)
    _free_names(script, dialect)
    kept = script.kept
    _create_tables(script, late)
    for key in kept:
        _change_table(script, key, late, (decisions, dialect))
    for owner, foreign_key in late:
        script.say(AddConstraint(owner.name, owner.schema, constraint=foreign_key))
    _drop_tables(script)
    script.say(*_leftovers(script.state, script.wanted))
    return order.gathered(script.operations)


def _created_namespaces(state: Schema, wanted: Schema) -> Iterator[Operation]:
    for name in sorted(wanted.namespaces - state.namespaces):
        yield CreateNamespace(name)


def _renamed_tables(script: Script, decisions: Decisions) -> Iterator[Operation]:
    for old, new in sorted(decisions.tables.items()):
        was, becomes = script.state.tables[old], script.wanted.tables[new]
        yield RenameTable(was.name, was.schema, new_name=becomes.name)


def _renamed_columns(script: Script, decisions: Decisions) -> Iterator[Operation]:
    for (key, old), new in sorted(decisions.columns.items()):
        owner = script.wanted.tables[key]
        yield AlterColumn(owner.name, owner.schema, column=old, name=new)


def _drop_early(script: Script, late: Late) -> None:
    """Drop the foreign keys that stand on something that changes, and remember those that stay."""
    state, wanted = script.state, script.wanted
    for key, owner in state.tables.items():
        new = wanted.tables.get(key)
        for foreign_key in owner.foreign_keys.values():
            if not keys.disturbed(foreign_key, key, state, wanted):
                continue
            if new is not None and foreign_key.referent == key and not _stays(foreign_key, new):
                continue
            script.say(table.drop(owner, foreign_key))
            if new is not None and _stays(foreign_key, new):
                said = script.spoken(key).foreign_keys.get(foreign_key.key, foreign_key)
                late.append((new, said))


def _stays(key: ForeignKey, owner: Table) -> bool:
    return owner.foreign_keys.get(key.key) == key


def _free_names(script: Script, dialect: Dialect | None) -> None:
    """Take away the names that a table that comes or changes wants for its own."""
    if dialect is None:
        return
    spaces, limit = dialect.name_spaces, dialect.sqlalchemy.max_identifier_length
    for owner, item in list(_in_the_way(script, spaces)):
        if isinstance(item, PrimaryKey):
            # Others lean on it, and its column counts because of it: only its name is changed.
            taken = {name for _, _, name in _all_names(script, spaces)}
            aside = names.free(f"{item.name}_former", taken, limit)
            place = owner.name, owner.schema
            script.say(RenameConstraint(*place, name=item.name or "", new_name=aside))
            continue
        if isinstance(item, Index):
            script.say(DropIndex(owner.name, owner.schema, name=item.name or ""))
            continue
        # Those that stay have been dropped already, and come back.
        for other, foreign_key in list(keys.leaning_on(item, owner, script.state)):
            script.say(table.drop(other, foreign_key))
        script.say(table.drop(owner, item))


def _all_names(script: Script, spaces: Spaces) -> Iterator[Name]:
    for schema in (script.state, script.wanted):
        for owner in schema.tables.values():
            yield from _names(owner, spaces)


def _in_the_way(script: Script, spaces: Spaces) -> Iterator[tuple[Table, Any]]:
    state, wanted = script.state.tables, script.wanted.tables
    claimed = {
        name: key
        for key, item in wanted.items()
        for name in _names(item, spaces)
        if key not in state or name not in _names(state[key], spaces)
    }
    for key, item in state.items():
        for name, part in _names(item, spaces).items():
            if claimed.get(name, key) != key:
                yield item, part


def _names(owner: Table, spaces: Spaces) -> dict[Name, Any]:
    """What on a table has a name that no other table of its schema may have."""
    found: dict[Name, Any] = {}
    for kind, named in NAMED.items():
        space, of_schema = spaces.get(named, ("", kind == "indexes"))
        if of_schema:
            items = getattr(owner, kind)
            each = items.values() if isinstance(items, Mapping) else (items,)
            found |= {(owner.schema, space, item.name): item for item in each if item and item.name}
    return found


def _create_tables(script: Script, late: Late) -> None:
    created = {key: script.spoken(key) for key in script.created}
    for key, waiting in order.by_dependency(created):
        new = created[key]
        later = [
            item
            for item in new.foreign_keys.values()
            if item in waiting
            or (
                item.referent not in created
                and not keys.can_be_added(item, key, script.state, script.wanted)
            )
        ]
        late += [(new, item) for item in later]
        if later:
            kept = {name: item for name, item in new.foreign_keys.items() if item not in later}
            new = replace(new, foreign_keys=kept)
        script.say(CreateTable(new, columns.all_enums(new, script.wanted)))


def _change_table(
    script: Script, key: str, late: Late, filling: tuple[Decisions, Dialect | None]
) -> None:
    """All changes of one table that was there and stays."""

    def pair() -> table.Pair:
        return table.pair_of(key, script.state, script.wanted, script.said)

    decisions, dialect = filling
    if script.state.tables[key] == script.wanted.tables[key] and not script.column_order:
        return
    script.say(*table.renames(pair()))
    script.say(*table.validations(pair()))
    drops = list(table.dropped(pair()))
    held = columns.held_back(drops, pair(), decisions.fills)
    script.say(*(item for item in drops if item not in held))
    for change in columns.changes(pair(), script.wanted, dialect, decisions.fills):
        if held and not isinstance(change, AddColumn | Execute):
            script.say(*held)
            held = []
        if script.column_order and isinstance(change, AddColumn):
            change = moves.in_place(change, pair())
        script.say(change)
    script.say(*held)
    if script.column_order:
        script.say(*moves.moves(pair()))
    script.say(*table.added(pair()))
    script.say(*table.surroundings(pair()))
    waiting = [item for owner, item in late if owner.key == key]
    for item in pair().come("foreign_keys"):
        if item in waiting:
            continue
        if keys.can_be_added(item, key, script.state, script.wanted):
            script.say(AddConstraint(*pair().place, constraint=item))
        else:
            late.append((script.wanted.tables[key], item))


def _drop_tables(script: Script) -> None:
    gone = {key: script.state.tables[key] for key in script.dropped}
    ordered = list(order.by_dependency(gone))
    for key, waiting in ordered:
        for foreign_key in waiting:
            script.say(table.drop(gone[key], foreign_key))
    for key, _ in reversed(ordered):
        script.say(DropTable(gone[key].name, gone[key].schema))


def _leftovers(state: Schema, wanted: Schema) -> Sequence[Operation]:
    """What no table needs any more, or what none brought along."""
    found: list[Operation] = []
    for key in sorted(wanted.enums.keys() - state.enums.keys()):
        found.append(CreateEnum(wanted.enums[key]))
    for key in sorted(state.enums.keys() - wanted.enums.keys()):
        found.append(DropEnum(state.enums[key].name, state.enums[key].schema))
    for key in sorted(state.domains.keys() - wanted.domains.keys()):
        domain = state.domains[key]
        found.append(DropDomain(domain.name, domain.schema, definition=domain))
    for key in sorted(state.sequences.keys() - wanted.sequences.keys()):
        gone = state.sequences[key]
        found.append(DropSequence(gone.name, gone.schema, definition=gone))
    empty = sorted(state.namespaces - wanted.namespaces)
    found += [DropNamespace(name, if_empty=True) for name in empty]
    return found
