"""Who may import whom: the floors of the house, and what each room never lets in."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from tests.house.source import FACE, PACKAGE, Import, Module, is_ours, room

FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"errors", "collecting"}),
    frozenset({"schema", "operations", "revisions"}),
    frozenset({"dialects"}),
    frozenset({"autogenerate", "runner", "lint"}),
    frozenset({"environment", "config", "hooks", "signals"}),
    frozenset({"commands", "seeding", "takeover"}),
    frozenset({"extension", "api", "cli", "pytest_plugin"}),
    frozenset({FACE}),
)
DOORS = 6
"""The floor on which Flask, Click and pytest live."""

BETWEEN_NEIGHBOURS = {
    ("operations", "schema"): "what can be done is said in terms of what it looks like",
    ("environment", "config"): "an environment carries the settings of its app",
    ("environment", "hooks"): "an environment carries the functions of its app",
    ("api", "extension"): "a function is for the app of the current context",
    ("extension", "cli"): "init_app puts the command group on the app",
}
NEVER = {
    "revisions": {"sqlalchemy"},
    "cli": {"sqlalchemy"},
}
"""Other people's packages that a room never lets in, beyond those of the doors."""

ONLY_AT_THE_DOORS = {
    "flask",
    "flask_sqlalchemy",
    "flask_sqlalchemy_lite",
    "click",
    "pytest",
    "_pytest",
}
CLI_MAY_USE = {"cli", "commands", "seeding", "takeover", "errors"}
RELATED_DIALECTS = {frozenset({"mysql", "mariadb"})}
NOWHERE = {"alembic", "flask_migrate"}


def floor(name: str) -> int:
    """The floor a room is on; a room that the plan does not know is in the cellar."""
    return next((number for number, rooms in enumerate(FLOORS) if name in rooms), -1)


def unknown_rooms(modules: Mapping[str, Module]) -> Iterator[str]:
    """Rooms that stand in no floor."""
    known = frozenset().union(*FLOORS)
    for name in sorted({module.room for module in modules.values()} - known):
        yield f"{PACKAGE}/{name} is on no floor of the house"


def wrong_doors(modules: Mapping[str, Module]) -> Iterator[str]:
    """Imports that go upwards, or to a neighbour on the same floor."""
    for module, found in ours(modules):
        here, there = module.room, room(found.module)
        if here == there or (here, there) in BETWEEN_NEIGHBOURS:
            continue
        if here == "cli" and there not in CLI_MAY_USE:
            yield f"{module.at(found.line)}: cli knows commands and errors, not {there}"
        elif floor(there) >= floor(here):
            way = "up" if floor(there) > floor(here) else "sideways"
            yield f"{module.at(found.line)}: {here} opens a door {way} to {there}"


def named_dialects(modules: Mapping[str, Module]) -> Iterator[str]:
    """Imports of one dialect by a stranger or by another dialect."""
    folders = {
        name.split(".")[2]
        for name, module in modules.items()
        if name.startswith(f"{PACKAGE}.dialects.") and module.is_package and name.count(".") == 2
    } - {"base"}
    for module, found in ours(modules):
        there = dialect(found.module, folders)
        here = dialect(module.name, folders)
        if there is None or here == there or frozenset({here, there}) in RELATED_DIALECTS:
            continue
        if module.room != "dialects":
            yield f"{module.at(found.line)}: {module.room} names the dialect {there}"
        elif here is not None:
            yield f"{module.at(found.line)}: the dialect {here} imports the dialect {there}"


def dialect(module: str, folders: set[str]) -> str | None:
    """The dialect that a module is part of."""
    parts = module.split(".")
    return parts[2] if parts[1:2] == ["dialects"] and parts[2:3] and parts[2] in folders else None


def unwelcome_guests(modules: Mapping[str, Module]) -> Iterator[str]:
    """Imports of other people's packages by a room that is to know nothing of them."""
    for module in modules.values():
        forbidden = NOWHERE | NEVER.get(module.room, set())
        if floor(module.room) < DOORS:
            forbidden |= ONLY_AT_THE_DOORS
        for found in module.imports:
            guest = found.module.partition(".")[0]
            is_foreign = guest != PACKAGE and guest not in sys.stdlib_module_names
            if guest in forbidden or (module.room == "errors" and is_foreign):
                yield f"{module.at(found.line)}: {module.room} imports {guest}"


def circles(modules: Mapping[str, Module]) -> Iterator[str]:
    """Modules that import each other, however far round and however late."""
    edges = {
        name: {found.module for found in module.imports if found.module in modules} - {name}
        for name, module in modules.items()
    }
    reached = {name: reachable(name, edges) for name in edges}
    rings = {
        frozenset(other for other in found if name in reached[other])
        for name, found in reached.items()
        if name in found
    }
    for ring in sorted(sorted(ring) for ring in rings):
        steps = (f"{name} -> {', '.join(sorted(edges[name] & set(ring)))}" for name in ring)
        yield "; ".join(steps)


def reachable(start: str, edges: Mapping[str, set[str]]) -> set[str]:
    """Every module that importing ``start`` leads to; ``start`` itself only by a circle."""
    found: set[str] = set()
    ahead = [start]
    while ahead:
        new = edges[ahead.pop()] - found
        found |= new
        ahead += new
    return found


def ours(modules: Mapping[str, Module]) -> Iterator[tuple[Module, Import]]:
    """Every import of the package's own modules."""
    for module in modules.values():
        for found in module.imports:
            if is_ours(found.module):
                yield module, found
