"""What Alembic's configuration comes to, read without running it."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from flask_schemamigrate.commands.migrating import check
from flask_schemamigrate.environment.former import deciding_hooks
from flask_schemamigrate.errors import NoModelsSeen
from flask_schemamigrate.errors.files import InvalidSource
from flask_schemamigrate.errors.takeover import NoHistoryToImport, UnansweredHooks
from flask_schemamigrate.hooks import Hooks
from flask_schemamigrate.takeover.finding import Finding
from flask_schemamigrate.takeover.importing import import_alembic

ENV = """
from alembic import context
raise SystemExit("nobody runs this")

def include_object(object, name, type_, reflected, compare_to):
    return name != "spatial_ref_sys"

def run():
    with connect() as connection:
        connection.execute("SET search_path TO shop")
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            render_as_batch=True,
            transaction_per_migration=True,
            include_object=include_object,
            include_schemas=True,
            compare_type=True,
            version_table="versions_of_shop",
            version_table_schema="private",
            on_version_apply=tell,
        )
        with context.begin_transaction():
            context.run_migrations(tester=tester)
"""


@pytest.fixture
def imported(project):
    """What importing a project with these files comes to."""

    def imported(source=None, **files: str):
        made = project("a -> b")
        for name, text in files.items():
            path = made.folder / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        return import_alembic(made.environment, source and made.folder.parent / source)

    return imported


def test_the_ini_file_becomes_config_keys(imported):
    done = imported(
        alembic_ini="[alembic]\nscript_location = %(here)s\nfile_template = %%(rev)s_%%(slug)s\n"
        "timezone = Europe/Vienna\nrecursive_version_locations = true\n"
        "sqlalchemy.url = driver://user:secret@host/db\nversion_locations = %(here)s/versions\n"
        "[post_write_hooks]\nhooks = black\nblack.type = console_scripts\n"
        "black.entrypoint = black\nblack.options = -l 79 REVISION_SCRIPT_FILENAME\n"
    )

    assert done.settings == {
        "SCHEMAMIGRATE_FILE_TEMPLATE": "%(rev)s_%(slug)s",
        "SCHEMAMIGRATE_TIMEZONE": "Europe/Vienna",
        "SCHEMAMIGRATE_RECURSIVE": True,
        "SCHEMAMIGRATE_POST_WRITE_HOOKS": [
            {
                "type": "console_scripts",
                "entrypoint": "black",
                "options": "-l 79 REVISION_SCRIPT_FILENAME",
            }
        ],
    }
    assert done.findings == ()


def test_folders_that_the_ini_file_names_are_given_from_the_root_of_the_project(project):
    made = project("a -> b")
    inner = made.folder.parent / "backend" / "alembic"
    (inner / "versions").mkdir(parents=True)
    (inner / "more").mkdir()
    (inner.parent / "alembic.ini").write_text(
        "[alembic]\nscript_location = alembic\npath_separator = space\n"
        "version_locations = alembic/versions\n  alembic/more alembic/gone\n"
    )
    shutil.copy(made.folder / "versions" / "a.py", inner / "versions" / "a.py")

    done = import_alembic(made.environment, inner)

    assert done.settings == {
        "SCHEMAMIGRATE_DIRECTORY": "backend/alembic",
        "SCHEMAMIGRATE_VERSION_LOCATIONS": ["backend/alembic/versions", "backend/alembic/more"],
    }
    assert [(each.file, each.line, each.text) for each in done.findings] == [
        ("backend/alembic.ini", 4, "version_locations names alembic/gone, which is not there")
    ]


def test_a_folder_whose_revisions_are_not_in_versions_is_one_of_the_locations(project):
    made = project("a -> b")
    (made.folder / "versions").rename(made.folder / "main")

    done = import_alembic(made.environment)

    assert done.settings == {
        "SCHEMAMIGRATE_VERSION_LOCATIONS": ["migrations"],
        "SCHEMAMIGRATE_RECURSIVE": True,
    }
    pasted = made.configured(version_locations=("migrations",), recursive=True)
    assert pasted.upgrade()


def test_revisions_put_aside_inside_the_folder_stay_aside(project):
    made = project("a -> b")
    (made.folder / "alembic.ini").write_text("[alembic]\n")
    aside = made.folder / "versions" / "old"
    aside.mkdir()
    (made.folder / "versions" / "b.py").rename(aside / "b.py")

    assert import_alembic(made.environment).settings == {}


def test_env_py_becomes_config_keys_keywords_and_places_to_look_at(imported):
    done = imported(env_py=ENV)

    assert done.settings == {
        "SCHEMAMIGRATE_INCLUDE_SCHEMAS": True,
        "SCHEMAMIGRATE_ALEMBIC_VERSION_TABLE": "versions_of_shop",
        "SCHEMAMIGRATE_ALEMBIC_VERSION_SCHEMA": "private",
    }
    assert done.keywords == {"include_object": ("include_object", "migrations/env.py:16")}
    assert [(each.line, each.text.partition(":")[0]) for each in done.findings] == [
        (10, "connection.execute('SET search_path TO shop')"),
        (21, "tell() can be told by the app's signals"),
        (24, "revisions are given tester"),
    ]
    assert done.ignored == ("migrations/env.py",)


def test_what_env_py_registered_or_sent_is_named_with_what_takes_its_place(project):
    made = project("a -> b")
    (made.folder / "env.py").write_text(
        "from alembic.operations import Operations\n"
        "@Operations.register_operation('drop_sp')\nclass DropSP: pass\n"
        "@Operations.implementation_for(DropSP)\n"
        "def drop_sp(operations, operation):\n    operations.execute('DROP FUNCTION f')\n"
        "def run():\n    connection.execute(text('SET lock_timeout = 1000'))\n"
    )
    (made.folder / "versions" / "a.py").write_text(
        "from alembic import op\nrevision = 'a'\n\n\ndef upgrade():\n    op.drop_sp('f')\n"
    )
    found = import_alembic(made.environment).findings

    assert [(each.file.rpartition("/")[2], each.line) for each in found] == [
        ("env.py", 2),
        ("env.py", 8),
        ("a.py", 6),
    ]
    assert "op.drop_sp() is registered here: do that in a module" in found[0].text
    assert "SCHEMAMIGRATE_LOCK_TIMEOUT" in found[1].text


def test_what_plugins_compare_and_geoalchemys_helpers_are_told_of(imported):
    done = imported(
        env_py="from alembic.autogenerate import comparators, renderers\n"
        "from geoalchemy2 import alembic_helpers\n"
        "register_entities([view])\n"
        "@comparators.dispatch_for('schema')\ndef compare(*_): pass\n"
        "@renderers.dispatch_for(Created)\ndef render(*_): pass\n"
        "context.configure(\n"
        "    process_revision_directives=alembic_helpers.writer,\n"
        "    include_object=alembic_helpers.include_object,\n"
        "    render_item=alembic_helpers.render_item,\n"
        ")\n"
    )

    assert list(done.keywords) == ["include_object"]
    assert [(each.line, each.text.partition(":")[0]) for each in done.findings] == [
        (3, "register_entities() has nothing compared here"),
        (4, "comparators.dispatch_for() has nothing compared here"),
        (6, "renderers.dispatch_for() has nothing compared here"),
        (9, "alembic_helpers.writer is not needed"),
        (11, "alembic_helpers.render_item is not needed"),
    ]


def test_the_function_of_flask_migrates_template_needs_no_answer(imported):
    done = imported(
        env_py="def process_revision_directives(context, revision, directives):\n"
        "    logger.info('No changes in schema detected.')\n"
        "conf_args['process_revision_directives'] = process_revision_directives\n"
        "context.configure(connection=connection, **conf_args)\n"
    )

    assert done.keywords == {}


def test_another_function_beside_that_of_the_template_is_named(imported):
    done = imported(
        env_py="def process_revision_directives(context, revision, directives):\n"
        "    logger.info('No changes in schema detected.')\n"
        "context.configure(process_revision_directives=helpers.writer)\n"
    )

    assert done.keywords == {
        "process_revision_directives": ("helpers.writer", "migrations/env.py:3")
    }
    (look,) = done.findings
    assert look.line == 3
    assert "gets operations of flask_schemamigrate.operations" in look.text


def test_options_in_a_call_of_dict_and_folders_set_by_env_py_are_seen(imported):
    done = imported(
        env_py="options = dict(include_object=chosen, version_table='versions')\n"
        "context.script.version_locations = [there]\ncontext.configure(**options)\n"
    )

    assert done.settings == {"SCHEMAMIGRATE_ALEMBIC_VERSION_TABLE": "versions"}
    assert done.keywords == {"include_object": ("chosen", "migrations/env.py:1")}
    assert [(each.line, each.text) for each in done.findings] == [
        (2, "version_locations is [there]: set SCHEMAMIGRATE_VERSION_LOCATIONS to it")
    ]


def test_the_table_in_pyproject_is_read_as_well(tmp_path, imported):
    (tmp_path / "pyproject.toml").write_text(
        '[tool.alembic]\nscript_location = "%(here)s/migrations"\ntimezone = "UTC"\n'
    )

    assert imported().settings == {"SCHEMAMIGRATE_TIMEZONE": "UTC"}


def test_another_folder_is_named_and_becomes_the_one_of_the_revisions(project):
    made = project("a -> b")
    elsewhere = replace(made, folder=made.folder.parent / "nowhere")

    done = import_alembic(elsewhere.environment, made.folder)

    assert done.files == 2
    assert done.settings == {"SCHEMAMIGRATE_DIRECTORY": "migrations"}


def test_a_folder_without_revisions_is_refused_with_what_to_type(tmp_path, project):
    (tmp_path / "empty").mkdir()

    with pytest.raises(NoHistoryToImport, match="'flask db import-alembic --from FOLDER'"):
        import_alembic(project("a").environment, tmp_path / "empty")


def test_one_file_with_a_mistake_leaves_all_as_they_were(project):
    made = project("a -> b")
    first, second = sorted((made.folder / "versions").glob("*.py"))
    before = "from alembic import op\n" + first.read_text()
    first.write_text(before)
    second.write_text("def upgrade(:\n")

    with pytest.raises(InvalidSource, match=second.name):
        import_alembic(made.environment)

    assert first.read_text() == before


def test_a_file_that_is_a_link_stays_one(tmp_path, project):
    made = project("a")
    (link,) = (made.folder / "versions").glob("*.py")
    file = link.rename(tmp_path / "elsewhere.py")
    file.write_text("from alembic import op\n" + file.read_text())
    link.symlink_to(file)

    import_alembic(made.environment)

    assert link.is_symlink()
    assert "alembic" not in file.read_text()


def test_plugins_operations_and_imports_without_counterpart_are_named(project):
    made = project("a")
    (made.folder / "versions" / "z.py").write_text(
        "from alembic import op\nfrom alembic.config import Config\n"
        "from alembic_postgresql_enum import TableReference\nrevision = 'z'\n"
        "down_revision = None\n\n\ndef upgrade():\n    op.sync_enum_values('x')\n"
        "    with op.batch_alter_table('t') as batch:\n"
        "        batch.create_geospatial_index('i')\n        batch.drop_column('c')\n"
        "    op.add_enum_value(enum_name='e', new_value='v')\n"
    )

    found = import_alembic(made.environment, dry_run=True).findings

    assert [(each.line, each.text) for each in found] == [
        (2, "alembic.config.Config has no counterpart: it needs Alembic"),
        (
            3,
            "alembic_postgresql_enum.TableReference belongs to alembic-postgresql-enum, which "
            "registers with Alembic",
        ),
        (9, "op.sync_enum_values() is an operation of alembic-postgresql-enum: register it"),
        (11, "batch.create_geospatial_index() is an operation of GeoAlchemy2: register it"),
        (
            13,
            "op.add_enum_value() is of alembic-postgresql-enum: register it, or ours of that name "
            "runs",
        ),
    ]


def test_functions_that_are_imported_one_by_one_are_named_once(project):
    made = project("a")
    (made.folder / "versions" / "z.py").write_text(
        "from alembic.op import add_column, drop_column, execute\n"
        "revision = 'z'\ndown_revision = None\n"
    )
    (found,) = import_alembic(made.environment, dry_run=True).findings
    assert (found.line, found.text) == (
        1,
        "functions of alembic.op stay as they are, and are answered on loading",
    )


def test_a_revision_that_only_alembic_reads_is_named(project):
    made = project("a -> b")
    versions = made.folder / "versions"
    (versions / "_c.py").write_text('revision = "c"\ndown_revision = "b"\n')
    (versions / "_helper.py").write_text("def table(): ...\n")
    text = "a revision whose name begins with '_' is passed over: rename the file"
    assert import_alembic(made.environment).findings == (
        Finding("migrations/versions/_c.py", 1, text),
    )


def test_modules_of_the_app_that_revisions_import_are_named_with_what_to_import(project):
    made = project("a -> b")
    root = made.folder.parent
    (root / "shop").mkdir()
    (root / "shop" / "__init__.py").write_text("")
    (root / "shop" / "tables.py").write_text("from . import common\n")
    (root / "shop" / "common.py").write_text("import sys\nfrom alembic import command, op\n")
    (root / "shop" / "other.py").write_text("from alembic import op\n")
    (made.folder / "versions" / "a.py").write_text(
        "from alembic import op\nfrom shop.tables import person\nrevision = 'a'\n"
    )
    done = import_alembic(made.environment)

    assert [(each.file, each.line) for each in done.findings] == [("shop/common.py", 2)]
    assert "import 'op' from flask_schemamigrate" in done.findings[0].text


def test_nothing_is_compared_while_a_deciding_function_is_not_answered(project):
    made = project("a")
    made.upgrade()
    (made.folder / "env.py").write_text(ENV)

    with pytest.raises(UnansweredHooks, match=r"include_object  .*env\.py:16") as caught:
        check(made.environment)

    assert caught.value.exit_code == 5
    answered = [
        made.configured(ignored_hooks=("include_object",)),
        replace(made, hooks=Hooks(include_object=lambda *_: True)),
    ]
    for each in answered:
        with pytest.raises(NoModelsSeen):
            check(each.environment)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("context.configure(include_object=None)", []),
        ("context.configure(include_name=f)", ["include_name"]),
        ("options['include_object'] = f", ["include_object"]),
        ("options = {'include_object': f}", ["include_object"]),
        ("not python (", []),
    ],
)
def test_deciding_functions_are_found_however_they_are_given(tmp_path, source, found):
    path = tmp_path / "env.py"
    path.write_text(source)

    assert [name for name, _ in deciding_hooks(path)] == found
