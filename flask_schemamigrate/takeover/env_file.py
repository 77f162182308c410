"""An ``env.py`` of Alembic's, read as settings of this package without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .finding import Finding

# What context.configure() is told that the app, or this package, knows by itself.
NEEDLESS = frozenset(
    {
        *("connection", "target_metadata", "url", "literal_binds", "dialect_opts", "dialect_name"),
        *("output_buffer", "output_encoding", "upgrade_token", "downgrade_token", "template_args"),
        *("starting_rev", "tag", "render_as_batch", "transaction_per_migration", "as_sql"),
        *("transactional_ddl", "version_table_pk", "sqlalchemy_module_prefix", "config"),
        *("alembic_module_prefix", "environment_context"),
    }
)
HOOKS = frozenset(["include_object", "include_name", "render_item", "process_revision_directives"])
COMPARISONS = frozenset({"compare_type", "compare_server_default"})
LITERALS = {
    "version_table": "ALEMBIC_VERSION_TABLE",
    "version_table_schema": "ALEMBIC_VERSION_SCHEMA",
    "include_schemas": "INCLUDE_SCHEMAS",
}
# What takes the place of a statement that an env.py sends, by a word in it.
INSTEAD = {
    "advisory": "not needed, one migration runs at a time",
    "get_lock": "not needed, one migration runs at a time",
    "release_lock": "not needed, one migration runs at a time",
    "lock table": "not needed, one migration runs at a time",
    "lock_timeout": "set SCHEMAMIGRATE_LOCK_TIMEOUT",
    "statement_timeout": "set SCHEMAMIGRATE_STATEMENT_TIMEOUT",
    "foreign_keys": "not needed, foreign keys rest while a table is copied",
    "set role": "let the engine do it when it connects",
    "search_path": "let the engine do it when it connects",
}
OTHER_OPERATIONS = (
    "gets operations of flask_schemamigrate.operations here, of which a Rewriter knows none"
)
# GeoAlchemy2's for Alembic: its types are written with their module here, and each index once.
OF_GEOALCHEMY = frozenset({"alembic_helpers.render_item", "alembic_helpers.writer"})
# How plugins tell Alembic what else to compare, and how to write it.
COMPARING = ("dispatch_for", "register_entities", "add_autogenerate_comparator")
# Flask-Migrate's own function, which only keeps empty revisions from being written.
OF_TEMPLATE = "No changes in schema detected"


@dataclass
class EnvFile:
    """What an ``env.py`` comes to.

    ``values`` are config keys without their prefix, ``keywords`` what ``SchemaMigrate()`` is to be
    given: for each the expression, and where it stands.
    """

    values: dict[str, Any] = field(default_factory=dict)
    keywords: dict[str, tuple[str, str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read(file: Path, shown: str) -> EnvFile:
    """What the file says; ``shown`` is what it is called in findings."""
    found = EnvFile()
    if not file.is_file():
        return found
    text = file.read_text("utf-8", errors="replace")
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        found.findings.append(Finding(shown, error.lineno or 1, f"cannot be read: {error.msg}"))
        return found
    needless = _of_template(tree)
    for name, value in _options(tree):
        if name != "process_revision_directives" or ast.unparse(value) not in needless:
            _take(found, name, value, Finding(shown, value.lineno, ""))
    found.findings += _oddities(tree, shown)
    return found


def _options(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """The keywords of ``configure()``, and what is put into dicts of them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            is_told = ast.unparse(node.func).endswith("configure")
            for each in node.keywords:
                # dict(compare_type=True) is given on, as {"compare_type": True} is.
                if each.arg and (is_told or _is_option(each.arg)):
                    yield each.arg, each.value
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and _is_option(key.value):
                    yield str(key.value), value
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            key = node.targets[0].slice
            if isinstance(key, ast.Constant) and _is_option(key.value):
                yield str(key.value), node.value


def _is_option(name: object) -> bool:
    return isinstance(name, str) and (name in HOOKS | COMPARISONS or name in LITERALS)


def _of_template(tree: ast.Module) -> set[str]:
    """The functions that are the template's own."""
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return {each.name for each in functions if OF_TEMPLATE in ast.unparse(each)}


