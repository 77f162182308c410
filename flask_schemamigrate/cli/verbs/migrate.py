"""``flask db migrate``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from ...errors.autogenerate import BadFill, UnansweredQuestions, WithoutHistory
from ...errors.files import AmendOfApplied
from ...errors.runs import DatabaseBehind
from .. import output
from ..asking import answered, confirmed, on_terminal
from ..frame import verb
from ..options import bind_option, message_option, place, place_options, together
from ._carried import print_carried
from ._written import print_written
from .downgrade import take_back

if TYPE_CHECKING:
    from ...commands import Environment
    from ...commands.migrating import Answers

answer_options = together(
    click.option(
        "--rename",
        metavar="TABLE.OLD:NEW",
        multiple=True,
        help="A column, or an enum's value, has a new name.",
    ),
    click.option(
        "--rename-table", metavar="OLD:NEW", multiple=True, help="A table has a new name."
    ),
    click.option(
        "--no-rename",
        metavar="TABLE[.COLUMN]",
        multiple=True,
        help="This is no rename: it is dropped, or new.",
    ),
    click.option(
        "--fill",
        metavar="TABLE.COLUMN=VALUE",
        multiple=True,
        help="What rows get in a NOT NULL column; 'sql:EXPR' is an SQL expression.",
    ),
    click.option(
        "--baseline/--no-baseline",
        default=None,
        help="Whether a first revision creates the tables that are there already; it is "
        "recorded as applied then.",
    ),
    click.option("--upgrade", is_flag=True, help="Upgrade first, if the database is behind."),
)


@verb('db migrate -m "add mail"', "db migrate --rename user.name:full_name", "db migrate --amend")
@message_option
@click.option("--amend", is_flag=True, help="Write the newest revision anew, if it never ran.")
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
    if given.get("amend"):
        write = _amending(environment, message, sql=sql, given=given)
    else:
        write = _migrating(environment, message, sql=sql, given=given)
    written = _attempted(environment, write, format=format, given=given)
    if written is None:
        if format == "text":
            click.echo("Nothing to write: the models and the database agree.")
            _tell_of_uncreated(environment, given["binds"])
    elif sql:
        click.echo(written, nl=False)
    else:
        print_written(written, format=format)


def _tell_of_uncreated(environment: Environment, binds: tuple[str, ...]) -> None:
    """Say which tables are there by other means, as they will be missing elsewhere."""
    from ...commands.uncreated import uncreated

    tables = uncreated(environment, binds=binds)
    if not tables:
        return
    one = len(tables) == 1
    where = f"Table {tables[0]} is" if one else f"Tables {output.listed(tables)} are"
    them, their = ("it", "its") if one else ("them", "their")
    click.echo(
        f"{where} in the database, and no revision creates {them}.\n"
        f"If create_all() made {them} when the app was made, take that out of the app. Then drop "
        f"{them} and run this again. Or, to keep {their} rows, run this on a new database after "
        "'flask db upgrade', and then 'flask db stamp head' on this one."
    )


Attempt = Callable[["Answers", "bool | None"], Any]


def _migrating(
    environment: Environment, message: str, *, sql: bool, given: dict[str, Any]
) -> Attempt:
    from ...commands.migrating import migrate, migration

    write = migration if sql else migrate
    return lambda answers, baseline: write(
        environment,
        message,
        place=place(given),
        answers=answers,
        binds=given["binds"],
        baseline=baseline,
    )


def _amending(
    environment: Environment, message: str, *, sql: bool, given: dict[str, Any]
) -> Attempt:
    for name in ("binds", "splice", "version_path", "baseline"):
        if given[name]:
            option = "bind" if name == "binds" else name.replace("_", "-")
            raise click.UsageError(f"--amend and --{option} do not go together.")
    from ...commands.amending import amend, amendment

    write: Any = amendment if sql else amend
    return lambda answers, _: write(environment, message, place=place(given), answers=answers)


def _attempted(
    environment: Environment, attempt: Attempt, *, format: str, given: dict[str, Any]
) -> Any:
    """Try until every question is answered, or nobody is there to answer."""
    from ...commands.migrating import Answers, fill

    answers = Answers.parse(
        rename=given["rename"],
        no_rename=given["no_rename"],
        rename_table=given["rename_table"],
        fill=given["fill"],
    )
    typed = answers.fills
    baseline = given["baseline"]
    asks = format == "text" and on_terminal()
    while True:
        try:
            return attempt(answers, baseline)
        except UnansweredQuestions as error:
            if not asks:
                raise
            answers = answered(error.questions, answers, fill)
        except BadFill as error:
            if not asks or error.place in typed or error.place not in answers.fills:
                raise
            click.echo(f"Error: {error.message}", err=True)
            answers = answers.without_fill(error.place)
        except WithoutHistory as error:
            if not (asks and confirmed(f"{error.message}\n{error.question}")):
                raise
            baseline = True
        except AmendOfApplied as error:
            if not (asks and error.target and confirmed(f"{error.message} Take it back first?")):
                raise
            take_back(environment, {"revision": error.target}, format=format)
        except DatabaseBehind as error:
            question = f"{error.message} Upgrade it first?"
            if not (given["upgrade"] or (asks and confirmed(question))):
                raise
            from ...commands.running import upgrade

            results = upgrade(environment, *error.pending, binds=given["binds"])
            print_carried(environment, results, format=format, nothing="Nothing to upgrade.")
