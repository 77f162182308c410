"""The reference knows everything there is: a new command, key, operation or error has its entry."""

from __future__ import annotations

import re
from pathlib import Path
from pkgutil import iter_modules

import click
import pytest
import sqlalchemy as sa

from docs import _ext
from docs._ext import errors, operations, python, testing
from flask_schemamigrate import errors as package
from flask_schemamigrate import signals
from flask_schemamigrate.cli import Commands, verbs
from flask_schemamigrate.commands import looking
from flask_schemamigrate.config import keys
from flask_schemamigrate.dialects.lease import LeaseLock
from flask_schemamigrate.errors import SchemaMigrateError
from flask_schemamigrate.operations import BatchOperations, Operations
from flask_schemamigrate.revisions import identifiers
from flask_schemamigrate.runner.history import History

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
CODE = re.compile(r"^\| `([^`]+)`", re.MULTILINE)


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """The generated pages as Sphinx reads them."""
    return {
        name: _ext.filled((REFERENCE / f"{name}.md").read_text(encoding="utf-8"))
        for name in _ext.PARTS
    }


def section(page: str, heading: str) -> str:
    """What stands under a heading; fails where there is none."""
    entry = rf"^(#+) {re.escape(heading)}\n(.*?)(?=^\1 |\Z)"
    found = re.search(entry, page, re.DOTALL | re.MULTILINE)
    assert found is not None, f"there is no entry {heading!r}"
    return found[2]


VERBS = [name for _, name, _ in iter_modules(verbs.__path__) if not name.startswith("_")]


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_has_an_entry_that_says_what_its_options_do(pages, verb):
    name = verb.replace("_", "-")
    entry = section(pages["commands"], f"flask db {name}")
    assert f"| [`{name}`]" in pages["commands"]
    rows = [line for line in entry.splitlines() if line.startswith("| `-")]
    assert not [row for row in rows if row.endswith(("|  |", "| None |"))]


@pytest.mark.parametrize("verb", sorted({*VERBS} - {"init", "list_templates", "edit"}))
def test_every_command_is_shown_in_a_guide(verb):
    guides = [*REFERENCE.parent.glob("how-to/*.md"), REFERENCE.parent / "tutorial.md"]
    name = f"flask db {verb.replace('_', '-')}"
    assert any(re.search(rf"{name}\b", guide.read_text(encoding="utf-8")) for guide in guides)


@pytest.mark.parametrize("key", [key.name for key in keys()])
def test_every_config_key_has_an_entry(pages, key):
    words, _, rest = section(pages["config"], key).partition("It is ")
    assert words.strip(), "its text is empty"
    assert "Default:" in rest


def test_every_config_key_that_a_page_names_exists():
    known = {key.name for key in keys()}
    for path in REFERENCE.parent.glob("**/*.md"):
        for name in re.findall(r"SCHEMAMIGRATE_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8")):
            assert name in known, path


def everything(kind: type) -> set[str]:
    """The public methods of a class, wherever they come from."""
    return {name for name in dir(kind) if name[0] != "_" and callable(getattr(kind, name))}


PLUGINS = {"implementation_for", "register_operation"}
"""Class methods in Alembic's shape, for plugins that are ported; no directive of a revision."""


@pytest.mark.parametrize("name", sorted(everything(Operations) - PLUGINS))
def test_every_operation_has_an_entry_with_words(pages, name):
    entry = section(pages["operations"], f"op.{name}")
    assert entry.partition("```\n")[2].strip(), "its docstring is empty"


@pytest.mark.parametrize("name", sorted(everything(BatchOperations) - PLUGINS - {"add_table_args"}))
def test_every_directive_of_a_group_is_named(pages, name):
    assert f"`{name}`" in section(pages["operations"], "Inside a group")


def subclasses(kind: type[SchemaMigrateError]) -> set[type[SchemaMigrateError]]:
    """A class and all below it, that the package itself has."""
    below = [each for each in kind.__subclasses__() if each.__module__.startswith("flask_schema")]
    return {kind}.union(*map(subclasses, below))