def _take(found: EnvFile, name: str, value: ast.expr, place: Finding) -> None:
    """Map one option; what cannot be mapped is something to look at."""
    where = f"{place.file}:{place.line}"
    said = ast.unparse(value)
    literal = value.value if isinstance(value, ast.Constant) else ...
    if name in NEEDLESS or (literal is None and name not in LITERALS):
        return
    if name in LITERALS:
        if literal is ...:
            found.findings.append(_to_say(place, f"{name} is {said}: set {_key(name)} to it"))
        elif literal is not None and literal is not False:
            found.values[LITERALS[name]] = literal
    elif name in COMPARISONS:
        if literal is not True:
            found.keywords.setdefault(name, (said, where))
    elif said in OF_GEOALCHEMY:
        text = f"{said} is not needed: GeoAlchemy2's types and their indexes are written without it"
        found.findings.append(_to_say(place, text))
    elif name in HOOKS:
        found.keywords.setdefault(name, (said, where))
        if name == "process_revision_directives":
            found.findings.append(_to_say(place, f"{said} {OTHER_OPERATIONS}"))
    elif name == "user_module_prefix":
        found.findings.append(_to_say(place, "types are written with their module here"))
    elif name == "on_version_apply":
        found.findings.append(_to_say(place, f"{said}() can be told by the app's signals"))
    else:
        found.findings.append(_to_say(place, f"{name}={said} has no counterpart"))


def _key(name: str) -> str:
    return f"SCHEMAMIGRATE_{LITERALS[name]}"


def _to_say(place: Finding, text: str) -> Finding:
    return Finding(place.file, place.line, text)


def _oddities(tree: ast.Module, shown: str) -> Iterator[Finding]:
    """What an ``env.py`` does besides configuring."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for node in _run(tree):
        text = None
        if isinstance(node, ast.Call):
            text = _oddity(node)
        elif isinstance(node, ast.Assign):
            targets = [ast.unparse(target) for target in node.targets]
            if any(target.endswith("naming_convention") for target in targets):
                text = "a naming convention is set: set SCHEMAMIGRATE_NAMING_CONVENTION to it"
            elif any(target.endswith(".version_locations") for target in targets):
                said = ast.unparse(node.value)
                text = f"version_locations is {said}: set SCHEMAMIGRATE_VERSION_LOCATIONS to it"
        if text is not None:
            yield Finding(shown, getattr(node, "lineno", 1), text)
    if "USE_TWOPHASE" in names:
        yield Finding(shown, 1, "two-phase commits (USE_TWOPHASE) are not made any more")


def _run(tree: ast.AST) -> Iterator[ast.AST]:
    """All that is in a file, but for what carries out an operation that is registered there."""
    for node in ast.iter_child_nodes(tree):
        decorators = getattr(node, "decorator_list", [])
        if not any("implementation_for" in ast.unparse(each) for each in decorators):
            yield node
            yield from _run(node)


def _oddity(call: ast.Call) -> str | None:
    """What is to be said of a call."""
    called = ast.unparse(call.func)
    if called.endswith("run_migrations") and call.keywords:
        given = ", ".join(each.arg or "**" for each in call.keywords)
        # Flask-Migrate's multidb template gives the bind's name, which is known here.
        if given != "engine_name":
            return f"revisions are given {given}: set SCHEMAMIGRATE_REVISION_ARGUMENTS to it"
    elif called.endswith("get_x_argument"):
        return "-x is read here; revisions read it with op.get_context().get_x_argument()"
    elif called.endswith(COMPARING):
        return f"{called}() has nothing compared here: write what changes such things by hand"
    elif called.endswith("register_operation") and call.args:
        name = ast.unparse(call.args[0]).strip("'\"")
        return f"op.{name}() is registered here: do that in a module that the app imports"
    elif called.endswith(".execute") or "listens_for" in called:
        said = ast.unparse(call)[:80]
        for word, instead in INSTEAD.items():
            if word in said.lower():
                return f"{said}: {instead}"
        return f"{called}() is not done any more: {said}"
    return None
