"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from . import completion

if TYPE_CHECKING:
    from ..commands.writing import Place

F = TypeVar("F", bound=Callable[..., Any])


def together(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one decorator, in the order in which help shows them."""

    def given(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return given


bind_option = click.option(
    "--bind",
    "binds",
    metavar="NAME",
    multiple=True,
    help="Only this bind's database; may be given several times.",
)

lock_option = click.option(
    "--lock-wait",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="How long to wait for another migration to end.",
)

sql_options = together(
    click.option("--sql", is_flag=True, help="Write an SQL script instead of carrying it out."),
    click.option("--tag", metavar="TEXT", help="For revisions: context.get_tag_argument()."),
)

message_option = click.option("-m", "--message", default="", metavar="TEXT", help="What it is for.")

place_options = together(
    click.option(
        "--head",
        default="head",
        show_default=True,
        metavar="REV",
        shell_complete=completion.revisions,
        help="The revision to stand on; 'base' for none.",
    ),
    click.option("--splice", is_flag=True, help="Let that be one others stand on already."),
    click.option("--branch-label", metavar="LABEL", help="Give the branch a name."),
    click.option("--version-path", metavar="PATH", help="The folder for the file."),
    click.option("--rev-id", metavar="ID", help="The revision's id, instead of a random one."),
    click.option(
        "--depends-on",
        metavar="REV",
        multiple=True,
        shell_complete=completion.revisions,
        help="A revision that must run before; may be given several times.",
    ),
)

PLACE = ("head", "splice", "branch_label", "version_path", "rev_id", "depends_on")


def place(given: Mapping[str, Any]) -> Place:
    """What the options of `place_options` say."""
    from ..commands.writing import Place

    return Place(**{name: given[name] for name in PLACE})
