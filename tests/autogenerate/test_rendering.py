"""The source of a revision: as ruff leaves it, importable anywhere, the same every time."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from flask_schemamigrate import dialects
from flask_schemamigrate.autogenerate import Answers, Difference, Options, render, resolve
from flask_schemamigrate.autogenerate.render.layout import call, lines, quoted
from flask_schemamigrate.autogenerate.render.source import body
from flask_schemamigrate.autogenerate.render.writing import Writing
from flask_schemamigrate.errors import NotRenderable
from flask_schemamigrate.operations import (
    AddEnumValue,
    BulkInsert,
    CreateEnum,
    CreateNamespace,
    CreateSequence,
    CustomOperation,
    DropEnum,
    DropNamespace,
    DropSequence,
    Execute,
    Operation,
    RenameEnum,
    RenameEnumValue,
    SetEnumValues,
    Upsert,
    ValidateConstraint,
)
from flask_schemamigrate.schema import Check, Column, Enum, Schema, Sequence, Table, Type
from tests.autogenerate.cases import CASES
from tests.autogenerate.models import ck, col, fk, ix, metadata, t, table
from tests.autogenerate.unchanged import UNCHANGED, Reversed, Upper
from tests.databases.servers import KINDS

POSTGRESQL = dialects.for_dialect(postgresql.dialect())


def as_file(source) -> str:
    """The bodies in a file, as the template puts them there."""
    bodies = [
        "\n".join(f"    {line}" if line else "" for line in body) or "    pass"
        for body in (source.upgrade, source.downgrade)
    ]
    imports = "\n".join(source.imports)
    return f"{imports}\n\n\ndef upgrade():\n{bodies[0]}\n\n\ndef downgrade():\n{bodies[1]}\n"


@pytest.mark.parametrize("kind", KINDS)
def test_ruff_would_change_nothing(new_room, tmp_path, kind):
    room = new_room(kind)
    for number, case in enumerate(CASES.values()):
        if kind not in case.on or number % 3:
            continue
        room.clear()
        source = room.reach(metadata(*case.before))
        (tmp_path / f"create_{number}.py").write_text(as_file(source))
        source = room.written(room.resolved(metadata(*case.after), case.answers))
        (tmp_path / f"change_{number}.py").write_text(as_file(source))
    command = ["ruff", "format", "--diff", "--isolated", "--line-length", "88", str(tmp_path)]
    done = subprocess.run(
        [Path(sys.executable).with_name(command[0]), *command[1:]],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_a_bare_interpreter_imports_what_was_written(new_room, tmp_path, kind):
    room = new_room(kind)
    models = [table(f"t{n}", col("a", each)) for n, each in enumerate((Upper(), Reversed()))]
    source = room.written(room.resolved(metadata(*models)))
    file = tmp_path / "revision.py"
    file.write_text(as_file(source))
    assert "tests" not in file.read_text()
    subprocess.run([sys.executable, "-I", file], check=True)


def test_the_same_models_give_the_same_text_whatever_the_hash_seed(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(root=str(Path(__file__).parents[2])))
    texts = {
        subprocess.run(
            [sys.executable, program],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(texts) == 1


PROGRAM = """
import sys
sys.path.insert(0, {root!r})
from sqlalchemy.dialects import postgresql
from flask_schemamigrate import dialects
from flask_schemamigrate.autogenerate import Difference, Options, render, resolve
from flask_schemamigrate.schema import Schema
from tests.autogenerate.models import metadata
from tests.autogenerate.unchanged import FORMS
dialect = dialects.for_dialect(postgresql.dialect())
for tables, on in FORMS.values():
    if "postgresql" in on:
        wanted = dialect.spelling.schema([metadata(*tables)])
        found = resolve(Difference(Schema(), wanted), dialect=dialect)
        print(render(found, dialect))
