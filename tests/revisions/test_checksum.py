"""Which edits count."""

from __future__ import annotations

import ast

import pytest

from flask_schemamigrate import errors
from flask_schemamigrate.revisions import checksum

BEFORE = '"""m"""\nrevision = "a"\n\ndef upgrade():\n    op.execute("x", 1, None)\n'


@pytest.fixture
def of(tmp_path):
    def of(source, transform=None):
        path = tmp_path / "a.py"
        path.write_text(source)
        return checksum.of(path, transform=transform)

    return of


@pytest.mark.parametrize(
    "after",
    [
        BEFORE.replace("m", "another message", 1),
        BEFORE.replace('"""m"""\n', ""),
        BEFORE.replace("\n\n", "\n# why\n\n\n"),
        BEFORE.replace('"', "'"),
        BEFORE.replace('("x", 1, None)', '(\n        "x",\n        1,\n        None,\n    )'),
        BEFORE.replace('"x"', 'u"x"'),
        BEFORE.replace("\n", "\r\n"),
    ],
)
def test_the_way_a_file_is_written_does_not_count(of, after):
    assert of(after) == of(BEFORE)


@pytest.mark.parametrize(
    "after",
    [
        BEFORE.replace('"x"', '"y"'),
        BEFORE.replace("1", "2"),
        BEFORE.replace("1", "1.0"),
        BEFORE.replace("1", "True"),
        BEFORE.replace("None", "0"),
        BEFORE.replace(", None", ""),
        BEFORE.replace("upgrade", "downgrade"),
        BEFORE.replace('"a"', '"b"'),
        BEFORE + "    pass\n",
    ],
)
def test_what_a_file_does_counts(of, after):
    assert of(after) != of(BEFORE)


def test_the_checksum_is_the_same_on_every_python(of):
    # Recorded with Python 3.11; a server's and a laptop's must agree.
    assert of("x: int = 1\nasync def f(a, /, b=2, *c, **d): return [a async for a in b]\n") == (
        "792ebe60579cec848c594e87d2f721f1acc043cd49bf1ca3cb2fac26fd0467c8"
    )
    # Python 3.15 says of each import whether it is lazy.
    assert of("import a\nfrom b import c\n") == (
        "190b04347d69bae666ad139f71b0de216a71afbc55e587184d43566de1842447"
    )


def test_an_import_may_be_rewritten_in_memory_or_in_the_file(of):
    def transform(tree):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "alembic":
                node.module = "flask_schemamigrate"
        return tree

    before = of("from alembic import op\n", transform)
    assert before == of("from flask_schemamigrate import op\n", transform)


def test_a_syntax_error_is_said(of, tmp_path):
    with pytest.raises(errors.InvalidSource) as caught:
        of("revision = = 1\n")
    assert str(caught.value).startswith(f"Syntax error in {tmp_path / 'a.py'}, line 1: ")
