"""What scripts written for Alembic do besides importing it."""

from __future__ import annotations

from zipfile import ZipFile

import pytest

from flask_schemamigrate.commands import scripting
from flask_schemamigrate.commands.planning import upgrade_plan
from flask_schemamigrate.errors import SchemaMigrateError
from flask_schemamigrate.operations import custom


@pytest.fixture
def script(project):
    """A project of one revision that says this."""

    def script(source: str, **config):
        made = project("a", **config)
        (made.folder / "versions" / "a.py").write_text(
            f"import sqlalchemy as sa\nfrom alembic import context, op\nrevision = 'a'\n{source}\n"
        )
        return made

    return script


def test_functions_get_the_configured_arguments_they_have_names_for(script):
    made = script(
        "def upgrade(tables, tester=None, **more):\n"
        "    op.execute(f'CREATE TABLE {tables} ({tester} INTEGER, {more[\"extra\"]} INTEGER)')\n",
        revision_arguments=lambda: {"tables": "t", "tester": "x", "extra": "y"},
    )
    made.upgrade()

    assert made.database.rows("SELECT x, y FROM t") == []


def test_arguments_that_nobody_gives_are_named_with_the_key_that_gives_them(script):
    made = script("def upgrade(tables, tester): pass")

    with pytest.raises(SchemaMigrateError, match="take tables, tester, which nobody gives") as it:
        made.upgrade()

    assert "SCHEMAMIGRATE_REVISION_ARGUMENTS = {'tables': ...," in str(it.value)


def test_flask_migrates_functions_for_each_bind_are_called_by_its_name(script):
    made = script(
        "def upgrade(engine_name):\n    globals()['upgrade_%s' % engine_name]()\n"
        "def upgrade_(): op.execute('CREATE TABLE t (id INTEGER)')\n"
        "def upgrade_other(): raise AssertionError\n"
    )
    made.upgrade()

    assert made.database.rows("SELECT * FROM t") == []


def test_an_operation_that_nobody_registered_names_the_file_and_the_likely_plugin(script):
    made = script("def upgrade():\n    op.create_entity(1)\n")

    with pytest.raises(SchemaMigrateError) as caught:
        made.upgrade()

    text = str(caught.value)
    assert "There is no operation 'op.create_entity'." in text
    assert "a.py:5" in text
    assert "It is likely that of alembic_utils." in text


def test_an_operation_registered_for_batches_knows_its_table(script):
    made = script(
        "from alembic.operations import BatchOperations, MigrateOperation, Operations\n\n\n"
        "@BatchOperations.register_operation('note', 'batch_note')\n"
        "class Note(MigrateOperation):\n"
        "    def __init__(self, table): self.table = table\n"
        "    @classmethod\n"
        "    def batch_note(cls, operations):\n"
        "        return operations.invoke(cls(operations.impl.table_name))\n\n\n"
        "@Operations.implementation_for(Note)\n"
        "def note(operations, operation):\n"
        "    operations.execute(f'INSERT INTO {operation.table} VALUES (7)')\n\n\n"
        "def upgrade():\n"
        "    op.create_table('t', sa.Column('id', sa.Integer))\n"
        "    with op.batch_alter_table('t') as batch:\n"
        "        batch.note()\n"
    )
    made.upgrade()

    assert made.database.rows("SELECT id FROM t") == [(7,)]


def test_the_context_answers_for_what_alembic_configured(script):
    made = script(
        "def upgrade():\n"
        "    config = op.get_context().config\n"
        "    config.attributes['seen'] = True\n"
        "    names = [config.get_main_option('own'), config.get_section('other')['a']]\n"
        "    names += [config.get_main_option('sqlalchemy.url')[:6], config.history_table]\n"
        "    op.create_table('t', *(sa.Column(name, sa.Integer) for name in names))\n"
    )
    (made.folder / "alembic.ini").write_text("[alembic]\nown = mine\n[other]\na = b\n")
    made.upgrade()

    columns = [column for _, column, *_ in made.database.rows("PRAGMA table_info(t)")]
    assert columns == ["mine", "b", "sqlite", "schemamigrate_history"]


