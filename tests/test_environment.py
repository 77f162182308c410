"""What a command works with: folders, binds, models, and connections that say why they fail."""

from __future__ import annotations

import sys
import sysconfig
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy_lite import SQLAlchemy as SQLAlchemyLite
from sqlalchemy.orm import DeclarativeBase

from flask_schemamigrate import SchemaMigrate
from flask_schemamigrate.config import Config
from flask_schemamigrate.environment import Bind, Environment, folders, models
from flask_schemamigrate.errors import (
    BadConfigValue,
    BadPlugin,
    DatabaseExpected,
    DatabaseNotInitialised,
    DriverNotInstalled,
    ModelsNotImportable,
    ModelsWithoutDatabase,
    NoDatabase,
    NoModelsSeen,
    UnknownBind,
    UnusableUrl,
)
from flask_schemamigrate.extension import environment


class Base(DeclarativeBase):
    pass


def table(name: str, metadata: sa.MetaData) -> sa.Table:
    return sa.Table(name, metadata, sa.Column("id", sa.Integer, primary_key=True))


def of_app(app: Flask) -> dict[str | None, Bind]:
    with app.app_context():
        return environment().binds


def tables(bind: Bind) -> set[str]:
    return {name for metadata in bind.metadatas for name in metadata.tables}


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Writes Python files into a folder that can be imported from."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)

    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    yield write
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in {"shop", "office"}:
            del sys.modules[name]


# Folders


def test_the_root_of_a_package_is_the_folder_that_holds_it(package):
    root = package({"shop/__init__.py": "", "shop/web.py": ""})
    __import__("shop")

    assert folders.project_root("shop", root / "shop") == root


def test_the_root_of_a_module_is_the_folder_that_holds_it(package):
    root = package({"shop.py": ""})
    __import__("shop")

    assert folders.project_root("shop", root) == root


def test_the_root_of_a_module_in_a_package_is_the_folder_that_holds_the_package(package):
    root = package({"shop/__init__.py": "", "shop/web/__init__.py": "", "shop/web/app.py": ""})
    __import__("shop.web.app")

    assert folders.project_root("shop.web.app", root / "shop" / "web") == root


def test_a_root_path_of_the_apps_own_choice_is_the_root(package, tmp_path):
    package({"shop/__init__.py": ""})
    __import__("shop")

    assert folders.project_root("shop", tmp_path / "elsewhere") == tmp_path / "elsewhere"


def test_a_relative_directory_is_under_the_root_from_anywhere(tmp_path, monkeypatch):
    (tmp_path / "migrations").mkdir()
    (tmp_path / "other" / "migrations").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "other")

    assert folders.directory("migrations", tmp_path) == tmp_path / "migrations"


def test_a_directory_that_is_only_here_is_used(tmp_path, monkeypatch):
    here = tmp_path / "here"
    (here / "migrations").mkdir(parents=True)
    monkeypatch.chdir(here)

    assert folders.directory("migrations", tmp_path / "root") == here / "migrations"


def test_a_directory_that_is_nowhere_will_be_under_the_root(tmp_path):
    assert folders.directory("migrations", tmp_path) == tmp_path / "migrations"


def test_an_absolute_directory_is_as_given(tmp_path):
    assert folders.directory(tmp_path / "there", Path("/elsewhere")) == tmp_path / "there"


def test_revisions_are_in_versions_unless_told_otherwise(tmp_path):
    assert folders.locations((), tmp_path, Path("/root")) == (tmp_path / "versions",)


