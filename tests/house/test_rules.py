"""The house rules themselves: each notices what it forbids, and lets pass what it allows."""

from __future__ import annotations

import ast

import pytest

from tests.house import doors, habits
from tests.house.source import PACKAGE, read


@pytest.fixture
def broken(tmp_path):
    """What a rule says of a package with these files: path below the package, and text."""

    def broken(rule, files):
        for path, text in files.items():
            file = tmp_path / PACKAGE / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return list(rule(read(tmp_path)))

    return broken


@pytest.mark.parametrize(
    "line",
    [
        "import flask_schemamigrate.cli",
        "from flask_schemamigrate import cli",
        "from flask_schemamigrate.cli import db",
        "from .. import cli",
        "from ..cli import db",
        "def late():\n    from ..cli import db",
        "if TYPE_CHECKING:\n    from ..cli import db",
        "import_module('flask_schemamigrate.cli')",
        "importlib.import_module('..cli', __package__)",
        "from ..takeover import read",
    ],
)
def test_a_door_upwards_or_sideways_is_noticed_however_it_is_opened(broken, line):
    files = {"commands/run.py": line, "cli/__init__.py": "", "takeover.py": ""}
    (said,) = broken(doors.wrong_doors, files)
    assert said.startswith("flask_schemamigrate/commands/run.py:")


@pytest.mark.parametrize(
    "files",
    [
        {"runner/run.py": "from ..revisions import plan\nfrom . import lock", "runner/lock.py": ""},
        {"operations/columns.py": "from ..schema import Table"},
        {"extension.py": "from .cli import db"},
        {"__init__.py": "from .extension import SchemaMigrate"},
        {"cli/upgrade.py": "from .. import commands, errors\nimport flask, click"},
    ],
)
def test_a_door_downwards_is_no_matter(broken, files):
    files |= {"revisions/plan.py": "", "commands.py": "", "errors.py": ""}
    assert broken(doors.wrong_doors, files) == []


def test_cli_knows_no_room_but_commands(broken):
    (said,) = broken(doors.wrong_doors, {"cli/upgrade.py": "from ..runner import run"})
    assert "cli knows commands and errors, not runner" in said


def test_importing_the_face_is_a_door_upwards(broken):
    (said,) = broken(doors.wrong_doors, {"runner/run.py": "from flask_schemamigrate import op"})
    assert "up to the face" in said


def test_a_dialect_is_named_by_no_stranger_and_by_no_other_dialect(broken):
    files = {f"dialects/{name}/__init__.py": "" for name in ("sqlite", "mysql", "mariadb")} | {
        "dialects/__init__.py": "from . import sqlite",
        "dialects/mysql/lock.py": "from ..mariadb import lock",
        "dialects/mariadb/read.py": "from ..sqlite import read",
        "runner/run.py": "from ..dialects import base\nfrom ..dialects.sqlite import rebuild",
    }
    assert broken(doors.named_dialects, files) == [
        "flask_schemamigrate/dialects/mariadb/read.py:1: "
        "the dialect mariadb imports the dialect sqlite",
        "flask_schemamigrate/runner/run.py:2: runner names the dialect sqlite",
    ]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("errors/root.py", "import mako"),
        ("revisions/graph.py", "from sqlalchemy import Table"),
        ("commands.py", "import click"),
        ("environment.py", "from flask.cli import with_appcontext"),
        ("cli/upgrade.py", "import sqlalchemy.exc"),
        ("takeover/read.py", "from alembic import op"),
        ("extension.py", "import flask_migrate"),
    ],
)
def test_a_guest_who_is_not_welcome_is_noticed(broken, path, line):
    assert len(broken(doors.unwelcome_guests, {path: line})) == 1


def test_a_circle_is_noticed_though_it_is_late_and_for_typing_only(broken):
    files = {
        "schema/a.py": "from .b import B\nfrom . import leaf",
        "schema/b.py": "def late():\n    from . import c",
        "schema/c.py": "if TYPE_CHECKING:\n    from .a import A",
        "schema/user.py": "from .a import A",
        "schema/leaf.py": "",
    }
    (said,) = broken(doors.circles, files)
    assert said == "; ".join(
        f"{PACKAGE}.schema.{a} -> {PACKAGE}.schema.{b}" for a, b in ("ab", "bc", "ca")
    )