@pytest.mark.parametrize("ini", ["", "[alembic]\nsqlalchemy.url = of the ini\n"])
def test_the_main_section_has_the_url_that_env_py_put_there(script, ini):
    made = script(
        "def upgrade():\n"
        "    config = op.get_context().config\n"
        "    section = config.get_section(config.config_ini_section)\n"
        "    engine = sa.engine_from_config(section, prefix='sqlalchemy.')\n"
        "    assert config.get_section_option('alembic', 'sqlalchemy.url') == str(engine.url)\n"
        "    if not sa.inspect(engine).has_table('t'):\n"
        "        op.create_table('t', sa.Column('id', sa.Integer))\n"
    )
    (made.folder / "alembic.ini").write_text(ini)
    made.database.execute("CREATE TABLE t (a INTEGER)")

    assert [done.revision for done in made.upgrade()] == ["a"]


def test_functions_that_are_imported_one_by_one_speak_to_the_run(script):
    revision = script(
        "from alembic.context import get_context\nfrom alembic.op import get_bind\n"
        "revision = 'a'\n\n\ndef upgrade():\n"
        "    assert get_context().dialect is get_bind().dialect\n"
    )
    assert [done.revision for done in revision.upgrade()] == ["a"]


def test_a_script_that_stops_with_alembics_error_ends_the_run_with_its_message(script):
    made = script(
        "from alembic.util import CommandError\n\n\n"
        "def upgrade():\n    raise CommandError('not on this server')\n"
    )

    with pytest.raises(SchemaMigrateError, match="not on this server"):
        made.upgrade()


@pytest.mark.parametrize("drop", ["drop_constraint('none')", "drop_index('none')"])
def test_a_script_may_try_to_drop_in_a_batch_what_may_not_be_there(script, drop):
    made = script(
        "def upgrade():\n"
        "    op.create_table('t', sa.Column('id', sa.Integer))\n"
        "    try:\n"
        f"        with op.batch_alter_table('t') as batch:\n            batch.{drop}\n"
        "    except ValueError:\n"
        "        pass\n"
        "    op.add_column('t', sa.Column('a', sa.Integer))\n"
    )
    made.upgrade()

    assert [column for _, column, *_ in made.database.rows("PRAGMA table_info(t)")] == ["id", "a"]


@pytest.mark.parametrize(
    ("what", "caught"),
    [
        ("op.add_column('t', sa.Column('id', sa.Integer))", "Exception"),
        ("op.drop_constraint('none', 't', type_='unique')", "Exception"),
        *(
            (what, f"sa.exc.{error}Error")
            for error in ("Operational", "Programming", "SQLAlchemy")
            for what in (
                "op.add_column('t', sa.Column('id', sa.Integer))",
                "op.drop_column('t', 'none')",
                "op.drop_constraint('none', 't', type_='unique')",
                "op.drop_index('none', 't')",
                "op.drop_table('none')",
            )
        ),
        ("op.execute('DROP TABLE none')", "sa.exc.OperationalError"),
        ("op.bulk_insert(sa.table('t', sa.column('id')), [{'id': None}])", "sa.exc.IntegrityError"),
    ],
)
def test_a_script_catches_what_goes_wrong_where_it_says_it(script, what, caught):
    made = script(
        "def upgrade():\n"
        "    op.create_table('t', sa.Column('id', sa.Text, nullable=False))\n"
        "    op.add_column('t', sa.Column('a', sa.Integer))\n"
        f"    try:\n        {what}\n"
        f"    except {caught}:\n        op.add_column('t', sa.Column('b', sa.Integer))\n"
    )
    made.upgrade()

    columns = [column for _, column, *_ in made.database.rows("PRAGMA table_info(t)")]
    assert columns == ["id", "a", "b"]