def test_version_locations_are_under_the_root_or_in_a_package(package):
    root = package({"shop/__init__.py": ""})

    found = folders.locations(("a/b", "/c", "shop:data/versions"), Path("/d"), root)

    assert found == (root / "a" / "b", Path("/c"), root / "shop" / "data" / "versions")


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Installs a package that brings revisions under the name "reviews", by this value."""
    monkeypatch.syspath_prepend(tmp_path)

    def install(value: str) -> None:
        info = tmp_path / "reviews-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Name: reviews\nVersion: 1\n")
        (info / "entry_points.txt").write_text(
            f"[flask_schemamigrate.revisions]\nreviews = {value}\n"
        )

    return install


@pytest.mark.parametrize("value", ["reviews:versions", "reviews.versions"])
def test_a_package_brings_its_folder_without_being_imported(package, installed, value):
    root = package({"reviews/__init__.py": "1 / 0", "reviews/versions/a.py": ""})
    installed(value)

    assert folders.plugins(True) == {"reviews": root / "reviews" / "versions"}
    assert folders.plugins(["reviews"]) == {"reviews": root / "reviews" / "versions"}
    assert folders.plugins(False) == {}


def test_a_package_without_the_folder_it_names_is_an_error(package, installed):
    package({"reviews/__init__.py": ""})
    installed("reviews:versions")

    with pytest.raises(BadPlugin, match="has no folder 'reviews:versions'"):
        folders.plugins(True)


def test_a_version_location_in_a_package_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(BadConfigValue, match="importable package:folder"):
        folders.locations(("no_such.package:versions",), tmp_path, tmp_path)


# Binds


def test_every_bind_of_flask_sqlalchemy_is_found_with_its_models():
    app = Flask("shop")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    app.config["SQLALCHEMY_BINDS"] = {"my-db": "sqlite://"}
    db = SQLAlchemy(app)
    SchemaMigrate(app, db)
    table("user", db.metadatas[None])
    table("report", db.metadatas["my-db"])

    found = of_app(app)

    assert {name: tables(bind) for name, bind in found.items()} == {
        None: {"user"},
        "my-db": {"report"},
    }


def test_the_default_bind_comes_first():
    given = Environment.without_app("m", engines={"audit": "sqlite://", "default": "sqlite://"})

    assert [bind.label for bind in given.binds.values()] == ["default", "audit"]


def test_flask_sqlalchemy_lite_is_found_with_the_bases_of_the_models(package):
    package(
        {
            "office/__init__.py": "",
            "office/models.py": "import sqlalchemy as sa\n"
            "from sqlalchemy.orm import DeclarativeBase, mapped_column\n"
            "class Base(DeclarativeBase): pass\n"
            "class Desk(Base):\n"
            "    __tablename__ = 'desk'\n"
            "    id = mapped_column(sa.Integer, primary_key=True)\n",
        }
    )
    app = Flask("bureau")
    app.config["SQLALCHEMY_ENGINES"] = {"default": "sqlite://", "audit": "sqlite://"}
    SchemaMigrate(app, SQLAlchemyLite(app), models="office")

    with app.app_context():
        desk = environment()
        imported = desk.load_models()
        found = {name: tables(bind) for name, bind in desk.binds.items()}

    assert imported == ("office", "office.models")
    assert found == {None: {"desk"}, "audit": set()}


def test_the_binds_of_flask_sqlalchemy_lites_sessions_are_followed():
    class Audited(DeclarativeBase):
        pass

    table("event", Audited.metadata)
    app = Flask("bureau")
    app.config["SQLALCHEMY_ENGINES"] = {"default": "sqlite://", "audit": "sqlite://"}
    SchemaMigrate(app, SQLAlchemyLite(app, session_options={"binds": {Audited: "audit"}}))

    assert {name: tables(bind) for name, bind in of_app(app).items()} == {
        None: set(),
        "audit": {"event"},
    }


@pytest.mark.parametrize("adds", [True, False])
def test_a_session_that_has_only_read_is_ended_and_what_is_to_be_written_stays(adds):
    app = Flask("shop")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    db = SQLAlchemy(app)
    SchemaMigrate(app, db)

    class Note(db.Model):  # type: ignore[name-defined, misc]
        id = db.Column(db.Integer, primary_key=True)

    with app.app_context():
        db.session.execute(sa.text("SELECT 1"))
        if adds:
            db.session.add(Note())
        environment().roll_back_session()
        assert db.session().in_transaction() is adds
        assert len(db.session.new) == adds


def test_asynchronous_engines_of_flask_sqlalchemy_lite_are_found():
    app = Flask("shop")
    app.config["SQLALCHEMY_ASYNC_ENGINES"] = {"default": "sqlite+aiosqlite://"}
    SchemaMigrate(app, SQLAlchemyLite(app), metadatas=Base)

    (bind,) = of_app(app).values()

    assert (bind.name, bind.is_async, bind.metadatas) == (None, True, (Base.metadata,))


@pytest.mark.parametrize(
    "metadatas",
    [Base, Base.metadata, [Base], [Base.metadata], {None: Base}, {"default": [Base]}],
    ids=["base", "metadata", "bases", "metadatas", "by-bind", "by-the-name-default"],
)
def test_plain_models_may_be_given_in_any_form(metadatas):
    given = Environment.without_app("m", engines="sqlite://", metadatas=metadatas)

    assert given.bind().metadatas == (Base.metadata,)


def test_a_metadata_that_names_its_bind_goes_there():
    audit = sa.MetaData(info={"bind_key": "audit"})

    given = Environment.without_app(
        "m", engines={None: "sqlite://", "audit": "sqlite://"}, metadatas=[Base, audit]
    )

    assert {name: bind.metadatas for name, bind in given.binds.items()} == {
        None: (Base.metadata,),
        "audit": (audit,),
    }


def test_models_given_for_a_bind_without_a_database_are_an_error():
    given = Environment.without_app("m", engines="sqlite://", metadatas={"audit": sa.MetaData()})

    with pytest.raises(ModelsWithoutDatabase, match=r"bind 'audit' \(no tables yet\) have no"):
        given.bind()


def test_metadata_given_beside_flask_sqlalchemy_is_added_to_it():
    app = Flask("shop")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    db = SQLAlchemy(app)
    SchemaMigrate(app, db, metadatas=Base)

    assert of_app(app)[None].metadatas == (db.metadata, Base.metadata)


def test_engines_may_be_asked_for_when_a_command_runs():
    app = Flask("shop")
    engines: list[sa.Engine] = []
    SchemaMigrate(app, metadatas=Base, engines=lambda: engines[0])

    engines.append(sa.create_engine("sqlite://"))

    assert of_app(app)[None].engine is engines[0]


def test_a_bind_is_found_by_the_name_it_is_printed_with():
    given = Environment.without_app("m", engines="sqlite://")

    assert given.bind("default").name is None


def test_an_unknown_bind_is_answered_with_the_known_ones():
    given = Environment.without_app("m", engines={None: "sqlite://", "my-db": "sqlite://"})

    with pytest.raises(UnknownBind) as caught:
        given.bind("mydb")

    assert str(caught.value) == "There is no bind 'mydb'.\nThe app has: default, my-db."


def test_binds_of_one_database_are_recognised_whatever_driver_and_user():
    given = Environment.without_app(
        "m",
        engines={
            None: "postgresql+psycopg://app@localhost/shop",
            "async": "postgresql+asyncpg://deploy@localhost/shop",
            "other": "postgresql+psycopg://app@localhost/office",
        },
    )

    same = {name: bind.same_as for name, bind in given.binds.items()}

    assert same == {None: None, "async": given.bind(), "other": None}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("postgresql+psycopg://app@localhost/shop", "postgresql+psycopg://app@127.0.0.1/shop"),
        ("postgresql+psycopg://app@db/shop", "postgresql+psycopg://app@DB:5432/shop"),
        ("mysql+pymysql://app@[::1]/shop", "mariadb+pymysql://app@localhost:3306/shop"),
    ],
)
def test_binds_of_one_database_are_recognised_however_the_url_spells_it(one, other):
    given = Environment.without_app("m", engines={None: one, "other": other})

    assert given.bind("other").same_as == given.bind()


def test_binds_of_two_ports_are_two():
    url = "postgresql+psycopg://app@localhost:{}/shop"
    given = Environment.without_app("m", engines={None: url.format(5432), "b": url.format(5433)})

    assert given.bind("b").same_as is None


def test_two_databases_in_memory_are_two():
    given = Environment.without_app("m", engines={None: "sqlite://", "other": "sqlite://"})

    assert given.bind("other").same_as is None


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql+psycopg://app:hush@db:5432/shop", "postgresql+psycopg://app:***@db:5432/shop"),
        (
            "postgresql+psycopg://db/shop?password=hush&sslmode=require",
            "postgresql+psycopg://db/shop?password=***&sslmode=require",
        ),
        ("sqlite:////srv/shop.db", "sqlite:////srv/shop.db"),
    ],
)
def test_a_url_is_shown_without_its_password(url, shown):
    assert Environment.without_app("m", engines=url).bind().url == shown


# What was not given


def test_without_any_database_the_error_shows_both_ways_to_give_one():
    app = Flask("shop")
    SchemaMigrate(app)

    with pytest.raises(NoDatabase, match=r"SchemaMigrate\(app, db\)"):
        of_app(app)


def test_a_db_of_another_app_is_an_error():
    app = Flask("shop")
    SchemaMigrate(app, SQLAlchemy())

    with pytest.raises(DatabaseNotInitialised, match=r"Call db\.init_app\(app\)"):
        of_app(app)


@pytest.mark.parametrize(
    ("given", "name"),
    [(Base, "Base"), (Base.metadata, "MetaData"), (sa.create_engine("sqlite://"), "Engine")],
)
def test_what_is_no_extension_in_its_place_is_named(given, name):
    app = Flask("shop")
    SchemaMigrate(app, given)

    with pytest.raises(DatabaseExpected, match=rf"was given {name} .*\n.*metadatas=Base, engines="):
        of_app(app)


def test_a_driver_that_is_not_installed_is_named_with_its_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg2", None)
    given = Environment.without_app("m", engines="postgresql+psycopg2://localhost/shop")

    with pytest.raises(DriverNotInstalled) as caught:
        given.bind()

    assert str(caught.value) == (
        "The database driver 'psycopg2' is not installed.\n"
        "Install it: pip install 'psycopg2-binary'"
    )


def test_a_driver_that_is_one_compiled_module_is_named_where_it_cannot_be_loaded(
    tmp_path, monkeypatch
):
    (tmp_path / f"pyodbc{sysconfig.get_config_var('EXT_SUFFIX')}").write_bytes(b"no library")
    monkeypatch.delitem(sys.modules, "pyodbc", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    given = Environment.without_app("m", engines="mssql+pyodbc://localhost/shop")

    with pytest.raises(
        DriverNotInstalled, match="'pyodbc' is not installed completely: "
    ) as caught:
        given.bind()

    assert caught.value.hint == "Install it: pip install 'pyodbc'"


def test_a_url_without_a_dialect_is_an_error_that_does_not_repeat_it():
    with pytest.raises(UnusableUrl) as caught:
        Environment.without_app("m", engines="app:hush@localhost").bind()

    assert "hush" not in str(caught.value)


def test_a_dialect_that_nobody_has_is_an_error():
    with pytest.raises(UnusableUrl, match=r"'default' cannot be used: .*postgres"):
        Environment.without_app("m", engines="postgres://localhost/shop").bind()


# Models


def test_packages_of_models_are_imported_with_all_in_them(package):
    package(
        {
            "shop/__init__.py": "",
            "shop/__main__.py": "raise SystemExit(1)",
            "shop/models/__init__.py": "",
            "shop/models/user.py": "",
            "shop/models/stock/__init__.py": "",
            "shop/models/stock/item.py": "",
        }
    )
    app = Flask("shop")
    SchemaMigrate(app, models=["shop"], engines="sqlite://", metadatas=Base)

    with app.app_context():
        imported = environment().load_models()

    assert imported == (
        "shop",
        "shop.models",
        "shop.models.stock",
        "shop.models.stock.item",
        "shop.models.user",
    )


def test_a_base_of_a_module_that_was_imported_anew_is_passed_over(package):
    package(
        {
            "stall/__init__.py": "",
            "stall/models.py": "from sqlalchemy.orm import DeclarativeBase, mapped_column\n"
            "class Model(DeclarativeBase): pass\n"
            "class User(Model):\n"
            "    __tablename__ = 'user'\n"
            "    id = mapped_column('id', __import__('sqlalchemy').Integer, primary_key=True)\n",
        }
    )
    before = import_module("stall.models")
    # The module had one more model then.
    said = {"__module__": "stall.models", "__tablename__": "gone"}
    gone: Any = type(
        "Gone", (before.Model,), {**said, "id": sa.Column(sa.Integer, primary_key=True)}
    )
    del sys.modules["stall.models"]
    now = import_module("stall.models")

    assert before.Model is not now.Model
    assert gone.metadata is before.Model.metadata
    assert models.metadatas(["stall.models"]) == (now.Model.metadata,)


def test_a_base_that_nobody_finds_where_it_says_counts_unless_another_has_its_tables(package):
    package({"market/__init__.py": "", "market/models.py": ""})
    module: Any = import_module("market.models")

    def base(name: str) -> Any:
        made: Any = type(name, (DeclarativeBase,), {"__module__": "market.models"})
        sa.Table("user", made.metadata, sa.Column("id", sa.Integer))
        return made

    hidden = base("Hidden")
    assert models.metadatas(["market.models"]) == (hidden.metadata,)

    module.Model = base("Model")
    assert models.metadatas(["market.models"]) == (module.Model.metadata,)


def test_a_base_that_is_made_anew_from_itself_still_counts(package):
    package({"kiosk/__init__.py": "", "kiosk/models.py": ""})
    module: Any = import_module("kiosk.models")
    first: Any = type("Model", (DeclarativeBase,), {"__module__": "kiosk.models"})
    module.Model = type("Model", (first,), {"__module__": "kiosk.models", "__abstract__": True})
    sa.Table("user", first.metadata, sa.Column("id", sa.Integer))

    assert models.metadatas(["kiosk.models"]) == (first.metadata,)


def test_models_are_imported_only_when_they_are_wanted(package):
    package({"shop/__init__.py": "raise RuntimeError"})
    app = Flask("main")
    SchemaMigrate(app, models=["shop"], engines="sqlite://", metadatas=Base)

    assert of_app(app)


def test_a_module_of_models_that_cannot_be_imported_is_named(package):
    package({"shop/__init__.py": "", "shop/models.py": "import no_such_thing"})
    app = Flask("main")
    SchemaMigrate(app, models="shop", engines="sqlite://", metadatas=Base)

    with app.app_context(), pytest.raises(ModelsNotImportable) as caught:
        environment().load_models()

    assert caught.value.message == (
        "The models in 'shop.models' could not be imported: "
        "ModuleNotFoundError: No module named 'no_such_thing'"
    )


def test_models_that_are_not_seen_are_told_how_to_be_seen():
    error = NoModelsSeen("default", modules=["shop"], vanishing=["user", "item"])

    assert error.message == (
        "The models of the bind 'default' name no table that is known. Imported were: shop. "
        "This would drop user, item."
    )
    assert "SchemaMigrate(app, db, models=['shop.models'])" in str(error)


def test_models_of_a_bind_without_a_database_are_left_out_with_a_warning(caplog):
    app = Flask("shop")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    db = SQLAlchemy(app)
    SchemaMigrate(app, db)
    db.metadatas["audit"] = sa.MetaData(info={"bind_key": "audit"})
    table("event", db.metadatas["audit"])

    with app.app_context():
        environment().load_models()

    assert caplog.messages == [
        "event: left out, because the bind 'audit' has no database in this app"
    ]


def test_models_are_asked_whose_they_are_if_no_database_has_any():
    app = Flask("shop")
    metadata = table("event", sa.MetaData()).metadata
    SchemaMigrate(app, engines={"a": "sqlite://", "b": "sqlite://"}, metadatas=metadata)

    with app.app_context(), pytest.raises(ModelsWithoutDatabase, match=r"metadatas=\{'NAME'"):
        environment().load_models()


# The rest


def test_what_code_says_of_schemas_goes_before_the_config():
    app = Flask("shop")
    app.config["SCHEMAMIGRATE_INCLUDE_SCHEMAS"] = ["audit"]
    SchemaMigrate(app, engines="sqlite://", metadatas=Base, include_schemas=True)

    with app.app_context():
        assert environment().include_schemas is True


def test_the_graph_is_read_from_the_files(tmp_path):
    versions = tmp_path / "versions"
    versions.mkdir()
    (versions / "ab12_first.py").write_text('revision = "ab12"\ndown_revision = None\n')
    given = Environment.without_app(tmp_path, engines="sqlite://", config=Config(cache=False))

    assert given.graph().heads == ("ab12",)


def test_the_dialect_speaks_for_the_binds_database():
    given = Environment.without_app("m", engines="sqlite://")

    assert given.dialect(given.bind()).title.lower() == "sqlite"
