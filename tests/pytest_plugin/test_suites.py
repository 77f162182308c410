"""How the plugin fits into a suite: when it does something, for which app, and where."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.databases.servers import MARIADB_AND_MYSQL
from tests.pytest_plugin.conftest import APP, CONFTEST

ROOT = Path(__file__).parents[2]
COUNT = 6

IMPORTED = """
import sys
import flask_schemamigrate.pytest_plugin
print(*(name for name in ("flask", "sqlalchemy", "click") if name in sys.modules))
"""


def test_the_plugin_brings_neither_flask_nor_sqlalchemy_into_every_run():
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


def test_an_installed_package_brings_the_plugin_by_its_entry_point(project):
    """The dist-info is as a wheel of this project would bring it."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]
    ((name, module),) = told["pytest11"].items()
    installed = project.pytester.path / "installed-1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: installed\nVersion: 1\n")
    (installed / "entry_points.txt").write_text(f"[pytest11]\n{name} = {module}\n")
    run = "import sys; sys.path[:0] = sys.argv.pop(1).split('|'); import pytest; pytest.main()"
    paths = f"{project.pytester.path}|{ROOT}"
    done = subprocess.run(
        [sys.executable, "-c", run, paths, "--schemamigrate", "-k", "one_head", "-p", "no:xdist"],
        cwd=project.pytester.path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in done.stdout


def test_without_the_option_nothing_is_added(project):
    project.test("def test_one(): pass").assert_outcomes(passed=1)


def test_the_ready_made_tests_come_after_the_suites_own(project):
    project.pytester.makepyfile(test_shop="def test_one(): pass")
    project.run("--schemamigrate").assert_outcomes(passed=1 + COUNT)


def test_a_mark_chooses_them(project):
    project.pytester.makepyfile(test_shop="def test_one(): pass")
    result = project.run("--schemamigrate", "-m", "schemamigrate", "--strict-markers")
    result.assert_outcomes(passed=COUNT, deselected=1)
    result.stdout.fnmatch_lines([f"collected {COUNT + 1} items / 1 deselected / {COUNT} selected"])


def test_a_test_that_is_asked_for_by_name_comes_alone(project):
    project.pytester.makepyfile(test_shop="def test_one(): pass")
    project.run("--schemamigrate", "test_shop.py::test_one").assert_outcomes(passed=1)


def test_the_suites_own_names_for_tests_do_not_concern_them(project):
    project.pytester.makeini("[pytest]\npython_functions = it_*\naddopts = --schemamigrate")
    project.run().assert_outcomes(passed=COUNT)


def test_processes_share_them(project):
    result = project.pytester.runpytest_subprocess(
        *("-p", "no:schemamigrate", "-p", "flask_schemamigrate.pytest_plugin"),
        *("-n", "2", "--schemamigrate"),
    )
    result.assert_outcomes(passed=COUNT)


def in_folder(project, name: str, app: str) -> None:
    """Put a conftest.py with a fixture into a folder, and another app beside it."""
    folder = project.pytester.mkdir(name)
    (folder / "conftest.py").write_text(CONFTEST.replace("def app()", f"def {app}()"))


def test_the_app_of_a_folder_of_tests_is_found(project):
    (project.pytester.path / "conftest.py").unlink()
    project.pytester.makepyfile(conftest="")
    in_folder(project, "tests", "app")
    result = project.run("--schemamigrate", "-v", "-k", "one_head")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines("tests/schemamigrate::test_the_revisions_have_one_head PASSED*")


def test_each_folder_with_an_app_of_its_own_is_tested(project):
    in_folder(project, "one", "schemamigrate_app")
    in_folder(project, "two", "schemamigrate_app")
    result = project.run("--schemamigrate", "-v", "-k", "one_head")
    result.stdout.fnmatch_lines(["one/schemamigrate::*", "two/schemamigrate::*"])


def test_the_app_that_flask_would_find_is_found(project, monkeypatch):
    project.pytester.makeconftest("")
    monkeypatch.setenv("FLASK_APP", "shop")
    monkeypatch.syspath_prepend(project.pytester.path)
    project.run("--schemamigrate", "-k", "one_head").assert_outcomes(passed=1)


def test_an_app_with_parameters_is_tested_with_each(project):
    project.pytester.makeconftest(
        CONFTEST.replace("@pytest.fixture", "@pytest.fixture(params=['a', 'b'])")
        + "\n@pytest.fixture\ndef schemamigrate_app(app):\n    return app\n"
    )
    project.run("--schemamigrate", "-k", "one_head").assert_outcomes(passed=2)


def test_no_app_is_said_with_what_to_do(project):
    project.pytester.makeconftest("")
    result = project.run("--schemamigrate", "-k", "one_head")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            "There is no app to test: *",
            "Define a fixture 'app' or 'schemamigrate_app' that returns it, or set FLASK_APP.",
        ]
    )


