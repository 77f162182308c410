"""The verbs that look at the graph and change its files: what they print, write and refuse."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

import flask_schemamigrate
from flask_schemamigrate import SchemaMigrate, errors

SOURCE = '''"""message {id}"""

import sqlalchemy as sa
from flask_schemamigrate import op

revision = {id!r}
down_revision = {parents!r}
branch_labels = {labels!r}
depends_on = {depends_on!r}


def upgrade() -> None:
    {body}


def downgrade() -> None:
    pass
'''


@pytest.fixture
def app(tmp_path):
    app = Flask("shop", root_path=str(tmp_path))
    SchemaMigrate(app, engines=f"sqlite:///{tmp_path}/shop.db")
    return app


@pytest.fixture
def run(app) -> Callable[[str], Result]:
    def run(typed: str, **environ: str) -> Result:
        return app.test_cli_runner().invoke(args=["db", *typed.split()], env=environ)

    return run


@pytest.fixture
def write(tmp_path):
    """Write a revision: ``write("b", "a")``."""

    def write(id, *parents, body="pass", labels=None, depends_on=None, folder=None):
        path = (folder or tmp_path / "migrations" / "versions") / f"{id}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        given = parents[0] if len(parents) == 1 else parents or None
        text = SOURCE.format(id=id, parents=given, labels=labels, depends_on=depends_on, body=body)
        path.write_text(text)
        return path

    return write


@pytest.fixture
def fork(write):
    """``b`` and ``c`` both follow ``a``."""
    write("a")
    write("b", "a", body='op.add_column("user", sa.Column("age", sa.Integer))')
    write("c", "a", body='op.execute("UPDATE user SET name = 1")')


def said(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


# Looking


@pytest.mark.usefixtures("fork")
def test_heads_are_listed_one_to_a_line(run):
    assert said(run("heads")) == "b (head)\nc (head)\n"


@pytest.mark.usefixtures("fork")
def test_several_heads_fail_a_check(run):
    assert run("heads --check").exit_code == 6


def test_one_head_passes_a_check(run, write):
    write("a")

    assert run("heads --check").exit_code == 0


@pytest.mark.usefixtures("fork")
def test_history_has_the_newest_first(run):
    assert said(run("history")) == (
        "a -> c (head), message c\na -> b (head), message b\n<base> -> a (branchpoint), message a\n"
    )


@pytest.mark.usefixtures("fork")
def test_history_is_json_for_programs(run):
    first = json.loads(said(run("history --format json")).splitlines()[0])

    assert (first["revision"], first["parents"], first["is_head"]) == ("c", ["a"], True)


@pytest.mark.usefixtures("fork")
def test_branches_are_json_for_programs(run):
    assert json.loads(said(run("branches --format json"))) == {
        "revision": "a",
        "children": ["b", "c"],
    }


def test_history_from_three_back_to_where_the_database_is(run, write):
    for below, id in (("", "r1"), ("r1", "r2"), ("r2", "r3"), ("r3", "r4")):
        write(id, *([below] if below else []))
    run("stamp r3")

    assert said(run("history -r -1:current")) == ("r2 -> r3, message r3\nr1 -> r2, message r2\n")


def test_history_marks_where_the_database_is(run, write):
    write("a")
    write("b", "a")
    run("stamp a")

    assert said(run("history -i")) == (
        "a -> b (head), message b\n<base> -> a (current), message a\n"
    )


def test_history_marks_it_where_all_about_each_revision_is_shown_too(run, write):
    write("a")
    write("b", "a")
    run("stamp a")

    entries = [line for line in said(run("history -i -v")).splitlines() if "Rev:" in line]
    assert entries == ["Rev: b (head)", "Rev: a (current)"]


def test_history_names_the_binds_if_there_are_several(tmp_path, write):
    app = Flask("shop", root_path=str(tmp_path))
    engines: dict[str | None, str] = {
        name: f"sqlite:///{tmp_path}/{name}.db" for name in ("default", "reports")
    }
    SchemaMigrate(app, engines=engines)
    write("a")
    write("b", "a")
    run = app.test_cli_runner()
    run.invoke(args=["db", "stamp", "a"])
    run.invoke(args=["db", "stamp", "b", "--bind", "reports"])

    assert said(run.invoke(args=["db", "history", "-i"])) == (
        "a -> b (head) (current: reports), message b\n<base> -> a (current: default), message a\n"
    )
    assert said(run.invoke(args=["db", "current"])) == "[default] a\n[reports] b (head)\n"


@pytest.mark.parametrize("typed", ["show x", "history -r x:current", "stamp x", "edit x"])
def test_a_misspelt_revision_is_refused_before_a_database_is_asked(tmp_path, write, typed):
    app = Flask("shop", root_path=str(tmp_path))
    SchemaMigrate(app, engines=f"sqlite:///{tmp_path}/nowhere/shop.db")
    write("a")

    result = app.test_cli_runner().invoke(args=["db", *typed.split()])

    assert "There is no revision or branch label 'x'" in result.stderr


def test_the_graph_marks_what_is_applied(run, write):
    write("a")
    write("b", "a")
    run("stamp a")

    assert said(run("graph")) == "o  b (head) message b\n*  a message a\n"


def test_the_graph_is_drawn_without_a_database(tmp_path, write):
    app = Flask("shop", root_path=str(tmp_path))
    SchemaMigrate(app, engines=f"sqlite:///{tmp_path}/nowhere/shop.db")
    write("a")

    result = app.test_cli_runner().invoke(args=["db", "graph"])

    assert said(result) == "*  a (head) message a\n"
    assert result.stderr.startswith("What is applied is not shown.")
    assert app.test_cli_runner().invoke(args=["db", "graph", "--no-database"]).stderr == ""


@pytest.mark.parametrize(("format", "first"), [("mermaid", "flowchart TB"), ("dot", "digraph")])
def test_the_graph_is_drawn_in_other_languages(run, write, format, first):
    write("a")

    assert said(run(f"graph --format {format}")).startswith(first)


# Merging


@pytest.mark.usefixtures("fork")
def test_a_merge_joins_all_heads_and_says_what_they_share(run):
    lines = said(run("merge --rev-id m")).splitlines()

    assert lines[:2] == ["Joined b, c in m", "Several branches touch user: b, c"]
    assert said(run("heads")) == "m (head) (mergepoint)\n"


def test_a_merge_says_that_nothing_is_shared(run, write):
    write("a", body='op.create_table("user")')
    write("b", "a", body='op.drop_table("x")')
    write("c", "a", body='op.drop_table("y")')

    assert "No table is touched by several of the branches." in said(run("merge"))


@pytest.mark.parametrize("named", ["", " heads", " a b"])
def test_a_head_that_another_depends_on_can_be_merged_as_well(run, write, named):
    write("a")
    write("b", depends_on="a")

    assert run(f"merge{named}").exit_code == 0


def test_a_merge_of_one_head_is_refused(run, write):
    write("a")

    assert run("merge").stderr.startswith("Error: A merge joins two heads or more")


# Rebasing


@pytest.mark.usefixtures("fork")
def test_a_branch_is_put_onto_the_other(run):
    run("stamp b")

    assert said(run("rebase")).startswith("c now follows b (was a): ")
    assert said(run("heads")) == "c (head)\n"


@pytest.mark.usefixtures("fork")
def test_a_dry_run_changes_nothing(run):
    assert said(run("rebase c --dry-run")).endswith("Nothing was changed.\n")
    assert said(run("heads")) == "b (head)\nc (head)\n"


@pytest.mark.usefixtures("fork")
def test_what_is_applied_is_moved_only_by_force(run):
    run("stamp c")

    assert "Already applied, so not moved: c." in run("rebase c").stderr
    assert said(run("rebase c --onto b --force")).startswith("c now follows b")


def test_a_branch_that_stands_there_already_is_left_alone(run, fork):
    assert "There is nothing to rebase" in run("rebase c --onto a").stderr


# The file of heads


def test_every_command_that_writes_keeps_the_file_of_heads(run, tmp_path, fork):
    head = tmp_path / "migrations" / "head"

    run("revision --rev-id d --head c")
    assert head.read_text() == "b d\n"
    run("rebase b")
    assert head.read_text() == "b\n"
    run("revision --rev-id e --head a --splice")
    run("merge --rev-id m")
    assert head.read_text() == "m\n"


def test_the_file_of_heads_can_be_switched_off(tmp_path):
    app = Flask("shop", root_path=str(tmp_path))
    app.config["SCHEMAMIGRATE_HEAD_FILE"] = False
    SchemaMigrate(app, engines="sqlite://")
    app.test_cli_runner().invoke(args=["db", "revision"])

    assert not (tmp_path / "migrations" / "head").exists()


def test_check_reports_a_stale_file_of_heads(tmp_path):
    models = sa.MetaData()
    sa.Table("user", models, sa.Column("id", sa.Integer, primary_key=True))
    app = Flask("shop", root_path=str(tmp_path))
    SchemaMigrate(app, engines=f"sqlite:///{tmp_path}/shop.db", metadatas=models)

    def run(*typed: str) -> Result:
        return app.test_cli_runner().invoke(args=["db", *typed])

    run("migrate", "--rev-id", "a")
    run("upgrade")
    assert run("check").exit_code == 0

    file = tmp_path / "migrations" / "head"
    file.write_text("b\n")
    checked = run("check")

    assert checked.exit_code == 6
    assert checked.stdout == (
        f"{file} says 'b', and the revisions end at 'a'. Make 'a' its only line.\n"
        "The models and the database agree.\n"
    )
    as_json = run("check", "--format", "json").stdout
    assert json.loads(as_json) == {"file": str(file), "named": ["b"], "heads": ["a"]}


# Writing


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("--rev-id a", "There is a revision 'a' already"),
        ("--rev-id side", "'side' is the label of 'a' already"),
        ("--branch-label side", "'side' is the label of 'a' already"),
        ("--branch-label a", "'a' is the id of a revision already"),
        ("--rev-id a-b", "'a-b'"),
        ("--depends-on nowhere", "There is no revision or branch label 'nowhere'"),
        ("--depends-on base", "'base' does not name a revision"),
        ("--head current", "'current' does not name a revision"),
        ("--version-path elsewhere", "'elsewhere' is not one of the folders"),
    ],
)
def test_a_revision_that_cannot_be_is_refused_and_not_written(run, write, tmp_path, typed, error):
    write("a", labels=("side",))

    assert error in run(f"revision {typed}").stderr
    assert len([*(tmp_path / "migrations" / "versions").glob("*.py")]) == 1


def test_dependencies_are_written_as_whole_ids_and_labels(run, write, tmp_path):
    write("abcdef")
    write("x", labels=("side",))
    run("revision --rev-id n --head base --depends-on abcd --depends-on side")
    path = next((tmp_path / "migrations" / "versions").glob("*_n*.py"))

    assert 'depends_on = ("abcdef", "side")' in path.read_text()


def test_a_new_revision_goes_where_its_parent_is(tmp_path, write):
    app = Flask("shop", root_path=str(tmp_path))
    app.config["SCHEMAMIGRATE_VERSION_LOCATIONS"] = ["one", "two"]
    SchemaMigrate(app, engines="sqlite://")
    write("a", folder=tmp_path / "two")
    run = app.test_cli_runner()
    run.invoke(args=["db", "revision", "--rev-id", "b"])
    run.invoke(args=["db", "revision", "--rev-id", "c", "--version-path", "one"])

    assert len([*(tmp_path / "two").glob("*_b.py")]) == 1
    assert len([*(tmp_path / "one").glob("*_c.py")]) == 1


def test_a_new_revision_goes_into_the_folder_inside_where_its_parent_is(tmp_path, write):
    app = Flask("shop", root_path=str(tmp_path))
    app.config["SCHEMAMIGRATE_RECURSIVE"] = True
    SchemaMigrate(app, engines="sqlite://")
    inside = tmp_path / "migrations" / "versions" / "2024"
    write("a", folder=inside)
    app.test_cli_runner().invoke(args=["db", "revision", "--rev-id", "b"])

    assert len([*inside.glob("*_b.py")]) == 1


def test_no_revision_is_written_where_it_would_not_be_found(tmp_path):
    app = Flask("shop", root_path=str(tmp_path))
    app.config["SCHEMAMIGRATE_FILE_TEMPLATE"] = "%(year)d/%(rev)s"
    SchemaMigrate(app, engines="sqlite://")
    result = app.test_cli_runner().invoke(args=["db", "revision"])

    assert "'%(year)d/%(rev)s' makes folders, in which no revision would be found" in result.stderr
    assert not [*tmp_path.glob("**/*.py")]


def test_edit_opens_the_file(run, write):
    write("a")

    assert run("edit", EDITOR="test -f").exit_code == 0


def test_edit_of_nothing_is_refused(run, write):
    write("a")

    assert "'current' names no revision to edit." in run("edit current").stderr


# Stamping


def test_a_stamp_may_name_several_revisions(run, write):
    write("a"), write("b", "a"), write("x", labels=("side",))

    assert said(run("stamp b side")) == "Stamped b, x (3 recorded, 0 removed)\n"
    assert said(run("stamp side@base")) == "Stamped b (0 recorded, 1 removed)\n"
    assert said(run("stamp --purge x")) == "Stamped x (1 recorded, 2 removed)\n"
    assert said(run("current")) == "x (side) (head)\n"


# Running


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("upgrade nope", "There is no revision or branch label 'nope'."),
        ("upgrade --plan nope", "There is no revision or branch label 'nope'."),
        ("upgrade --dry-run nope", "There is no revision or branch label 'nope'."),
        ("downgrade --dry-run nope", "There is no revision or branch label 'nope'."),
        ("upgrade a:b", "'a:b' is a range"),
        ("upgrade", "there are 2: b, c."),
        ("downgrade --yes nope", "There is no revision or branch label 'nope'."),
        ("downgrade --yes b@c@d", "'b@c@d' does not name a revision."),
        ("downgrade --sql b", "'b' does not say from where to where a script shall downgrade."),
    ],
)
@pytest.mark.usefixtures("fork")
def test_what_is_wrong_with_a_revision_is_said_before_anybody_connects(tmp_path, typed, error):
    app = Flask("shop", root_path=str(tmp_path))
    SchemaMigrate(app, engines="postgresql+psycopg://nobody@127.0.0.1:1/none")

    result = app.test_cli_runner().invoke(args=["db", *typed.split()])

    assert result.exit_code == 1
    assert error in result.stderr


# Packages


@pytest.fixture
def plugin(tmp_path, monkeypatch, write):
    """An installed package that brings the revision ``p`` under the name "reviews"."""
    site = tmp_path / "site"
    (site / "flask_reviews").mkdir(parents=True)
    (site / "flask_reviews" / "__init__.py").write_text("raise Exception('imported')")
    write("p", labels=("reviews",), folder=site / "flask_reviews" / "versions")
    info = site / "flask_reviews-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: flask-reviews\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "[flask_schemamigrate.revisions]\nreviews = flask_reviews:versions\n"
    )
    monkeypatch.syspath_prepend(site)
    return site


@pytest.mark.usefixtures("plugin")
def test_a_package_brings_revisions_with_a_head_of_their_own(run, write):
    write("a", depends_on="reviews")

    assert said(run("heads --check")) == "p (reviews) (effective head)\na (head)\n"
    assert said(run("upgrade")).count("Upgraded") == 2


def test_a_projects_revisions_do_not_stand_on_those_of_a_package(run, plugin, tmp_path):
    run("revision --rev-id a")
    run("revision --rev-id b")

    assert "a -> b (head)" in said(run("history"))
    assert "<base> -> a" in said(run("history"))
    assert (tmp_path / "migrations" / "head").read_text() == "b\n"
    assert len([*(plugin / "flask_reviews" / "versions").glob("*.py")]) == 1


def test_the_tables_of_a_package_are_never_dropped_by_the_project(plugin, tmp_path, write):
    create = 'op.create_table("review", sa.Column("id", sa.Integer, primary_key=True))'
    write("p", labels=("reviews",), folder=plugin / "flask_reviews" / "versions", body=create)
    models = sa.MetaData()
    sa.Table("user", models, sa.Column("id", sa.Integer, primary_key=True))
    app = Flask("shop", root_path=str(tmp_path))
    SchemaMigrate(app, engines=f"sqlite:///{tmp_path}/shop.db", metadatas=models)
    app.test_cli_runner().invoke(args=["db", "upgrade"])

    migrated = app.test_cli_runner().invoke(args=["db", "migrate"])

    assert said(migrated).splitlines()[0] == "+ user"
    assert "review" not in migrated.stdout


def test_a_revision_is_put_into_a_packages_folder_only_if_asked(run, plugin):
    run("revision --rev-id q --head reviews@head --version-path flask_reviews:versions")
    run("revision --rev-id r --head reviews@head")

    assert len([*(plugin / "flask_reviews" / "versions").glob("*.py")]) == 2


@pytest.mark.parametrize(("wanted", "heads"), [(False, ""), (["reviews"], "p (reviews) (head)\n")])
@pytest.mark.usefixtures("plugin")
def test_an_app_says_which_packages_it_listens_to(tmp_path, wanted, heads):
    app = Flask("shop", root_path=str(tmp_path))
    app.config["SCHEMAMIGRATE_PLUGINS"] = wanted
    SchemaMigrate(app, engines="sqlite://")

    assert said(app.test_cli_runner().invoke(args=["db", "heads"])) == heads


@pytest.mark.usefixtures("plugin")
def test_a_package_that_is_not_installed_is_missed(tmp_path):
    app = Flask("shop", root_path=str(tmp_path))
    app.config["SCHEMAMIGRATE_PLUGINS"] = ["orders"]
    SchemaMigrate(app, engines="sqlite://")

    result = app.test_cli_runner().invoke(args=["db", "heads"])

    assert "No installed package brings revisions under the name 'orders'." in result.stderr


# In Python


@pytest.mark.usefixtures("fork")
def test_the_same_can_be_done_in_python(app):
    with app.app_context():
        assert [each.revision for each in flask_schemamigrate.branches()] == ["a"]
        assert flask_schemamigrate.graph(database=False).text.count("message") == 3
        with pytest.raises(errors.AmbiguousRebase):
            flask_schemamigrate.rebase()
        assert flask_schemamigrate.rebase("c")[0].parents == ("b",)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("history", "There are no revisions yet; 'flask db migrate' writes the first.\n"),
        ("history -r base:base", "No revision is in that range.\n"),
        ("heads", "There are no revisions yet; 'flask db migrate' writes the first.\n"),
        ("graph", "There are no revisions yet; 'flask db migrate' writes the first.\n"),
        ("branches", "The revisions do not branch.\n"),
        ("show", "'head' names no revision.\n"),
        ("current", "No revision is applied.\n"),
        ("log", "Nothing was ever done.\n"),
        ("history --format json", ""),
        ("current --format json", ""),
    ],
)
def test_where_there_is_nothing_to_list_a_person_is_told_so(run, typed, told):
    assert run(typed).stderr == told
