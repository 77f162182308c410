"""Reading headers of every layout, and running no file that need not be run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flask_schemamigrate import errors
from flask_schemamigrate.revisions import Revision, header

BODY = "\n\ndef upgrade():\n    raise SystemExit\n"
LAYOUTS = {
    "ours": '"""m\n\nCreated: 1\n"""\n\nrevision = "b"\ndown_revision = "a"\n'
    'branch_labels = ("l",)\ndepends_on = None\n',
    "Alembic's": '"""m\n\nCreate Date: 1\n"""\nfrom alembic import op\n\n# ids\n'
    "revision = 'b'\ndown_revision = 'a'\nbranch_labels = ('l',)\ndepends_on = None\n",
    "annotated": '"""m\n\nCreated: 1\n"""\nfrom typing import Sequence\nrevision: str = "b"\n'
    'down_revision: str | None = "a"\nbranch_labels: Sequence[str] | None = ("l",)\n'
    'depends_on: str | Sequence[str] | None = ""\n',
    "lists": '"""m\n\nCreated: 1\n"""\nrevision = "b"\ndown_revision = ["a"]\n'
    'branch_labels = ["l"]\ndepends_on = []\n',
    "empty tuples": '"""m\n\nCreated: 1\n"""\nrevision = "b"\ndown_revision = ("a",)\n'
    'branch_labels = "l"\ndepends_on = ()\n',
    "several lines": '"""m\n\nCreated: 1\n"""\nrevision = "b"\ndown_revision = (\n    "a",\n)\n'
    'branch_labels = "l"  # a label\n',
    "brackets around a string": '"""m\n\nCreated: 1\n"""\nrevision = ("b")\n'
    'down_revision = ("a")\nbranch_labels = ("l")\n',
    "a def in the docstring": '"""m\n\nCreated: 1\ndef x():\n"""\nrevision = "b"\n'
    'down_revision = "a"\nbranch_labels = "l"\n',
    "single quotes": "'''m\n\nCreated: 1\n'''\nrevision = 'b'\ndown_revision = 'a'\n"
    "branch_labels = 'l'\n",
    "code in between": '"""m\n\nCreated: 1\n"""\nimport x.y as z; t = {"a": 1}\nrevision = "b"\n'
    'if True:\n    pass\ndown_revision = "a"\nbranch_labels = "l"\n',
    "a byte order mark": '\ufeff"""m\n\nCreated: 1\n"""\nrevision = "b"\ndown_revision = "a"\n'
    'branch_labels = "l"\n',
}


@pytest.fixture
def read(tmp_path):
    def read(source, encoding="utf-8"):
        path = tmp_path / "file.py"
        path.write_bytes(source.encode(encoding))
        return header.read(path)

    return read


@pytest.mark.parametrize("source", LAYOUTS.values(), ids=LAYOUTS)
def test_every_layout_says_the_same(read, source):
    found = read(source + BODY)
    said = (found.id, found.parents, found.labels, found.depends_on, found.message, found.created)
    assert said == ("b", ("a",), ("l",), (), "m", "1")


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_make_no_difference(read, end):
    assert read((LAYOUTS["ours"] + BODY).replace("\n", end)).created == "1"


def test_a_header_below_the_functions_is_found(read):
    assert read('def upgrade(): pass\n\n\nrevision = "b"\ndown_revision = "a"\n').id == "b"


def test_a_coding_line_is_obeyed(read):
    source = '# coding: latin-1\n"""déjà"""\nrevision = "b"\ndown_revision = None\n'
    assert read(source, "latin-1").message == "déjà"


def test_a_first_revision_has_no_parents(read):
    found = read('"""m"""\nrevision = "a"\ndown_revision = None\n' + BODY)
    assert found.is_base
    assert found.created is None


@pytest.mark.parametrize(
    "source",
    [
        "",
        "def helper(): pass\n",
        "def f():\n    revision = 1\n",
        "# no revision\nx = 1\n",
        "a b c\n",
    ],
)
def test_a_helper_module_is_no_revision(read, source):
    assert read(source) is None


@pytest.mark.parametrize(
    "source",
    [
        'name = "b"\nrevision = name\ndown_revision = "a"\n',
        'revision = "".join(["b"])\ndown_revision = "a"\n',
        'if True:\n    revision, down_revision = "b", "a"\n',
        'revision = "b"\ndown_revision = ["a", "z"][0]\n',
        'revision = "b"\nfor down_revision in ["a"]:\n    pass\n',
    ],
)
def test_a_computed_header_is_run_for(read, source):
    found = read(source + "\n\ndef upgrade():\n    raise SystemExit\n")
    assert (found.id, found.parents) == ("b", ("a",))


def test_a_computed_header_is_run_through_the_transform(tmp_path):
    path = tmp_path / "b.py"
    path.write_text("from nowhere import label\nrevision = 'b'\nbranch_labels = label\n")

    def transform(tree):
        tree.body[0].module = "string"
        tree.body[0].names[0].name = "digits"
        tree.body[0].names[0].asname = "label"
        return tree

    found = header.read(path, transform=transform)
    assert found is not None
    assert found.labels == ("0123456789",)


def test_a_syntax_error_is_said_with_file_and_line(read, tmp_path):
    with pytest.raises(errors.UnreadableRevision) as caught:
        read('"""m"""\nrevision = "b"\ndown_revision = = "a"\n' + BODY)
    assert str(caught.value) == (
        f"Cannot read {tmp_path / 'file.py'}, line 3: invalid syntax.\n"
        "Mend the file; if it is not a revision, let its name begin with '_'."
    )


def test_a_conflict_that_git_left_is_called_by_its_name(read, tmp_path):
    ours, theirs = 'down_revision = "a"\n', 'down_revision = "c"\n'
    with pytest.raises(errors.UnreadableRevision) as caught:
        read(f'revision = "b"\n<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> ben\n{BODY}')
    assert caught.value.message == (
        f"Cannot read {tmp_path / 'file.py'}, line 2: a merge conflict of git is in it."
    )


@pytest.mark.parametrize(
    "line", ["revision = 5", "revision = None", "revision = 'b'; depends_on = 3"]
)
def test_a_value_of_another_type_is_refused(read, line):
    with pytest.raises(errors.UnreadableRevision):
        read(line + BODY)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "b.py"
    path.write_bytes(b'"""\xff"""\nrevision = "b"\n')
    with pytest.raises(errors.UnreadableRevision):
        header.read(path)


NAMES = st.sampled_from(["revision", "down_revision", "branch_labels", "depends_on", "other"])
STRINGS = st.sampled_from(["'a'", '"b"', "'it\"s'", '"it\'s"', "''", '"c" "d"', "'e\\'f'", "('g')"])
VALUES = STRINGS | st.sampled_from(
    ["None", "()", "('a',)", "('a', \"b\")", "('a', 'b',)", "3", "x"]
)
LINES = st.one_of(
    st.builds("{} = {}{}".format, NAMES, VALUES, st.sampled_from(["", "  # why", "; y = 1"])),
    st.builds("{}: str | None = {}".format, NAMES, VALUES),
    st.sampled_from(["", "# comment", "import a", "from a import b", "from a import (\n    b,\n)"]),
)
DOCS = st.sampled_from(['"""m\n\nCreated: 1\n"""', "'''m'''", '"""say "m\\""""', "", "r'm'", '"m"'])


@given(
    DOCS, st.lists(LINES, max_size=6), st.sampled_from(["def f(): pass\n", "@x\ndef f(): 1\n", ""])
)
def test_the_quick_way_says_what_the_syntax_tree_says(doc, lines, body):
    text = "\n".join([doc, *lines, body])
    quick = header.common("file.py", text)
    if isinstance(quick, Revision):
        assert quick == header.parsed("file.py", text)