def test_what_is_no_app_is_said_with_what_to_do(project):
    project.pytester.makeconftest("import pytest\n@pytest.fixture\ndef app(): return 7")
    result = project.run("--schemamigrate", "-k", "one_head")
    result.stdout.fnmatch_lines("The fixture 'app' returns int, not a Flask app.")


def test_an_app_without_the_extension_is_told_how_to_get_it(project):
    project.pytester.makeconftest(
        "import flask, pytest\n@pytest.fixture\ndef app(): return flask.Flask('plain')"
    )
    result = project.run("--schemamigrate", "-k", "one_head")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines("*SchemaMigrate*")
    result.stdout.no_fnmatch_line("*Traceback*")


@pytest.mark.parametrize("database", ["postgresql", *MARIADB_AND_MYSQL], indirect=True)
def test_a_url_leads_to_another_kind_of_database(project, database_url):
    result = project.run("--schemamigrate", "--schemamigrate-url", database_url, "-k", "models")
    result.assert_outcomes(passed=1)


def test_a_url_that_is_none_is_said_to_be_none(project):
    result = project.run("--schemamigrate", "--schemamigrate-url", "here", "-k", "one_head")
    result.stdout.fnmatch_lines("--schemamigrate-url: it is not a database URL.")


def test_a_server_that_lets_nobody_in_is_named_without_the_password(project):
    url = "mysql+pymysql://me:secret@127.0.0.1:1/"
    result = project.run("--schemamigrate", "--schemamigrate-url", url, "-k", "one_head")
    result.stdout.fnmatch_lines(
        ["No scratch database could be made beside mysql+pymysql://me:*[*][*][*]*@127.0.0.1:1/ *"]
    )
    result.stdout.no_fnmatch_line("*secret*")


BINDS = APP.replace(
    'os.environ["DATABASE_URL"]\n',
    'os.environ["DATABASE_URL"]\n'
    '    app.config["SQLALCHEMY_BINDS"] = {"reports": os.environ["REPORTS_URL"]}\n',
).replace(
    "class Owner",
    """class Report(db.Model):
    __bind_key__ = "reports"
    id = sa.Column(sa.Integer, primary_key=True)

class Owner""",
)

REPORTS = """

@op.upgrade("reports")
def upgrade_reports():
    op.create_table("report", sa.Column("id", sa.Integer, primary_key=True))

@op.downgrade("reports")
def downgrade_reports():
    {down}
"""


@pytest.fixture
def with_binds(project, monkeypatch):
    """Gives the project a second database, whose revision is taken back by this code."""

    def with_binds(down: str):
        monkeypatch.setenv("REPORTS_URL", "sqlite:///reports.db")
        project.pytester.makepyfile(shop=BINDS)
        revision = project.pytester.path / "migrations" / "versions" / "first.py"
        revision.write_text(revision.read_text() + REPORTS.format(down=down))
        return project

    return with_binds


def test_every_bind_is_tested(with_binds):
    result = with_binds('op.drop_table("report")').run("--schemamigrate")
    result.assert_outcomes(passed=COUNT)


def test_a_bind_that_is_not_in_order_is_named(with_binds):
    result = with_binds('op.rename_table("report", "old")').run("--schemamigrate", "-k", "behind")
    result.stdout.fnmatch_lines(["  *reports* + old"])


def test_a_suite_may_be_typed(project):
    project.test(
        """
        from flask_schemamigrate.pytest_plugin import MigratedDatabase, Migrations

        def test_one(migrations: Migrations):
            assert isinstance(migrations, Migrations)

        def test_two(migrated_database: MigratedDatabase):
            assert isinstance(migrated_database, MigratedDatabase)
        """
    ).assert_outcomes(passed=2)
