"""``flask db migrate``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ...errors.autogenerate import UnansweredQuestions
from ...errors.runs import DatabaseBehind
from .. import output
from ..asking import answered, confirmed, on_terminal
from ..frame import verb
from ..options import bind_option, message_option, place_options
from ._carried import print_carried
from ._written import print_written

if TYPE_CHECKING:
    from ...commands import Environment
    from ...commands.migrating import Answers

F = TypeVar("F", bound=Callable[..., Any])

PLACE = ("head", "splice", "branch_label", "version_path", "rev_id", "depends_on")


def answer_options(function: F) -> F:
    """The options that answer what would otherwise be asked."""
    for option in (
        click.option("--upgrade", is_flag=True, help="Upgrade first, if the database is behind."),
        click.option(
            "--fill",
            metavar="TABLE.COLUMN=VALUE",
            multiple=True,
            help="What rows get in a NOT NULL column; 'sql:EXPR' is an SQL expression.",
        ),
        click.option(
            "--no-rename",
            metavar="TABLE[.COLUMN]",
            multiple=True,
            help="This is no rename: it is dropped, or new.",
        ),
        click.option(
            "--rename-table", metavar="OLD:NEW", multiple=True, help="A table has a new name."
        ),
        click.option(
            "--rename",
            metavar="TABLE.OLD:NEW",
            multiple=True,
            help="A column, or an enum's value, has a new name.",
        ),
    ):
        function = option(function)
    return function


@verb('db migrate -m "add mail"', "db migrate --rename user.name:full_name")
@message_option
@click.option("--sql", is_flag=True, help="Write to the terminal instead of a file.")
@place_options
@bind_option
@answer_options
@output.format_option
def command(
    environment: Environment, /, message: str, sql: bool, format: str, **given: Any
) -> None:
    """Write a revision with what changed in the models."""
    migrated(environment, message, sql=sql, format=format, **given)


def migrated(
    environment: Environment, message: str, *, sql: bool, format: str, **given: Any
) -> None:
    """Compare, ask if there is somebody to ask, write."""
    from ...commands.migrating import migrate, migration
    from ...commands.writing import Place

    place = Place(**{name: given[name] for name in PLACE})
    write: Any = migration if sql else migrate

    def attempt(answers: Answers) -> Any:
        return write(environment, message, place=place, answers=answers, binds=given["binds"])

    written = _attempted(environment, attempt, format=format, given=given)
    if written is None:
        if format == "text":
            click.echo("Nothing to write: the models and the database agree.")
    elif sql:
        click.echo(written, nl=False)
    else:
        print_written(written, format=format)


def _attempted(
    environment: Environment, attempt: Callable[[Answers], Any], *, format: str, given: Any
) -> Any:
    """Try until every question is answered, or nobody is there to answer."""
    from ...commands.migrating import Answers, fill

    answers = Answers.parse(
        rename=given["rename"],
        no_rename=given["no_rename"],
        rename_table=given["rename_table"],
        fill=given["fill"],
    )
    asks = format == "text" and on_terminal()
    while True:
        try:
            return attempt(answers)
        except UnansweredQuestions as error:
            if not asks:
                raise
            answers = answered(error.questions, answers, fill)
        except DatabaseBehind as error:
            question = f"{error.message} Upgrade it first?"
            if not (given["upgrade"] or (asks and confirmed(question))):
                raise
            from ...commands.running import upgrade

            results = upgrade(environment, "heads", binds=given["binds"])
            print_carried(environment, results, format=format, nothing="Nothing to upgrade.")
