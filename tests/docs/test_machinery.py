"""The player of pages itself: that it notices what it should, and does as a reader would."""

from __future__ import annotations

import pytest

from tests.docs.changing import changed
from tests.docs.page import Page
from tests.docs.player import Departure, Player
from tests.docs.stage import Desk


@pytest.fixture
def play(tmp_path, new_database):
    """A function that plays the text of a page, with ``'''`` for its fences."""

    def played(text: str) -> Player:
        path = tmp_path / "page.md"
        path.write_text(text.replace("'''", "```"), encoding="utf-8")
        home = tmp_path / "home"
        home.mkdir()
        player = Player(Desk.at(home, new_database))
        player.play(Page.read(path))
        return player

    return played


def test_a_file_is_written_and_a_command_prints_it(play):
    play(
        "'''{code-block} text\n:caption: a.txt\n\nHello\n'''\n\n'''console\n$ cat a.txt\nHello\n'''"
    )


def test_other_output_than_the_page_shows_is_noticed(play):
    with pytest.raises(Departure, match=r"page\.md"):
        play("'''console\n$ echo Hello\nBye\n'''")


def test_an_exit_code_is_as_the_page_tells(play):
    play("<!-- exits: 3 -->\n\n'''console\n$ exit 3\n'''")


def test_an_exit_code_that_the_page_does_not_tell_is_noticed(play):
    with pytest.raises(Departure, match="exits with 3, not 0"):
        play("'''console\n$ exit 3\n'''")


def test_an_example_that_is_neither_played_nor_marked_is_noticed(play):
    with pytest.raises(Departure, match="not run"):
        play("'''python\nprint(1)\n'''")


def test_a_marked_block_is_left_out(play):
    play("<!-- not run: it would fail -->\n\n'''console\n$ false\n'''")


def test_an_answer_is_typed_on_a_terminal(play):
    play(
        "<!-- typed: Ann -->\n\n'''console\n"
        "$ python -c \"print('Hello', input('Who: '))\"\nWho: Ann\nHello Ann\n'''"
    )


def test_a_command_that_asks_for_more_than_the_page_types_is_noticed(play):
    with pytest.raises(Departure, match="exits with 1, not 0"):
        play("<!-- typed: 1 -->\n\n'''console\n$ python -c \"input('A: '), input('B: ')\"\n'''")


def test_an_id_of_the_page_stands_for_the_revision_that_is_written(play):
    page = "'''console\n$ python make.py\nWrote 0123456789ab\n$ ls migrations/versions\n...\n'''"
    code = (
        "import os, pathlib\n"
        "id = '1' + os.urandom(6).hex()[1:]\n"
        "folder = pathlib.Path('migrations/versions')\n"
        "folder.mkdir(parents=True)\n"
        "(folder / f'{id}_a.py').write_text(f'revision = \"{id}\"')\n"
        "print('Wrote', id)\n"
    )
    play(f"'''{{code-block}} text\n:caption: make.py\n\n{code}'''\n\n{page}")


def test_a_part_of_a_file_goes_in_place_of_what_has_its_name():
    whole = "import os\n\n\n@first\nclass A:\n    x = 1\n\n\ndef b(): ...\n"
    part = "import sys\n\n\nclass A:\n    x = 2\n\n\ndef c(): ...\n"
    assert changed(whole, part) == (
        "import os\nimport sys\n\n\nclass A:\n    x = 2\n\n\ndef b(): ...\n\n\ndef c(): ...\n"
    )
