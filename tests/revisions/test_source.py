"""Writing revision files."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from flask_schemamigrate import errors
from flask_schemamigrate.revisions import header, source
from flask_schemamigrate.revisions.source import NewRevision

AT = datetime(2024, 5, 1, 10, 2, 3, tzinfo=UTC)
FULL = NewRevision(
    id="b",
    parents=("a",),
    created=AT,
    message='add "email"',
    depends_on=("x",),
    labels=("side",),
    bodies={
        None: (
            'op.add_column("user", sa.Column("email", sa.String()))',
            'op.drop_column("a", "b")',
        ),
        "my-db": ('op.execute(\n    """\n    delete from log\n    """\n)', ""),
        "my db": ("op.execute(JSON, datetime)", ""),
    },
    imports=("from sqlalchemy.dialects.postgresql import JSON", "import datetime"),
)


def test_a_revision_reads_like_this():
    assert source.text(FULL) == (
        '''"""add "email"

Revises: a
Created: 2024-05-01 10:02:03+00:00
"""

import datetime

import sqlalchemy as sa
from flask_schemamigrate import op
from sqlalchemy.dialects.postgresql import JSON

revision = "b"
down_revision = "a"
branch_labels = ("side",)
depends_on = ("x",)


def upgrade() -> None:
    op.add_column("user", sa.Column("email", sa.String()))


def downgrade() -> None:
    op.drop_column("a", "b")


@op.upgrade("my-db")
def upgrade_my_db() -> None:
    op.execute(
        """
    delete from log
    """
    )


@op.downgrade("my-db")
def downgrade_my_db() -> None:
    pass


@op.upgrade("my db")
def upgrade_my_db_2() -> None:
    op.execute(JSON, datetime)


@op.downgrade("my db")
def downgrade_my_db_2() -> None:
    pass
'''
    )


def test_what_was_written_is_read_back(tmp_path):
    path = source.write(FULL, tmp_path / "new" / "b.py")
    found = header.read(path)
    assert found is not None
    assert (found.id, found.parents, found.labels) == ("b", ("a",), ("side",))
    assert (found.depends_on, found.message) == (("x",), 'add "email"')
    assert found.created == "2024-05-01 10:02:03+00:00"


def test_an_empty_revision_has_the_imports_it_will_need():
    text = source.text(NewRevision("a", (), AT))
    assert text.startswith('"""empty message\n\nRevises: nothing\n')
    assert "import sqlalchemy as sa\nfrom flask_schemamigrate import op\n\nrevision" in text


def test_a_merge_imports_nothing():
    text = source.text(NewRevision("m", ("a", "b"), AT, "join"))
    assert 'Revises: a, b\nCreated: 2024-05-01 10:02:03+00:00\n"""\n\nrevision = "m"\n' in text
    assert 'down_revision = ("a", "b")\n' in text


@pytest.mark.parametrize(
    "message", ['say "hi"', '"quoted"', 'three """ quotes', "back\\slash \\", "${x} % y\n% z", "é"]
)
def test_any_message_survives(message):
    text = source.text(NewRevision("a", (), AT, message))
    found = header.revision("a.py", text)
    assert found is not None
    assert found.doc.startswith(message)