def test_two_circles_are_told_apart_from_what_lies_between(broken):
    files = {
        "a.py": "from . import b",
        "b.py": "from . import a, between",
        "between.py": "from . import c",
        "c.py": "from . import d",
        "d.py": "from . import c",
    }
    assert [said.replace(f"{PACKAGE}.", "") for said in broken(doors.circles, files)] == [
        "a -> b; b -> a",
        "c -> d; d -> c",
    ]


def test_a_folder_that_hands_out_its_files_is_no_circle(broken):
    files = {"schema/__init__.py": "from .a import A", "schema/a.py": "from . import b"}
    assert broken(doors.circles, files | {"schema/b.py": ""}) == []


def test_a_docstring_does_not_make_a_function_long(broken):
    body = "    pass\n" * habits.LINES_IN_A_FUNCTION
    prose = '    """A.\n' + "    b\n" * 60 + '    """\n'
    short = "    pass\n" * (habits.LINES_IN_A_FUNCTION - 1)
    files = {
        "runner/run.py": f"def long():\n{body}\n\nclass A:\n  def short(self):\n{prose}{short}"
    }
    assert broken(habits.long_functions, files) == [
        "flask_schemamigrate/runner/run.py:1: long has 51 lines"
    ]


def test_only_listed_places_may_be_wide(broken):
    wide = "class Operations:\n    def add(self, a, b, c, d, *, e, f, g): ..."
    files = {"operations/facade.py": wide, "runner/run.py": wide}
    assert broken(habits.wide_functions, files) == [
        "flask_schemamigrate/runner/run.py:2: Operations.add has 7 parameters"
    ]


@pytest.mark.parametrize(
    "line", ["print(1)", "input()", "sys.exit(1)", "exit()", "raise SystemExit(2)", "os._exit(1)"]
)
def test_talking_and_leaving_belong_to_the_command_line(broken, line):
    files = {"commands.py": f"def act():\n    {line}", "cli/act.py": line}
    assert len(broken(habits.loud_words, files)) == 1


def test_the_word_sqlite_is_for_its_own_folder_and_for_prose(broken):
    files = {
        "dialects/sqlite/read.py": "sqlite = 'sqlite'",
        "dialects/__init__.py": "import_module('.sqlite')",
        "config.py": '"""About SQLite."""\n# SQLite again\nTEXT = 1\n"""SQLite."""\n',
        "runner/run.py": "import sqlite3\nname == f'{a} SQLite'\nsqlite_quirk = 1\n",
    }
    places = [said.partition(": ")[0] for said in broken(habits.stray_quirks, files)]
    assert places == [f"flask_schemamigrate/runner/run.py:{line}" for line in (1, 2, 3)]


def test_what_is_public_explains_itself_or_is_explained_by_its_base(broken):
    files = {
        "schema/base.py": 'class Base:\n    """A."""\n    def act(self):\n        """B."""',
        "schema/a.py": 'class A:\n    """A."""\n    def act(self): ...\n    def go(self): ...',
        "schema/b.py": "def free(): ...\ndef _own(): ...\nclass _Own:\n    def act(self): ...",
    }
    names = [said.split(": ")[1] for said in broken(habits.silent_names, files)]
    assert names == ["A.go has no docstring", "free has no docstring"]


def test_a_module_says_what_it_is_about_in_its_first_line(broken):
    files = {
        "a.py": '"""About a."""',
        "b.py": '"""About b.\n\nMore of it.\n"""',
        "c.py": "",
        "d.py": '"""About\nd."""',
    }
    said = broken(habits.silent_modules, files)
    assert [line.split()[0] for line in said] == [f"{PACKAGE}/c.py", f"{PACKAGE}/d.py"]


def test_a_nap_is_noticed():
    assert list(habits.naps("t.py", ast.parse("import time\ntime.sleep(1)\nself.sleep"))) == [
        "t.py:2: time.sleep(1)"
    ]


def test_a_room_that_the_plan_does_not_know_is_noticed(broken):
    assert broken(doors.unknown_rooms, {"utils.py": "", "errors.py": ""}) == [
        "flask_schemamigrate/utils is on no floor of the house"
    ]
