"""Names for constraints and indexes that the models leave without one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..schema import Check, Exclude, ForeignKey, Index, PrimaryKey, Table, Unique

KINDS = ("uniques", "foreign_keys", "checks", "excludes", "indexes")
"""The dicts of a `Table` whose items may be without a name."""

VALIDATED = ("checks", "foreign_keys")
"""The kinds of constraints that the rows which were there before need not keep to."""

Item = Unique | ForeignKey | Check | Exclude | Index


def named(table: Table, limit: int) -> tuple[Table, frozenset[str]]:
    """The table with a stable name for everything nameless on it, and the names that were given.

    A primary key needs none: every database can drop it without.
    """
    items: dict[str, list[Item]] = {kind: [*getattr(table, kind).values()] for kind in KINDS}
    taken = {item.name for found in items.values() for item in found}
    if None not in taken:
        return table, frozenset()
    given: set[str] = set()
    fields: dict[str, Any] = {}
    for kind, found in items.items():
        for place, item in enumerate(found):
            if item.name is None:
                name = free(default_name(table.name, item), taken, limit)
                given.add(name)
                taken.add(name)
                found[place] = replace(item, name=name)
                fields[kind] = found
    keyed: dict[str, Any] = {
        kind: {item.key: item for item in found} for kind, found in fields.items()
    }
    return replace(table, **keyed), frozenset(given)


def default_name(table: str, item: Item) -> str:
    """The name that says what the constraint or index is, however long."""
    match item:
        case Unique():
            return "_".join(("uq", table, *item.columns))
        case ForeignKey():
            return "_".join(("fk", table, *item.columns, item.referent.rpartition(".")[2]))
        case Check():
            return f"ck_{table}_{short_hash(item.condition)}"
        case Exclude():
            return f"ex_{table}_{short_hash(item.key)}"
        case Index():
            return "_".join(("ix", table, *(_word(key.text) for key in item.keys)))


def free(name: str, taken: Collection[str | None], limit: int) -> str:
    """The name within the limit, with a number behind it where it is taken."""
    number = 1
    found = shortened(name, limit)
    while found in taken:
        number += 1
        found = shortened(f"{name}_{number}", limit)
    return found


def shortened(name: str, limit: int) -> str:
    """The name, its end replaced by a hash of the whole where it is longer than the limit.

    Limits count bytes on some databases and letters on others; bytes are always enough.
    """
    if len(name.encode()) <= limit:
        return name
    start = name.encode()[: limit - 9].decode(errors="ignore")
    return f"{start}_{short_hash(name)}"


def short_hash(text: str) -> str:
    """Eight letters that depend on the text alone."""
    return hashlib.blake2s(text.encode(), digest_size=4).hexdigest()


def _word(text: str) -> str:
    """An expression as a part of a name."""
    return "_".join(re.findall(r"\w+", text)) or short_hash(text)


def aligned(before: Table, wanted: Table, given: Collection[str]) -> tuple[Table, dict[str, str]]:
    """The wanted table with the database's own names for what is there already.

    Only names in ``given``, and a primary key without a name, give way. Also returns how those
    names were replaced; a replaced name ``""`` stands for none.
    """
    fields: dict[str, Any] = {}
    key, old = wanted.primary_key, before.primary_key
    if key is not None and old is not None and key.name is None and key.columns == old.columns:
        fields["primary_key"] = PrimaryKey(key.columns, old.name, key.options)
    replaced: dict[str, str] = {}
    for kind in KINDS if given else ():
        items = getattr(wanted, kind)
        there = getattr(before, kind)
        loose = [item for item in items.values() if item.name in given and item.name not in there]
        if loose:
            claimed = set(items)
            others: dict[str, Item] = {}
            for item, found in _pairs(loose, [x for k, x in there.items() if k not in claimed]):
                replaced[item.name] = found.name or ""
                if kind == "uniques":
                    others.update(_again(found, there))
            fields[kind] = {**others, **renamed(items, replaced)}
    for kind in VALIDATED:
        items = fields.get(kind) or getattr(wanted, kind)
        if not all(item.validated for item in items.values()):
            fields[kind] = _validated(items, getattr(before, kind))
    return (replace(wanted, **fields) if fields else wanted), replaced


def together(
    before: Table, wanted: Table, said: Table, given: Collection[str]
) -> tuple[Table, Table]:
    """A wanted table in both its spellings, with the database's names as in `aligned`."""
    table, replaced = aligned(before, wanted, given)
    if replaced:
        fields: dict[str, Any] = {kind: renamed(getattr(said, kind), replaced) for kind in KINDS}
        said = replace(said, **fields)
    return table, said


def _pairs(loose: list[Any], there: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Each nameless item with the first one of the database that says the same."""
    left = list(there)
    for item in loose:
        found = next((old for old in left if _is(item, old)), None)
        if found is not None:
            left.remove(found)
            yield item, found


def _is(item: Any, old: Any) -> bool:
    """Whether a nameless item is this one, which need not have been validated."""
    if isinstance(old, Check | ForeignKey):
        item = replace(item, validated=old.validated)
    return bool(replace(item, name=old.name) == old)


def _validated(items: Mapping[str, Any], there: Mapping[str, Any]) -> dict[str, Any]:
    """The items as they are there, where a model asks less of the rows than they keep to."""
    return {
        key: there[key] if key in there and replace(there[key], validated=False) == item else item
        for key, item in items.items()
    }


def _again(item: Unique, there: Mapping[str, Unique]) -> Iterator[tuple[str, Unique]]:
    """What the database has once more under a numbered name: a model said it twice, nameless."""
    for key, other in there.items():
        if other != item and replace(other, name=item.name) == item:
            one, longer = sorted((item.name or "", other.name or ""), key=len)
            if re.fullmatch(r"_?\d+", longer.removeprefix(one)):
                yield key, other


def renamed(items: Mapping[str, Any], names: Mapping[str, str]) -> Any:
    """The items filed anew under other names."""
    changed = [
        replace(item, name=names[item.name] or None) if item.name in names else item
        for item in items.values()
    ]
    return {item.key: item for item in changed}
