"""The extension: attached to apps, and almost nothing until a command runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

import flask_schemamigrate
from flask_schemamigrate import SchemaMigrate
from flask_schemamigrate.errors import (
    AlreadyInitialised,
    AppExpected,
    CommandClash,
    NoAlembicConfig,
    NotInitialised,
    SeedNameExpected,
    SeedNameTaken,
    UnknownConfigKey,
    UnknownOption,
)
from flask_schemamigrate.extension import environment


def include_object(object, name, type_, reflected, compare_to):
    return True


def countries():
    return None


def currencies():
    return None


def test_the_constructor_attaches_to_an_app_at_once():
    app = Flask("shop")
    SchemaMigrate(app)

    assert "schemamigrate" in app.extensions


@pytest.mark.parametrize("given", [SQLAlchemy(), "shop"])
def test_what_is_no_app_is_refused_with_the_order_of_the_arguments(given):
    with pytest.raises(AppExpected, match=r"SchemaMigrate\(app, db\)"):
        SchemaMigrate(given, Flask("shop"))


def test_one_instance_serves_several_apps():
    migrate = SchemaMigrate(directory="migrations")
    shop, office = Flask("shop"), Flask("office")
    migrate.init_app(shop)
    migrate.init_app(office, directory="elsewhere", command="schema")

    states = [app.extensions["schemamigrate"] for app in (shop, office)]

    assert [(state.config.directory, state.command) for state in states] == [
        ("migrations", "db"),
        ("elsewhere", "schema"),
    ]


def test_no_app_is_kept():
    migrate = SchemaMigrate()
    app = Flask("shop")
    migrate.init_app(app)

    assert app not in vars(migrate).values()


def test_a_second_extension_on_one_app_is_an_error():
    app = Flask("shop")
    SchemaMigrate(app)

    with pytest.raises(AlreadyInitialised, match="'shop' already has a SchemaMigrate"):
        SchemaMigrate(app)


def test_the_config_is_read_when_the_app_is_given():
    app = Flask("shop")
    app.config["SCHEMAMIGRATE_LOCKWAIT"] = 5

    with pytest.raises(UnknownConfigKey, match="SCHEMAMIGRATE_LOCK_WAIT"):
        SchemaMigrate(app)


def test_a_db_command_of_another_extension_is_an_error_that_names_both():
    app = Flask("shop")

    # Flask-Migrate's group, as it adds it, but for where the functions come from.
    @app.cli.group("db")
    def group():
        pass

    @group.command("upgrade")
    def upgrade():
        pass

    group.callback = None
    assert upgrade.callback is not None
    upgrade.callback.__module__ = "flask_migrate.cli"

    with pytest.raises(CommandClash) as caught:
        SchemaMigrate(app)

    assert str(caught.value) == (
        "Both flask_schemamigrate and flask_migrate give the app a command 'db'.\n"
        "Remove the one of flask_migrate, or name ours differently: "
        "SchemaMigrate(app, db, command='migrations')."
    )


def test_a_clash_leaves_the_app_as_it_was():
    app = Flask("shop")
    app.cli.group("db")(lambda: None)

    with pytest.raises(CommandClash):
        SchemaMigrate(app)

    assert "schemamigrate" not in app.extensions


def test_another_command_name_lives_beside_a_foreign_one():
    app = Flask("shop")
    app.cli.group("db")(lambda: None)
    SchemaMigrate(app, command="migrations")

    assert {"db", "migrations"} <= set(app.cli.commands)


def test_hooks_are_kept_for_the_commands():
    app = Flask("shop")
    SchemaMigrate(app, include_object=include_object, compare_type=False)

    hooks = app.extensions["schemamigrate"].hooks

    assert (hooks.include_object, hooks.compare_type, hooks.render_item) == (
        include_object,
        False,
        None,
    )


def test_hooks_given_with_the_app_go_before_those_of_the_constructor():
    app = Flask("shop")
    migrate = SchemaMigrate(include_schemas=True, compare_type=False)
    migrate.init_app(app, compare_type=True)

    hooks = app.extensions["schemamigrate"].hooks

    assert (hooks.include_schemas, hooks.compare_type) == (True, True)


@pytest.mark.parametrize(
    ("given", "meant"), [("include_objects", "include_object"), ("engine", "engines")]
)
def test_a_mistyped_option_is_answered_with_the_near_one(given, meant):
    with pytest.raises(UnknownOption, match=f"Did you mean {meant}\\?"):
        SchemaMigrate(**{given: include_object})  # type: ignore[arg-type]


def test_options_of_flask_migrate_that_ask_for_nothing_are_accepted_and_say_so():
    migrate = SchemaMigrate()

    with pytest.warns(UserWarning, match="can go") as warned:
        migrate.init_app(Flask("shop"), render_as_batch=True, user_module_prefix="m.")

    assert [(Path(each.filename), str(each.message)) for each in warned] == [
        (
            Path(__file__),
            "SchemaMigrate: render_as_batch=... can go: tables are altered on every database "
            "without it.",
        ),
        (
            Path(__file__),
            "SchemaMigrate: user_module_prefix=... can go: types are written with the module they "
            "come from.",
        ),
    ]


def test_the_name_of_alembics_table_may_be_given_as_flask_migrate_takes_it():
    app = Flask("shop")
    with pytest.warns(UserWarning, match="SCHEMAMIGRATE_ALEMBIC_VERSION_TABLE in the config"):
        migrate = SchemaMigrate(version_table="revisions", version_table_schema=None)
    migrate.init_app(app)

    assert app.extensions["schemamigrate"].config.alembic_version_table == "revisions"


def test_an_option_of_alembics_that_is_said_elsewhere_is_answered_with_where():
    with pytest.raises(TypeError, match="Set SCHEMAMIGRATE_FILE_TEMPLATE"):
        SchemaMigrate(file_template="%(rev)s")  # type: ignore[call-arg]


def test_the_folder_and_the_command_may_be_given_in_flask_migrates_order():
    app, db = Flask("shop"), SQLAlchemy()
    SchemaMigrate(app, db, "revisions", "schema")

    state = app.extensions["schemamigrate"]

    assert (state.config.directory, state.command) == ("revisions", "schema")


def test_the_same_extension_may_be_given_an_app_again_with_more_to_say():
    app, db = Flask("shop"), SQLAlchemy()
    migrate = SchemaMigrate(app, db)
    migrate.init_app(app, db, include_object=include_object)

    state = app.extensions["schemamigrate"]

    assert state.hooks.include_object is include_object
    assert "db" in app.cli.commands


def test_what_would_change_alembics_config_is_told_where_to_say_it():
    migrate = SchemaMigrate()

    with pytest.raises(NoAlembicConfig, match=r"that countries\(\) could change"):
        migrate.configure(countries)


def test_a_seed_that_is_registered_late_is_seen_by_every_app():
    migrate = SchemaMigrate()
    app = Flask("shop")
    migrate.init_app(app)

    migrate.seed("countries", always=True)(countries)

    seed = app.extensions["schemamigrate"].seeds["countries"]
    assert (seed.function, seed.always, seed.place) == (countries, True, f"{__name__}.countries")


def test_two_seeds_of_one_name_are_an_error_that_names_both():
    migrate = SchemaMigrate()
    migrate.seed("places")(countries)

    with pytest.raises(SeedNameTaken, match=r"countries and .*currencies"):
        migrate.seed("places")(currencies)


def test_a_seed_without_a_name_is_not_passed_over():
    with pytest.raises(SeedNameExpected, match=r"countries\(\) has no name"):
        SchemaMigrate().seed(countries)  # type: ignore[arg-type]


def test_a_seed_registered_again_is_the_same_seed():
    migrate = SchemaMigrate()
    migrate.seed("places")(countries)
    migrate.seed("places")(countries)


def test_an_app_without_the_extension_is_told_the_two_lines():
    with Flask("shop").app_context(), pytest.raises(NotInitialised) as caught:
        environment()

    assert "    SchemaMigrate(app, db)" in str(caught.value).splitlines()


def test_the_database_may_come_after_the_extension():
    app = Flask("shop")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    db = SQLAlchemy()
    SchemaMigrate(app, db)
    db.init_app(app)

    with app.app_context():
        assert environment().bind().engine is db.engine


def test_the_database_is_found_on_the_app_if_none_is_given():
    app = Flask("shop")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    SchemaMigrate(app)
    db = SQLAlchemy(app)

    with app.app_context():
        assert environment().bind().engine is db.engine


def test_the_arguments_of_a_command_go_into_the_environment(tmp_path):
    app = Flask("shop")
    SchemaMigrate(app)

    with app.app_context():
        desk = environment(directory=tmp_path, x=["tenant=1"])

    assert (desk.directory, desk.x) == (tmp_path, ("tenant=1",))


LOADED = """
import sys
import flask, sqlalchemy
before = set(sys.modules)
from flask_schemamigrate import SchemaMigrate
app = flask.Flask("shop")
SchemaMigrate(app)
print(*sorted(name for name in set(sys.modules) - before))
"""


def test_a_web_worker_loads_a_handful_of_modules():
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )

    assert set(done.stdout.split()) == {
        "flask_schemamigrate",
        "flask_schemamigrate.cli",
        "flask_schemamigrate.config",
        "flask_schemamigrate.extension",
        "flask_schemamigrate.hooks",
    }


def test_a_name_that_nobody_has_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'downgrate'"):
        flask_schemamigrate.downgrate  # noqa: B018


def test_the_public_names_are_listed_by_dir():
    assert {"SchemaMigrate", "errors", "op", "upgrade"} <= set(dir(flask_schemamigrate))


@pytest.mark.parametrize("name", flask_schemamigrate.__all__)
def test_a_public_name_is_there_when_it_is_asked_for(name):
    assert getattr(flask_schemamigrate, name) is not None