@pytest.mark.parametrize(
    ("imported", "called"),
    [("from {} import perhaps", "perhaps"), ("import {}", "{}.perhaps")],
)
@pytest.mark.parametrize(
    "body",
    [
        "    try:\n        op.add_column('t', sa.Column('id', sa.Integer))\n"
        "    except Exception:\n        op.execute('CREATE TABLE caught (id INTEGER)')\n",
        "    with suppress(Exception):\n        op.add_column('t', sa.Column('id', sa.Integer))\n"
        "        return\n    op.execute('CREATE TABLE caught (id INTEGER)')\n",
    ],
)
def test_a_helper_catches_what_goes_wrong_where_it_says_it(
    script, tmp_path, monkeypatch, imported, called, body
):
    name = f"helper_{tmp_path.name}"
    made = script(
        f"{imported.format(name)}\n"
        "def upgrade():\n"
        "    op.create_table('t', sa.Column('id', sa.Integer))\n"
        f"    {called.format(name)}()\n"
        "    op.add_column('t', sa.Column('a', sa.Integer))\n"
    )
    (made.folder / f"{name}.py").write_text(
        "import sqlalchemy as sa\nfrom contextlib import suppress\nfrom alembic import op\n\n\n"
        f"def perhaps():\n{body}"
    )
    monkeypatch.syspath_prepend(str(made.folder))
    made.upgrade()

    assert made.database.rows("SELECT name FROM sqlite_master WHERE name = 'caught'")


def test_a_construct_that_one_database_alone_can_spell_is_carried_out(script):
    made = script(
        "from sqlalchemy.ext.compiler import compiles\n\n\n"
        "class Made(sa.sql.expression.Executable, sa.sql.expression.ClauseElement):\n"
        "    inherit_cache = False\n\n\n"
        "@compiles(Made, 'sqlite')\n"
        "def text(element, compiler, **kw):\n    return 'CREATE TABLE t (a INTEGER)'\n\n\n"
        "def upgrade():\n    op.execute(Made())\n"
    )
    (plan,) = upgrade_plan(made.environment)
    made.upgrade()

    assert plan.steps[0].operation == "execute CREATE TABLE t (a INTEGER)"
    assert made.database.rows("SELECT * FROM t") == []


def test_a_helper_may_come_out_of_an_archive(script, monkeypatch):
    made = script("import archived\ndef upgrade(): archived.make()")
    archive = made.folder.parent / "archive.zip"
    with ZipFile(archive, "w") as packed:
        packed.writestr(
            "archived.py",
            "from flask_schemamigrate import op\n"
            "def make(): op.execute('CREATE TABLE t (a INTEGER)')\n",
        )
    monkeypatch.syspath_prepend(str(archive))
    made.upgrade()

    assert made.database.rows("SELECT * FROM t") == []


def test_a_script_that_was_rewritten_meanwhile_may_ask_for_the_connection(script):
    made = script(
        "def upgrade(): op.create_table('t', sa.Column('id', sa.Integer))\n"
        "def downgrade(): op.get_bind().exec_driver_sql('DROP TABLE t')\n"
    )
    made.upgrade()
    file = made.folder / "versions" / "a.py"
    file.write_text(file.read_text().replace("alembic import", "flask_schemamigrate import"))

    assert [done.revision for done in made.downgrade("base")] == ["a"]
    assert made.current() == ()


def test_a_module_beside_the_folder_of_the_revisions_is_adapted_too(script, monkeypatch):
    made = script("import helper_of_scripts\ndef upgrade(): helper_of_scripts.make()")
    (made.folder / "helper_of_scripts.py").write_text(
        "from alembic import op\ndef make(): op.execute('CREATE TABLE t (id INTEGER)')\n"
    )
    monkeypatch.syspath_prepend(str(made.folder))
    made.upgrade()

    assert made.database.rows("SELECT * FROM t") == []


def test_a_module_of_the_app_that_only_revisions_import_is_adapted_too(script, monkeypatch):
    made = script("import helper_of_the_app\ndef upgrade(): helper_of_the_app.make()")
    (made.folder / "env.py").touch()
    (made.folder.parent / "helper_of_the_app.py").write_text(
        "from alembic import op\ndef make(): op.execute('CREATE TABLE t (id INTEGER)')\n"
    )
    monkeypatch.syspath_prepend(str(made.folder.parent))
    made.upgrade()

    assert made.database.rows("SELECT * FROM t") == []


def test_a_script_without_downgrade_says_so_and_changes_nothing(script):
    made = script("def upgrade(): op.execute('CREATE TABLE t (id INTEGER)')")
    made.upgrade()

    with pytest.raises(SchemaMigrateError, match=r"has no downgrade\(\)"):
        made.downgrade()

    assert made.current() == ("a",)