ERRORS = sorted(subclasses(SchemaMigrateError), key=lambda error: error.__name__)


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_has_words_of_its_own_and_is_where_the_page_says(error):
    assert error.__dict__["__doc__"], "it would be told in the words of what it is a kind of"
    assert getattr(package, error.__name__) is error


@pytest.mark.parametrize("name", [error.__name__ for error in ERRORS])
def test_every_error_has_an_entry_with_words(pages, name):
    assert re.search(rf"^\| `{name}` \| `\w+.*\| \d+ \| \S", pages["errors"], re.MULTILINE)


def test_the_page_about_errors_looks_at_every_module():
    found = {error for module in errors.modules() for error in errors.declared(module)}
    assert found == subclasses(SchemaMigrateError)


def test_every_exit_code_is_explained(pages):
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", pages["commands"], re.MULTILINE)}
    assert told >= {each.exit_code for each in subclasses(SchemaMigrateError)}


def test_every_function_has_an_entry_and_every_result_too(pages):
    names = [name for name, _ in python.functions()]
    assert "upgrade" in names
    for name in [*names, *(name for name, _ in python.results())]:
        section(pages["python"], name)


def test_every_result_is_the_one_that_the_function_returns(pages):
    assert dict(python.results())["Entry"] is looking.Entry
    assert "`is_head`" in section(pages["python"], "Entry")
    assert {"Imported", "Exported"} <= {name for name, _ in python.results()}


@pytest.mark.parametrize("name", signals.__all__)
def test_every_signal_and_what_it_tells_has_an_entry(pages, name):
    assert f"`{name}`" in pages["python"] or section(pages["python"], name)


@pytest.mark.parametrize("verb", VERBS)
def test_every_spelling_of_an_option_is_told(pages, verb):
    name = verb.replace("_", "-")
    command = Commands("db").get_command(click.Context(Commands("db")), name)
    for option in command.params if command else []:
        if isinstance(option, click.Option):
            for spelling in [*option.opts, *option.secondary_opts]:
                assert f"`{spelling}`" in pages["commands"]


@pytest.mark.parametrize("name", [name for name, _ in testing.fixtures()])
def test_every_fixture_for_pytest_has_an_entry_with_words(pages, name):
    assert section(pages["testing"], name).strip()


@pytest.mark.parametrize("kind", testing.GIVEN)
def test_what_the_fixtures_give_has_an_entry_with_words(pages, kind):
    entry = section(pages["testing"], kind.__name__)
    words = re.sub(r"^```.*?^```$", "", entry, flags=re.DOTALL | re.MULTILINE)
    assert words.strip()
    assert "None" not in words.split()


def test_every_identifier_is_one():
    page = (REFERENCE / "identifiers.md").read_text(encoding="utf-8")
    found = CODE.findall(page)
    assert {*found} >= identifiers.WORDS
    for text in found:
        for end in filter(None, text.split(":")):
            assert identifiers.Identifier.parse(end)


TABLES = History("schemamigrate_history")


@pytest.mark.parametrize(
    "table",
    [
        TABLES.table,
        TABLES.journal.table,
        TABLES.log.table,
        LeaseLock(sa.create_engine("sqlite://"), "schemamigrate_history").table,
    ],
    ids=str,
)
def test_every_column_of_the_history_has_an_entry(table):
    page = (REFERENCE / "history-tables.md").read_text(encoding="utf-8")
    assert CODE.findall(section(page, table.name)) == list(table.columns.keys())


def test_the_page_about_history_knows_every_table():
    page = (REFERENCE / "history-tables.md").read_text(encoding="utf-8")
    assert TABLES.names <= {*re.findall(r"^## (\w+)$", page, re.MULTILINE)}


def test_directives_are_those_that_op_has():
    assert {name for name, _ in operations.directives(Operations)} <= everything(Operations)
