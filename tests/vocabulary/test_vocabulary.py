"""Each directive with each argument, on each kind of database, there and back, with rows."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from flask_schemamigrate.operations import BatchOperations, Operations
from flask_schemamigrate.schema import Schema
from tests.databases.plugin import server_url
from tests.vocabulary import said
from tests.vocabulary.case import KINDS, Case
from tests.vocabulary.cases import FILES
from tests.vocabulary.stage import Rows, Stage, brief, stage

CASES = [(file, title) for file, cases in FILES.items() for title in cases]
ELSEWHERE = {
    "backfill": "tests/runner/test_data_steps.py",
    "run_data": "tests/runner/test_data_steps.py",
    "batch_alter_table": "all batches of the cases",
    "downgrade": "tests/end_to_end/test_several_kinds.py",
    "f": "tests/operations/test_directives.py",
    "get_bind": "tests/runner/test_running.py",
    "get_context": "tests/runner/test_running.py",
    "implementation_for": "tests/operations/test_directives.py",
    "inline_literal": "the rows of the cases",
    "invoke": "tests/operations/test_directives.py",
    "register_operation": "tests/operations/test_directives.py",
    "run_async": "tests/scenarios/asynchronous.txt",
    "upgrade": "tests/end_to_end/test_several_kinds.py",
}
"""What is no directive about the database, and where it is tried."""


@pytest.fixture(scope="module", params=KINDS)
def here(
    request: pytest.FixtureRequest,
    pytestconfig: pytest.Config,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stage]:
    """A stage for each kind of database, shared by all cases."""
    url = "" if request.param == "sqlite" else server_url(request.param, pytestconfig)
    with stage(request.param, url, tmp_path_factory.mktemp("stage")) as made:
        yield made


expected = cache(said.expected)


@pytest.mark.parametrize(("file", "title"), CASES, ids=[title for _, title in CASES])
def test_a_case_says_what_is_written_and_its_reverse_undoes_it(here, file, title):
    case: Case = FILES[file][title]
    wanted = expected(file)[title, here.kind]
    if "refused:" in wanted or case.one_way or case.first:
        assert said.shown(said.statements(here, case)) == wanted
        return
    here.ready()
    before = here.read()
    kept = here.rows(before)

    done = here.revision(lambda op: case.say(op, here.other))
    after = here.read()
    found = here.rows(after)
    here.revision(lambda op: [op.invoke(reverse) for reverse in done.reverses])
    back = here.read()

    statements = brief(done.statements or said.in_a_script(here, case), here.other)
    assert said.shown(statements) == wanted
    still, there = ids(found, case), ids(kept, case)
    assert {key: still[key] for key in still.keys() & there.keys()} == {
        key: there[key] for key in still.keys() & there.keys()
    }
    assert without(here.rows(back), case) == without(kept, case)
    if not case.leaves:
        assert back == before
        if here.kind != "postgresql":
            assert order(back) == order(before)
        here.revision(lambda op: case.say(op, here.other))
        assert here.read() == after
        here.revision(lambda op: [op.invoke(reverse) for reverse in done.reverses])
        here.is_clean = not case.loses


@pytest.mark.parametrize("file", FILES)
def test_nothing_is_written_that_no_case_says(file):
    assert {title for title, _ in expected(file)} == set(FILES[file])


def order(schema: Schema) -> dict[str, list[str]]:
    """The columns of each table in their order, which values do not compare."""
    return {key: list(table.columns) for key, table in schema.tables.items()}


def ids(rows: Rows, case: Case) -> dict[str, list[object]]:
    """The first values of the rows of each table that is not emptied."""
    return {
        key: [next(iter(row.values())) for row in found]
        for key, found in rows.items()
        if key not in case.loses
    }


def without(rows: Rows, case: Case) -> Rows:
    """The rows without what is lost."""
    return {
        key: [
            {name: value for name, value in row.items() if name not in case.loses} for row in found
        ]
        for key, found in rows.items()
        if key not in case.loses
    }


# -- nothing is left out


def spoken() -> set[tuple[str, str, str]]:
    """The (speaker, directive, argument) triples in the cases' files."""
    found = set()
    for path in (Path(__file__).parent / "cases").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if isinstance(node.func.value, ast.Name):
                speaker = "batch" if node.func.value.id in ("batch", "group") else "op"
                names = ["", *(keyword.arg or "" for keyword in node.keywords)]
                found |= {(speaker, node.func.attr, name) for name in names}
    return found


def directives(of: type) -> dict[str, list[str]]:
    """The directives of a class and the arguments each takes by name alone."""
    return {
        name: [
            item.name
            for item in inspect.signature(function).parameters.values()
            if item.kind is item.KEYWORD_ONLY
        ]
        for name, function in inspect.getmembers(of, callable)
        if not name.startswith("_") and name not in ELSEWHERE
    }


def test_every_directive_with_every_argument_is_in_a_case():
    missing = {
        (name, argument)
        for name, arguments in directives(Operations).items()
        for argument in ["", *arguments]
    } - {(name, argument) for speaker, name, argument in spoken() if speaker == "op"}
    assert not missing


def test_every_directive_of_a_batch_is_in_a_case():
    own = set(vars(BatchOperations)) - {"add_table_args"}
    missing = {name for name in directives(BatchOperations) if name in own} - {
        name for speaker, name, _ in spoken() if speaker == "batch"
    }
    assert not missing