@pytest.mark.parametrize(
    "header",
    [
        "branch_labels = ()\ndepends_on = ''",
        "down_revision = ()",
        "down_revision: str | None = None\nbranch_labels: tuple = ('x',)",
        "branch_labels = {'x'}\ndepends_on = []",
        "depends_on = tuple(name for name in ())",
    ],
)
def test_headers_of_every_form_are_read(script, header):
    assert [done.revision for done in script(f"{header}\ndef upgrade(): pass").upgrade()] == ["a"]


@pytest.mark.parametrize(("library", "left"), [("alembic", ["mood"]), ("flask_schemamigrate", [])])
def test_an_enum_type_goes_with_its_last_column_except_where_alembic_leaves_it(
    project, postgresql, library, left
):
    made = project("a")
    made.database = postgresql
    (made.folder / "versions" / "a.py").write_text(
        f"# Of alembic's time.\nimport sqlalchemy as sa\nfrom {library} import op\n"
        "revision = 'a'\n\n\ndef upgrade():\n"
        "    op.create_table('pet', sa.Column('mood', sa.Enum('good', 'bad', name='mood')))\n"
        "    op.drop_table('pet')\n"
    )
    made.upgrade()

    types = postgresql.rows("SELECT typname FROM pg_type WHERE typtype = 'e'")
    assert [name for (name,) in types] == left


HEADER = """'''{id}

Revision ID: {id}
Revises: {below}
Create Date: 2020-01-01 00:00:00
'''
import sqlalchemy as sa
from {library} import op
revision = {id!r}
down_revision = {below!r}
"""


@pytest.mark.parametrize("library", ["alembic", "flask_schemamigrate"])
@pytest.mark.parametrize("together", [False, True])
def test_the_index_of_a_foreign_key_stays_for_a_revision_that_drops_it(
    project, mariadb, library, together
):
    made = project("a -> b -> c")
    made.database = mariadb
    key = "op.drop_constraint('fk', 'pet', type_='foreignkey')"
    index = "op.drop_index('fk', 'pet')"
    bodies = {
        "a": (
            "op.create_table('owner', sa.Column('id', sa.Integer, primary_key=True))\n"
            "    op.create_table('pet', sa.Column('owner', sa.Integer))\n"
            "    op.create_foreign_key('fk', 'pet', 'owner', ['owner'], ['id'])"
        ),
        "b": f"{key}; {index}" if together else key,
        "c": "pass" if together else index,
    }
    for id, below in (("a", None), ("b", "a"), ("c", "b")):
        (made.folder / "versions" / f"{id}.py").write_text(
            HEADER.format(id=id, below=below, library=library)
            + f"\n\ndef upgrade():\n    {bodies[id]}\n"
        )
    made.upgrade()

    (shown,) = mariadb.rows("SHOW CREATE TABLE pet")
    assert "KEY" not in shown[1]


def test_an_enum_gets_the_values_that_a_revision_takes_for_granted(project, mariadb):
    made = project("a")
    made.database = mariadb
    (made.folder / "versions" / "a.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'a'\n\n\ndef upgrade():\n"
        "    op.create_table('pet', sa.Column('mood', sa.Enum('good', 'bad')))\n"
        "    op.execute(\"INSERT INTO pet VALUES ('bad')\")\n"
        "    mood = sa.Enum('good', 'bad', 'sleepy')\n"
        "    op.alter_column('pet', 'mood', existing_type=mood, nullable=False)\n"
        "    op.execute(\"INSERT INTO pet VALUES ('sleepy')\")\n"
    )
    made.upgrade()

    assert sorted(mariadb.rows("SELECT mood FROM pet")) == [("bad",), ("sleepy",)]


def test_a_table_made_from_a_reflected_one_numbers_its_own_rows(project, postgresql):
    made = project("a")
    made.database = postgresql
    (made.folder / "versions" / "a.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'a'\n\n\ndef upgrade():\n"
        "    op.create_table('pet', sa.Column('id', sa.Integer, primary_key=True))\n"
        "    pet = sa.Table('pet', sa.MetaData(), autoload_with=op.get_bind())\n"
        "    op.create_table('shadow_pet', *[column._copy() for column in pet.columns])\n"
        "    op.drop_table('pet')\n"
        "    op.execute('INSERT INTO shadow_pet DEFAULT VALUES')\n"
    )
    made.upgrade()

    assert postgresql.rows("SELECT id FROM shadow_pet") == [(1,)]
    (sequence,) = postgresql.rows("SELECT pg_get_serial_sequence('shadow_pet', 'id')")
    assert sequence == ("public.shadow_pet_id_seq",)