@pytest.mark.parametrize(
    "new",
    [
        FULL,
        NewRevision("a", (), AT),
        NewRevision("m", tuple(f"parent{number}" for number in range(12)), AT, '"long"'),
    ],
    ids=["full", "empty", "long"],
)
def test_a_formatter_and_a_linter_have_nothing_to_say(tmp_path, new):
    path = source.write(new, tmp_path / "file.py")
    before = path.read_text()
    ruff = [sys.executable, "-m", "ruff"]
    ignored = "E501" if new.bodies else "E501,F401"
    lint = ["check", "--isolated", "--select=E,F,I,W", f"--ignore={ignored}"]
    for command in (["format", "--isolated"], lint):
        found = subprocess.run(
            [*ruff, *command, path], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert found.returncode == 0, found.stdout
    assert path.read_text() == before


@pytest.mark.parametrize(
    ("template", "name"),
    [
        (source.FILE_TEMPLATE, "20240501_100203_b_add_email.py"),
        ("%(rev)s_%(slug)s", "b_add_email.py"),
        ("%(epoch)d-%(second).2d", "1714557723-03.py"),
        ("%(year)d/%(month).2d/%(rev)s", "2024/05/b.py"),
    ],
)
def test_a_file_name_follows_its_template(template, name):
    assert source.file_name(FULL, template) == name


def test_a_file_name_without_a_message_ends_at_the_id():
    assert source.file_name(NewRevision("a", (), AT)) == "20240501_100203_a.py"


@pytest.mark.parametrize("message", ["", "-- !"])
def test_a_file_name_that_begins_with_the_message_begins_with_the_id_without_one(message):
    new = NewRevision("a", (), AT, message)
    assert source.file_name(new, "%(slug)s_%(rev)s") == "a.py"


def test_a_message_may_begin_with_underscores():
    new = NewRevision("a", (), AT, "__init__ goes")
    assert source.file_name(new, "%(slug)s_%(rev)s") == "init___goes_a.py"


@pytest.mark.parametrize("template", ["%(nothing)s", "%(rev", "%(slug)d", "/x", "_%(rev)s", "a//b"])
def test_a_template_that_makes_no_file_name_is_refused(template):
    with pytest.raises(errors.InvalidFileTemplate) as caught:
        source.file_name(FULL, template)
    assert str(caught.value) == (
        f"The file template {template!r} does not give a file name.\n"
        "Use these: %(rev)s, %(slug)s, %(epoch)s, %(year)s, %(month)s, %(day)s, %(hour)s, "
        "%(minute)s, %(second)s."
    )


@pytest.mark.parametrize(
    ("message", "slug"),
    [
        ("Add e-mail, and more!", "add_e_mail_and_more"),
        ("one two three fourth", "one_two_three"),
        ("Größe ändern", "größe_ändern"),
        ("a" * 30, "a" * 19),
        ("../../etc", "etc"),
        ("", ""),
    ],
)
def test_a_slug_holds_whole_words(message, slug):
    assert source.slug(message, 19) == slug


def test_a_new_id_is_twelve_hex_digits_and_not_taken():
    ids = {source.new_id() for _ in range(50)}
    assert all(re.fullmatch("[0-9a-f]{12}", id) for id in ids)
    assert len(ids) == 50


@pytest.mark.parametrize("id", ["ab-1", "a b", "", "x" * 256, "head", "current", "a:b", "a/b"])
def test_an_id_that_would_read_like_something_else_is_refused(id):
    with pytest.raises(errors.InvalidId) as caught:
        source.check_id(id)
    assert str(caught.value) == (
        f"{id!r} is not a revision id.\nLet a revision id be 1 to 255 letters, digits, '_' or "
        "'.', and none of the words 'head', 'heads', 'base' and 'current'."
    )


def test_a_label_that_would_read_like_something_else_is_called_a_label():
    with pytest.raises(errors.InvalidId, match="'a@b' is not a label"):
        source.check_id("a@b", "label")


@pytest.mark.parametrize("id", ["1", "v1.2", "add_email", "x" * 255])
def test_an_id_may_be_any_word(id):
    source.check_id(id)


def test_a_time_is_in_the_zone_that_was_asked_for():
    assert source.now().tzinfo is UTC
    assert str(source.now("Europe/Paris").tzinfo) == "Europe/Paris"


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc"])
def test_an_unknown_zone_is_refused(name):
    with pytest.raises(errors.UnknownTimezone) as caught:
        source.now(name)
    assert str(caught.value) == (
        f"There is no time zone {name!r}.\nWrite a name such as 'UTC' or 'Europe/Paris'; on "
        "Windows and in small images also 'pip install tzdata'."
    )


def test_a_file_that_is_there_is_never_written_over(tmp_path):
    path = tmp_path / "b.py"
    path.write_text("mine")
    with pytest.raises(errors.FileExists) as caught:
        source.write(FULL, path)
    assert path.read_text() == "mine"
    assert str(caught.value) == (
        f"{path} exists already, so nothing was written.\n"
        "Give another message, or put '%(rev)s' into the file template."
    )


def test_a_folder_that_cannot_be_made_is_an_error_that_names_the_file(tmp_path):
    (tmp_path / "migrations").write_text("a file")
    path = tmp_path / "migrations" / "versions" / "b.py"
    with pytest.raises(errors.CannotWrite) as caught:
        source.write(FULL, path)
    assert str(caught.value) == (
        f"{path} cannot be written: Not a directory.\nGive whoever runs the command the right to, "
        "or name another folder with 'flask db --directory PATH'."
    )


def test_half_a_file_does_not_stay(tmp_path):
    path = tmp_path / "b.py"
    with pytest.raises(UnicodeEncodeError):
        source.put("half\n" * 10_000 + "\udc80", path)
    assert not path.exists()


@pytest.fixture
def template(tmp_path):
    def template(text):
        path = tmp_path / "revision.py.mako"
        path.write_text(text)
        return path

    return template


THEIRS = '''"""${message}

Revises: ${down_revision | comma,n}
Create Date: ${create_date}
"""
from flask_schemamigrate import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''


def test_a_template_may_use_the_names_that_alembics_do(template):
    new = NewRevision("c", ("a", "b"), AT, "m", bodies={None: ("x = 1\ny = 2", "")})
    text = source.text(new, template(THEIRS))
    assert "Revises: a, b\nCreate Date: 2024-05-01 10:02:03+00:00\n" in text
    assert text.endswith("def upgrade():\n    x = 1\n    y = 2\n\n\ndef downgrade():\n    pass\n")


def test_what_a_template_imports_itself_is_imported_once(template):
    imports = ("import sqlalchemy as sa", "import shop")
    new = NewRevision("b", ("a",), AT, "m", imports=imports, bodies={None: ("sa.f(shop)", "")})
    text = source.text(new, template(THEIRS))
    assert text.count("import sqlalchemy as sa") == 1
    assert text.count("import shop") == 1


def test_a_template_that_leaves_something_out_is_refused(template, tmp_path):
    path = template(THEIRS.replace("branch_labels = ${repr(branch_labels)}", ""))
    with pytest.raises(errors.TemplateIncomplete) as caught:
        source.write(FULL, tmp_path / "b.py", path)
    assert str(caught.value) == (
        f"The template {path} leaves out 'branch_labels', the functions of the binds, so nothing "
        "was written.\nAdd what is missing, or delete the template to use the built-in one."
    )
    assert not (tmp_path / "b.py").exists()


@pytest.mark.parametrize(
    ("line", "instead", "missing"),
    [
        ("import sqlalchemy as sa", "", "the imports"),
        ("def upgrade():", "if 1:", "'upgrade()'"),
        ('${upgrades if upgrades else "pass"}', "pass", "'upgrade()'"),
    ],
)
def test_a_template_that_leaves_out_what_is_to_run_is_refused(template, line, instead, missing):
    code = ("op.create_table('a', sa.Column('b'))", "op.drop_table('a')")
    new = NewRevision("b", ("a",), AT, "m", bodies={None: code})
    with pytest.raises(errors.TemplateIncomplete) as caught:
        source.text(new, template(THEIRS.replace(line, instead)))
    assert caught.value.missing == (missing,)


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ('${downgrades if downgrades else "pass"}', "raise NotImplementedError"),
        ("import sqlalchemy as sa", "from shop.migrating import *"),
    ],
)
def test_a_template_may_know_no_way_back_and_import_all_of_a_module(template, line, instead):
    code = ("op.create_table('a', sa.Column('b'))", "op.drop_table('a')")
    new = NewRevision("b", ("a",), AT, "m", bodies={None: code})
    assert instead in source.text(new, template(THEIRS.replace(line, instead)))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("${nothing}", "failed: NameError: 'nothing' is not defined"),
        ("\n${1 / 0}", "line 2 failed: ZeroDivisionError: division by zero"),
        ("% if True:\n", "failed: "),
    ],
)
def test_a_template_that_fails_is_said_with_its_line(template, text, reason):
    path = template(text)
    with pytest.raises(errors.TemplateFailed) as caught:
        source.text(FULL, path)
    assert str(caught.value).startswith(f"The template {path}")
    assert reason in str(caught.value)


def test_a_template_that_is_not_there_is_said(tmp_path):
    with pytest.raises(errors.TemplateFailed):
        source.text(FULL, tmp_path / "nothing.mako")
