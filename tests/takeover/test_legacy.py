"""Files that import Alembic, run as they are."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from flask_schemamigrate import context, op
from flask_schemamigrate.errors import SchemaMigrateError
from flask_schemamigrate.operations import Operations
from flask_schemamigrate.revisions import checksum, header, legacy, module

FORMER = "flask_schemamigrate.takeover.former"


def adapted(source: str) -> str:
    return ast.unparse(ast.fix_missing_locations(legacy.adapted(ast.parse(source))))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from alembic import op", "from flask_schemamigrate import op"),
        ("from alembic import op as o", "from flask_schemamigrate import op as o"),
        ("from alembic import context, op", "from flask_schemamigrate import context, op"),
        ("import alembic.op as op", "from flask_schemamigrate import op"),
        ("import alembic.op", "import flask_schemamigrate as alembic"),
        ("import alembic\nalembic.op.f('x')", "import flask_schemamigrate as alembic\n..."),
        ("import alembic\nalembic.__version__", f"import {FORMER} as alembic\n..."),
        ("import os, alembic\nalembic.op", "import os\nimport flask_schemamigrate as alembic\n..."),
        ("from alembic import op, util", f"from flask_schemamigrate import op\nfrom {FORMER} ..."),
        ("from alembic.util import CommandError", f"from {FORMER} import CommandError"),
        ("from alembic.op import f", "from flask_schemamigrate.takeover.former_op import f"),
        (
            "from alembic.context import get_context as now",
            "from flask_schemamigrate.takeover.former_context import get_context as now",
        ),
        ("from alembic.operations import Operations", "from flask_schemamigrate.operations ..."),
        ("if x:\n    from alembic import op", "if x:\n    from flask_schemamigrate import op"),
    ],
)
def test_imports_lead_to_what_is_here(before, after):
    assert adapted(before).startswith(after.removesuffix("..."))


@pytest.mark.parametrize(
    "source",
    [
        "import alembic_utils",
        "from typing import Any, cast",
        "from . import op",
        "from alembic.config import Config",
        "import alembic\nalembic.command.upgrade()",
    ],
)
def test_what_has_no_counterpart_is_left_alone(source):
    assert adapted(source) == source


def test_names_that_have_to_stay_behind_part_from_the_others():
    assert adapted("from alembic import op, config") == (
        "from flask_schemamigrate import op\nfrom alembic import config"
    )


def test_adapting_twice_is_adapting_once():
    once = adapted("from alembic import op, util\nimport alembic.op")
    assert adapted(once) == once


@pytest.fixture
def loaded(tmp_path):
    def loaded(source: str, **helpers: str) -> module.LoadedRevision:
        for name, text in helpers.items():
            (tmp_path / f"{name}.py").write_text(text)
        path = tmp_path / "a.py"
        path.write_text(f"revision = 'a'\n{source}\n")
        found = header.read(path)
        assert found is not None
        return module.load(found)

    return loaded


def test_a_file_and_the_modules_beside_it_get_our_op_without_alembic_being_there(loaded):
    names = vars(
        loaded(
            "import alembic.op\nfrom alembic import context, op\nfrom helper import op as theirs",
            helper="from alembic import op",
        ).module
    )
    assert names["op"] is op
    assert names["context"] is context
    assert names["theirs"] is op
    assert names["alembic"].op is op
    assert "alembic" not in sys.modules


def test_what_else_files_ask_is_answered(loaded):
    names = vars(
        loaded(
            "import alembic\n"
            "from alembic import util\n"
            "from alembic.operations import Operations\n"
            "from alembic.op import drop_table\n"
            "is_new = tuple(map(int, alembic.__version__.split('.'))) > (1, 7, 0)\n"
        ).module
    )
    assert names["is_new"]
    assert names["Operations"] is Operations
    assert names["util"].CommandError is SchemaMigrateError
    with pytest.raises(SchemaMigrateError, match="only works inside"):
        names["drop_table"]("t")


def test_an_error_is_at_the_line_where_the_file_has_it(loaded, tmp_path):
    found = loaded("from alembic import op, util\n\n\ndef upgrade():\n    op.drop_table('t')\n")
    with pytest.raises(SchemaMigrateError) as caught:
        found.function("upgrade")()
    lines = [item.lineno for item in caught.traceback if item.path == tmp_path / "a.py"]
    assert lines == [5]


def test_a_library_that_really_is_alembic_stays_what_it_is(loaded, tmp_path, monkeypatch):
    (tmp_path / "library").mkdir()
    Path(tmp_path / "library" / "alembic.py").write_text("op = 'the real one'")
    monkeypatch.syspath_prepend(str(tmp_path / "library"))
    names = vars(loaded("from alembic import op").module)
    import alembic

    monkeypatch.delitem(sys.modules, "alembic")
    assert alembic.op == "the real one"
    assert names["op"] is op


def test_a_file_counts_the_same_before_and_after_its_imports_are_rewritten(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("from alembic import op, util\nimport alembic.op\n")
    before = checksum.of(path)
    path.write_text(
        "from flask_schemamigrate import op\nfrom alembic import util\n"
        "import flask_schemamigrate as alembic\n"
    )
    assert checksum.of(path) == before


@pytest.mark.parametrize(
    "source",
    [
        "from alembic import op",
        "'''doc'''\nfrom alembic import op",
        '"""doc"""\nx = 1\nfrom alembic import op  # noqa\nimport alembic.util',
        'x = """\nfrom alembic import op\n"""\n',
        "from alembic import op\r\ny = 1\r\n",
        "x = 1; \\\nfrom alembic import op\n",
    ],
)
def test_the_quick_way_and_the_way_by_the_tree_agree(source, tmp_path):
    quick = legacy.plain(source.encode())
    trees = [ast.parse(source)] if quick is None else [ast.parse(quick), ast.parse(source)]
    assert len({ast.dump(legacy.adapted(tree)) for tree in trees}) == 1
