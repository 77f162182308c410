"""Importing the revisions that run."""

from __future__ import annotations

import ast
import sys
import traceback

import pytest

from flask_schemamigrate import errors
from flask_schemamigrate.revisions import header, module

MARKED = """
revision = "a"
called = []


def mark(direction, bind):
    def remember(function):
        function.__schemamigrate__ = (direction, bind)
        return function
    return remember


def upgrade():
    return "default up"


@mark("upgrade", "my-db")
def upgrade_my_db():
    return "my-db up"


@mark("downgrade", "my-db")
def downgrade_my_db():
    return "my-db down"
"""


@pytest.fixture
def loaded(write):
    def loaded(source, transform=None):
        found = header.read(write("a", source=source))
        assert found is not None
        return module.load(found, transform=transform)

    return loaded


def test_the_plain_functions_are_the_default_binds(loaded):
    found = loaded(MARKED)
    assert found.function("upgrade")() == "default up"
    assert found.function("downgrade") is None


def test_decorated_functions_are_for_the_bind_they_name(loaded):
    found = loaded(MARKED)
    assert found.function("upgrade", "my-db")() == "my-db up"
    assert found.function("downgrade", "my-db")() == "my-db down"
    assert found.function("upgrade", "other") is None


def test_functions_of_flask_migrates_multidb_form_are_called_by_engine_name(loaded):
    found = loaded(
        "revision = 'a'\n"
        "def upgrade(engine_name):\n    return globals()['upgrade_%s' % engine_name]()\n"
        "def upgrade_(): return 'default'\n"
        "def upgrade_users(): return 'users'\n"
    )
    assert found.function("upgrade")() == "default"
    assert found.function("upgrade", "users")() == "users"
    assert found.function("upgrade", "other") is None


def test_an_upgrade_with_other_arguments_is_handed_out_as_it_is(loaded):
    found = loaded("revision = 'a'\ndef upgrade(op, tables, tester=1, **more): return op, more\n")
    assert found.function("upgrade")(1, 2, x=3) == (1, {"x": 3})


def test_helper_modules_beside_the_file_can_be_imported_and_leave_no_trace(loaded, write):
    write("beside_helper", source="import beside_other\nanswer = beside_other.answer\n")
    write("beside_other", source="answer = 42\n")
    found = loaded(
        "import beside_helper\nrevision = 'a'\n"
        "def upgrade():\n    import beside_other\n    return beside_other.answer\n"
    )
    assert found.module.beside_helper.answer == 42
    assert found.function("upgrade")() == 42
    assert not {"beside_helper", "beside_other"} & set(sys.modules)
    assert not any(isinstance(each, module._Finder) for each in sys.meta_path)


def test_two_folders_may_have_helpers_of_the_same_name(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "beside_helper.py").write_text(f"answer = {name!r}\n")
        (tmp_path / name / "a.py").write_text("from beside_helper import answer\nrevision = 'a'\n")
    found = [module.run(tmp_path / name / "a.py").answer for name in ("one", "two")]
    assert found == ["one", "two"]


def test_the_apps_own_module_goes_before_a_helper(loaded, write):
    write("json", source="dumps = None\n")
    assert loaded("import json\nrevision = 'a'\n").module.json.dumps({}) == "{}"


def test_classes_find_the_module_they_are_in(loaded):
    found = loaded(
        "from __future__ import annotations\nimport dataclasses, typing\nrevision = 'a'\n"
        "@dataclasses.dataclass\nclass Point:\n    x: int\n"
        "def upgrade(): return typing.get_type_hints(Point)\n"
    )
    assert found.function("upgrade")() == {"x": int}


def renamed(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "no_such_package":
            node.module = "os"
    return tree


def test_the_transform_changes_the_file_and_its_helpers_in_memory(loaded, write):
    helper = write("beside_helper", source="from no_such_package import sep\n")
    found = loaded(
        "from no_such_package import sep\nimport beside_helper\nrevision = 'a'\n", renamed
    )
    assert found.module.sep == found.module.beside_helper.sep
    assert helper.read_text() == "from no_such_package import sep\n"
    assert not (helper.parent / "__pycache__").exists()


def test_a_traceback_shows_the_line_of_the_file(loaded):
    found = loaded("revision = 'a'\n\ndef upgrade():\n    1 / 0\n", renamed)
    try:
        found.function("upgrade")()
    except ZeroDivisionError:
        text = traceback.format_exc()
    assert 'a.py", line 4, in upgrade\n    1 / 0' in text


def test_a_syntax_error_is_said_with_file_and_line(loaded, folder):
    before = set(sys.modules)
    with pytest.raises(errors.InvalidSource) as caught:
        loaded('"""m"""\nrevision = "a"\n\n\ndef upgrade():\n    op..execute()\n')
    assert str(caught.value) == (
        f"Syntax error in {folder / 'a.py'}, line 6: invalid syntax.\n"
        "Mend the file; nothing of it was run."
    )
    assert set(sys.modules) == before


def test_a_conflict_that_git_left_is_called_by_its_name(loaded):
    body = "def upgrade():\n<<<<<<< HEAD\n    pass\n=======\n    ...\n>>>>>>> ben\n"
    with pytest.raises(errors.InvalidSource, match="line 4: a merge conflict of git is in it"):
        loaded(f'revision = "a"\n\n{body}')


def test_an_exception_while_importing_is_said_with_file_and_line(loaded, folder):
    with pytest.raises(errors.ImportFailed) as caught:
        loaded("revision = 'a'\n\nint('x')\n")
    assert str(caught.value) == (
        f"Importing {folder / 'a.py'}, line 3 failed: ValueError: "
        "invalid literal for int() with base 10: 'x'.\n"
        "Mend the file; none of its functions was called."
    )
    assert isinstance(caught.value.__cause__, ValueError)


def test_a_missing_package_is_said_with_what_to_do(loaded):
    with pytest.raises(errors.ImportFailed) as caught:
        loaded("import no_such_package\nrevision = 'a'\n")
    assert caught.value.line == 1
    assert caught.value.hint == "Install the missing package, or mend the import."
