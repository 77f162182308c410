"""Giving a project back to Alembic."""

from __future__ import annotations

import configparser

import pytest

from flask_schemamigrate.commands.returning import give_back
from flask_schemamigrate.errors import UnknownApplied
from flask_schemamigrate.errors.takeover import NothingToExport
from flask_schemamigrate.takeover.exporting import export_alembic
from flask_schemamigrate.takeover.rewriting import to_alembics, to_ours


@pytest.mark.parametrize(
    "source",
    [
        b"from alembic import op\n",
        b"from alembic import op  # noqa\r\nx = '\xc3\xa9'\r\n",
        b"from alembic import (\n    op,  # why\n    context,\n)\n",
        b"\xef\xbb\xbffrom alembic import op\n",
        b"# coding: latin-1\nx = '\xe9'\nfrom alembic import op\n",
        b"from   alembic \\\n  import op\n",
        b"import alembic\nalembic.op.f('x')\n",
        b"if True:\n\tfrom alembic import op\n",
        b"import alembic, os\nalembic.__version__\n",
        b"text = '''\nfrom alembic import op\n'''\n",
    ],
)
def test_there_and_back_again_every_byte_is_where_it_was(source):
    assert to_alembics(to_ours(source)) == source


def test_a_statement_whose_names_part_becomes_two(tmp_path):
    assert to_ours(b"if x:\n    from alembic import op, util\n") == (
        b"if x:\n    from flask_schemamigrate import op\n    from alembic import util\n"
    )
    assert to_ours(b"import os; from alembic import op, util; y = 1\n") == (
        b"import os; from flask_schemamigrate import op; from alembic import util; y = 1\n"
    )


def test_what_alembic_needs_is_written_once_and_says_what_the_config_says(project):
    made = project(
        "a -> b",
        alembic_version_table="versions_of_shop",
        file_template="%(rev)s_%(slug)s",
        timezone="UTC",
    )

    first, second = export_alembic(made.environment), export_alembic(made.environment)

    assert first.written == second.kept
    assert "'version_table': 'versions_of_shop'" in (made.folder / "env.py").read_text()
    parser = configparser.ConfigParser()
    parser.read(made.folder / "alembic.ini")
    assert parser["alembic"]["file_template"] == "%(rev)s_%(slug)s"
    assert parser["alembic"]["timezone"] == "UTC"


def test_settings_of_alembics_that_lead_to_the_folder_are_kept(project):
    made = project("a")
    file = made.folder.parent / "alembic.ini"
    file.write_text("[alembic]\nscript_location = migrations\n")

    done = export_alembic(made.environment)

    assert done.kept == ("alembic.ini",)
    assert not (made.folder / "alembic.ini").exists()


def test_a_dry_run_writes_nothing(project):
    made = project("a")
    done = export_alembic(made.environment, dry_run=True)

    assert done.written
    assert not (made.folder / "env.py").exists()


def test_what_alembic_does_not_understand_is_named_by_file_and_line(project):
    made = project("a")
    (made.folder / "versions" / "z.py").write_text(
        f"from flask_schemamigrate import op\nfrom flask_schemamigrate.schema import Table\n"
        f"revision = {'z' * 40!r}\ntransactional = False\n\n\ndef upgrade():\n"
        "    op.rename_column('t', 'a', 'b')\n"
        "    op.create_index('i', 't', ['b'], concurrently=True)\n"
        "    op.add_column('t', None)\n"
        "    op.create_check_constraint('c', 't', condition='b > 0')\n"
        "    op.drop_constraint(None, 't', 'check', condition='b > 0')\n"
    )

    found = export_alembic(made.environment, dry_run=True).findings

    assert [(each.line, each.text) for each in found] == [
        (1, f"the id {'z' * 40} is longer than 32 characters"),
        (2, "flask_schemamigrate.schema.Table is imported, which Alembic has not"),
        (4, "transactional means nothing to Alembic"),
        (8, "op.rename_column() is an operation that Alembic has not"),
        (9, "op.create_index(concurrently=...) is a keyword that Alembic has not"),
        (12, "op.drop_constraint(condition=...) is a keyword that Alembic has not"),
    ]


def test_without_revisions_there_is_nothing_to_give_back(project):
    made = project("a")
    (made.folder / "versions" / "a.py").unlink()

    with pytest.raises(NothingToExport):
        export_alembic(made.environment)


def test_a_database_with_revisions_that_no_file_has_is_not_given_back(project):
    made = project("a -> b")
    made.upgrade()
    (made.folder / "versions" / "b.py").unlink()

    with pytest.raises(UnknownApplied):
        list(give_back(made.environment))


def test_a_database_is_given_back_whatever_its_table_said_before(project):
    made = project("a -> b", keep_alembic_version=False)
    made.at("a")
    made.database.execute("CREATE TABLE t_a (id INTEGER)")
    made.upgrade()
    assert made.versions() == ["a"]

    list(give_back(made.environment))

    assert made.versions() == ["b"]