"""


def test_a_table_is_written_an_item_per_line(new_room):
    room = new_room("sqlite")
    models = metadata(
        table("author", col("name", sa.String(50), nullable=False, unique=True)),
        table(
            "book",
            col("title", sa.String(100), index=True, server_default="it's"),
            col("author_id", sa.Integer, fk("author.id", ondelete="CASCADE")),
            ck("length(title) > 0", name="titled"),
        ),
    )
    assert room.written(room.resolved(models)).upgrade == [
        "op.create_table(",
        '    "author",',
        '    sa.Column("id", sa.Integer(), nullable=False),',
        '    sa.Column("name", sa.String(length=50), nullable=False),',
        '    sa.PrimaryKeyConstraint("id"),',
        '    sa.UniqueConstraint("name", name="uq_author_name"),',
        ")",
        "op.create_table(",
        '    "book",',
        '    sa.Column("id", sa.Integer(), nullable=False),',
        '    sa.Column("title", sa.String(length=100), server_default="it\'s", nullable=True),',
        '    sa.Column("author_id", sa.Integer(), nullable=True),',
        '    sa.PrimaryKeyConstraint("id"),',
        '    sa.CheckConstraint("length(title) > 0", name=op.f("titled")),',
        "    sa.ForeignKeyConstraint(",
        '        ["author_id"],',
        '        ["author.id"],',
        '        name="fk_book_author_id_author",',
        '        ondelete="CASCADE",',
        "    ),",
        ")",
        'op.create_index("ix_book_title", "book", ["title"])',
    ]


def test_several_changes_to_a_table_share_a_block_and_losses_are_marked(new_room):
    room = new_room("sqlite")
    room.reach(metadata(t(col("a", sa.Integer), col("b", sa.Text))))
    after = metadata(t(col("b", sa.Text), col("c", sa.Date)))
    answers = Answers(not_renames=frozenset({"t.a"}))
    assert room.written(room.resolved(after, answers)).upgrade == [
        'with op.batch_alter_table("t") as batch_op:',
        '    batch_op.add_column(sa.Column("c", sa.Date(), nullable=True))',
        "    # Loses data: column t.a.",
        '    batch_op.drop_column("a")',
    ]


def test_one_change_stands_for_itself(new_room):
    room = new_room("sqlite")
    room.reach(metadata(t()))
    written = room.written(room.resolved(metadata(t(col("c", sa.Date)))))
    assert written.upgrade == [
        'op.add_column("t", sa.Column("c", sa.Date(), nullable=True))',
    ]
    assert written.downgrade == ['op.drop_column("t", "c")']


def test_a_projects_own_type_is_written_as_what_it_is_made_of_unless_asked_otherwise(new_room):
    room = new_room("sqlite")
    models = metadata(t(col("a", Upper())))
    source = room.written(room.resolved(models))
    assert "sa.String(length=30)" in "\n".join(source.upgrade)
    room.options = Options(render_types_as="custom")
    source = room.written(room.resolved(models))
    assert "tests.autogenerate.unchanged.Upper()" in "\n".join(source.upgrade)
    assert "import tests.autogenerate.unchanged" in source.imports


class Vector(sa.types.UserDefinedType[bytes]):
    """A type that SQLAlchemy has no word for, as extensions bring them."""

    cache_ok = True

    def __init__(self, size: int) -> None:
        self.size = size

    def get_col_spec(self, **kw: object) -> str:
        return f"BLOB({self.size})"


@pytest.mark.parametrize("written_as", ["implementation", "custom"])
def test_a_type_that_spells_itself_is_written_as_it_is(new_room, written_as):
    room = new_room("sqlite")
    room.options = Options(render_types_as=written_as)
    models = metadata(t(col("a", Vector(3))))
    source = room.reach(models)
    assert "tests.autogenerate.test_rendering.Vector(size=3)" in "\n".join(source.upgrade)
    assert room.resolved(models).lines == []


class Guid(sa.types.TypeDecorator[str]):
    """A type that is another in each database, and nothing without one."""

    impl = sa.types.TypeEngine
    cache_ok = True

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(
            postgresql.UUID() if dialect.name == "postgresql" else sa.CHAR(36)
        )


def test_a_type_made_of_nothing_in_particular_is_written_as_what_it_is_here(room):
    source = room.reach(metadata(t(col("a", Guid()))))
    expected = "sa.UUID()" if room.kind == "postgresql" else "sa.CHAR(length=36)"
    assert expected in "\n".join(source.upgrade)


def test_render_item_has_the_first_word(new_room):
    def render_item(kind, item, context):
        if kind == "type" and isinstance(item, Upper):
            context.imports.add("import shop")
            return "shop.Upper()"
        return False

    room = new_room("sqlite")
    room.options = Options(render_item=render_item)
    source = room.written(room.resolved(metadata(t(col("a", Upper())))))
    assert '    sa.Column("a", shop.Upper(), nullable=True),' in source.upgrade
    assert "import shop" in source.imports


def test_process_revision_directives_may_empty_or_change_what_is_written(new_room):
    def nothing(context, revision, directives):
        assert not directives[0].upgrade_ops.is_empty()
        directives[:] = []

    def more(context, revision, directives):
        directives[0].upgrade_ops.ops.append(Execute("SELECT 1"))

    room = new_room("sqlite")
    room.options = Options(process_revision_directives=nothing)
    assert room.resolved(metadata(t())).is_empty
    room.options = Options(process_revision_directives=more)
    assert room.written(room.resolved(metadata(t()))).upgrade[-1] == 'op.execute("SELECT 1")'


def test_a_table_that_may_be_there_is_written_with_indexes_that_may_be_there(room):
    def guarded(context, revision, directives):
        directive = directives[0].upgrade_ops
        directive.ops = [replace(operation, if_not_exists=True) for operation in directive.ops]

    room.options = Options(process_revision_directives=guarded)
    source = room.written(room.resolved(metadata(t(col("a", sa.Integer), ix("ix_t_a", "a")))))
    room.run(source.upgrade, source.imports)
    room.run(source.upgrade, source.imports)

    assert [*room.read().tables["t"].indexes] == ["ix_t_a"]


def test_process_revision_directives_is_told_of_what_it_sets_in_vain(new_room):
    def labelling(context, revision, directives):
        directives[0].branch_label = "mine"

    room = new_room("sqlite")
    room.options = Options(process_revision_directives=labelling)
    with pytest.raises(AttributeError, match="branch_label"):
        room.resolved(metadata(t()))


@pytest.mark.parametrize(
    ("operation", "text"),
    [
        (CreateEnum(Enum("mood", ("a", "b"))), 'op.create_enum("mood", ["a", "b"])'),
        (DropEnum("mood", "s"), 'op.drop_enum("mood", schema="s")'),
        (RenameEnum("mood", new_name="temper"), 'op.rename_enum("mood", "temper")'),
        (AddEnumValue("mood", value="c", after="b"), 'op.add_enum_value("mood", "c", after="b")'),
        (
            RenameEnumValue("mood", value="a", new_value="z"),
            'op.rename_enum_value("mood", "a", "z")',
        ),
        (
            SetEnumValues("mood", values=("a",), replacing={"b": "a"}),
            'op.set_enum_values("mood", ["a"], replacing={"b": "a"})',
        ),
        (
            CreateSequence(Sequence("s", start=5, cycle=True)),
            'op.create_sequence("s", start=5, cycle=True)',
        ),
        (DropSequence("s", definition=Sequence("s")), 'op.drop_sequence("s")'),
        (CreateNamespace("extra"), 'op.create_schema("extra")'),
        (DropNamespace("extra", cascade=True), 'op.drop_schema("extra", cascade=True)'),
        (ValidateConstraint("t", name="k"), 'op.validate_constraint("k", "t")'),
        (Execute("SELECT ':x'"), "op.execute(\"SELECT ':x'\")"),
        (Execute(sa.text("SELECT 1")), 'op.execute("SELECT 1")'),
    ],
)
def test_every_operation_has_a_form(operation, text):
    check = Check("a > 0", "k")
    known = Table("t", {"a": Column("a", Type("INTEGER"))}, checks={"k": check})
    before = Schema(
        tables={"t": known},
        enums={"mood": Enum("mood", ("a", "b")), "s.mood": Enum("mood", ("a",), "s")},
    )
    writing = Writing(POSTGRESQL, Options())
    assert list(body([operation], before, writing, marked=False)) == [text]


def test_rows_are_written_with_their_values():
    shelf = sa.table("shelf", sa.column("id", sa.Integer), sa.column("at", sa.Date))
    rows: list[dict[str, object]] = [
        {"id": 1, "at": date(2020, 1, 2)},
        {"id": Decimal("1.5"), "at": None},
    ]
    source = "\n".join(_body(BulkInsert(shelf, rows)) + _body(Upsert(shelf, rows, ("id",))))
    assert '{"id": 1, "at": datetime.date(2020, 1, 2)},' in source
    assert 'decimal.Decimal("1.5")' in source
    assert 'key=["id"]' in source
    compile(source, "<rows>", "exec")


def _body(operation):
    return list(body([operation], Schema(), Writing(POSTGRESQL, Options()), marked=False))


def test_an_operation_of_a_plugin_brings_its_own_source():
    @dataclass(frozen=True)
    class CreateView(CustomOperation):
        name: str

        def source(self):
            return f"op.create_view({self.name!r})"

    assert _body(CreateView("v")) == ["op.create_view('v')"]


def test_what_has_no_form_is_named():
    class Mystery(Operation):
        """Nobody knows it."""

    with pytest.raises(NotRenderable, match="Mystery"):
        _body(Mystery())


def test_an_index_is_written_with_all_it_says(new_room):
    room = new_room("postgresql")
    index = ix(
        "i",
        sa.text("lower(a)"),
        sa.text("b DESC NULLS LAST"),
        unique=True,
        postgresql_where=sa.text("a <> '\\:y'"),
        postgresql_include=["b"],
    )
    source = room.written(
        room.resolved(metadata(t(col("a", sa.Text), col("b", sa.Integer), index)))
    )
    text = "\n".join(source.upgrade)
    assert "postgresql_where=sa.text(\"a <> '\\\\:y'\")" in text
    assert 'postgresql_include=["b"]' in text


@pytest.mark.parametrize(
    "text", ["a", "it's", 'say "x"', "both ' and \"", "back\\slash", "new\nline", "ü", ""]
)
def test_text_is_quoted_so_that_it_reads_back(text):
    assert eval(quoted(text)) == text


def test_a_sole_argument_has_no_comma_behind_it():
    inner = call("sa.Column", quoted("x" * 60), quoted("y" * 20))
    assert list(lines(call("op.add", inner)))[-3:] == [f'        "{"y" * 20}",', "    )", ")"]


def test_a_unique_key_without_a_name_is_dropped_by_its_columns(new_room):
    room = new_room("sqlite")
    room.execute("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a INTEGER, UNIQUE (a))")
    source = room.reach(metadata(t(col("a", sa.Integer))))
    assert source.upgrade == ['op.drop_constraint(None, "t", type_="unique", columns=["a"])']
    assert room.read().tables["t"].uniques == {}
    room.run(source.downgrade, source.imports)
    assert len(room.read().tables["t"].uniques) == 1


@pytest.mark.parametrize(
    "clause", ["CHECK (a > 0)", "UNIQUE (a)", "FOREIGN KEY (a) REFERENCES o (id) ON DELETE CASCADE"]
)
def test_what_has_no_name_in_an_old_table_is_dropped_and_comes_back(new_room, clause):
    room = new_room("sqlite")
    room.execute(
        "CREATE TABLE o (id INTEGER NOT NULL PRIMARY KEY)",
        f"CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a INTEGER, {clause})",
    )
    first = room.read()
    source = room.reach(metadata(table("o"), t(col("a", sa.Integer))))
    assert room.compared(metadata(table("o"), t(col("a", sa.Integer)))).is_empty
    room.run(source.downgrade, source.imports)
    assert room.read() == first


def test_names_stay_below_the_limit(new_room):
    room = new_room("mariadb")
    long = "a_column_with_a_really_very_long_name_that_goes_on"
    models = metadata(table("a_table_with_a_long_name_too", col(long, sa.Integer, unique=True)))
    source = room.written(room.resolved(models))
    names = [line for line in source.upgrade if "UniqueConstraint" in line or "name=" in line]
    assert names
    room.run(source.upgrade, source.imports)
    assert room.resolved(models).lines == []


def test_uniques_and_checks_of_every_form_are_rendered():
    for tables, on in UNCHANGED.values():
        if "postgresql" in on:
            wanted = POSTGRESQL.spelling.schema([metadata(*tables)])
            found = resolve(Difference(Schema(), wanted), dialect=POSTGRESQL)
            assert render(found, POSTGRESQL).upgrade


def test_variants_are_broken_over_lines_as_ruff_would_have_them(new_room):
    binary = postgresql.JSONB(astext_type=sa.Unicode())
    json = sa.JSON().with_variant(binary, "postgresql")
    text = sa.Text().with_variant(sa.String(2000), "mysql", "mariadb")
    text = text.with_variant(sa.String(3000), "postgresql")
    room = new_room("sqlite")
    source = room.written(room.resolved(metadata(t(col("a", json), col("b", text)))))
    assert "\n".join(source.upgrade[3:-2]) == (
        """\
    sa.Column(
        "a",
        sa.JSON().with_variant(
            postgresql.JSONB(astext_type=sa.Unicode()), "postgresql"
        ),
        nullable=True,
    ),
    sa.Column(
        "b",
        sa.Text()
        .with_variant(sa.String(length=2000), "mysql")
        .with_variant(sa.String(length=2000), "mariadb")
        .with_variant(sa.String(length=3000), "postgresql"),
        nullable=True,
    ),"""
    )


def test_a_final_name_that_is_too_long_for_its_line_is_broken_off(new_room):
    name = "ck_" + "x" * 65
    room = new_room("sqlite")
    source = room.written(room.resolved(metadata(t(col("a", sa.Integer), ck("a > 0", name=name)))))
    place = source.upgrade.index('        "a > 0",')
    assert source.upgrade[place + 1 : place + 4] == [
        "        name=op.f(",
        f'            "{name}"',
        "        ),",
    ]