def test_an_inline_literal_is_text_in_a_string_too(script):
    made = script(
        "def upgrade():\n"
        '    literal = op.inline_literal("it\'s")\n'
        '    op.execute(f"CREATE TABLE t (a TEXT DEFAULT {literal}, b INTEGER)")\n'
        "    t = sa.table('t', sa.column('b'))\n"
        "    for number in (1, 2):\n"
        "        op.get_bind().execute(t.insert().values(b=op.inline_literal(number)))\n"
    )
    made.upgrade()

    assert made.database.rows("SELECT * FROM t") == [("it's", 1), ("it's", 2)]


NAMESAKE = (
    "from alembic.operations import MigrateOperation, Operations\n\n\n"
    "@Operations.register_operation('rename_enum')\n"
    "class Renamed(MigrateOperation):\n"
    "    @classmethod\n"
    "    def rename_enum(cls, operations, table, *, to):\n"
    "        operations.rename_table(table, to)\n\n\n"
    "def upgrade():\n"
    "    op.execute('CREATE TABLE one (id INTEGER)')\n"
    "    op.rename_enum('one', to='two')\n"
)


@pytest.fixture
def registry():
    """What a test registers is forgotten after it."""
    before = dict(custom.REGISTERED)
    yield
    custom.REGISTERED.clear()
    custom.REGISTERED.update(before)


@pytest.mark.usefixtures("registry")
def test_a_file_written_for_alembic_means_a_plugins_operation_and_not_ours_of_that_name(script):
    made = script(NAMESAKE)
    made.upgrade()

    assert made.database.rows("SELECT * FROM two") == []


def test_a_plugin_may_hand_columns_and_indexes_to_the_implementation(script):
    made = script(
        "from alembic.operations import BatchOperations, MigrateOperation, Operations\n\n\n"
        "@BatchOperations.register_operation('add_indexed', 'batch_add_indexed')\n"
        "class AddIndexed(MigrateOperation):\n"
        "    def __init__(self, table, column): self.table, self.column = table, column\n"
        "    @classmethod\n"
        "    def batch_add_indexed(cls, operations, column):\n"
        "        return operations.invoke(cls(operations.impl.table_name, column))\n\n\n"
        "@Operations.implementation_for(AddIndexed)\n"
        "def add_indexed(operations, operation):\n"
        "    column = operation.column\n"
        "    operations.impl.add_column(operation.table, column, schema=None)\n"
        "    table = sa.Table(operation.table, sa.MetaData(), sa.Column(column.name))\n"
        "    index = sa.Index('ix_t_' + column.name, table.c[column.name], unique=True)\n"
        "    operations.impl.create_index(index)\n\n\n"
        "def upgrade():\n"
        "    op.create_table('t', sa.Column('id', sa.Integer), sa.Column('old', sa.Integer))\n"
        "    with op.batch_alter_table('t') as batch:\n"
        "        batch.add_indexed(sa.Column('a', sa.Integer))\n"
        "        batch.add_indexed(sa.Column('b', sa.Integer))\n"
        "    table = sa.Table('t', sa.MetaData(), sa.Column('old'), sa.Column('a'))\n"
        "    op.get_context().impl.drop_index(sa.Index('ix_t_a', table.c.a))\n"
        "    op.get_context().impl.drop_column('t', table.c.old, schema=None)\n"
    )
    made.upgrade()

    assert made.database.rows("SELECT id, a, b FROM t") == []
    indexes = made.database.rows("SELECT name FROM sqlite_master WHERE type = 'index'")
    assert ("ix_t_b",) in indexes
    assert ("ix_t_a",) not in indexes


def test_static_output_goes_into_a_script_as_it_is(script):
    made = script("def upgrade():\n    op.get_context().impl.static_output('SELECT 1::text')\n")

    written = "".join(scripting.upgrade_script(made.environment, "head"))
    assert "SELECT 1::text;" in written
