"""How results are printed: as text for people, as a line of JSON each for programs."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from io import TextIOWrapper
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from ..commands import Environment

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

NO_REVISIONS = "There are no revisions yet; 'flask db migrate' writes the first."

_COLOURS = {"+": "green", "-": "red", "~": "yellow", "->": "cyan"}


def format_option(function: F) -> F:
    """Give a verb ``--format text`` and ``--format json``; it arrives as ``format``."""
    option = click.option(
        "--format",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="What to print: text, or a line of JSON for each result.",
    )
    return option(function)


def write(
    results: Iterable[T],
    *,
    format: str,
    text: Callable[[T], str | None],
    events: bool = False,
    nothing: str = "",
) -> None:
    """Print results as they come; ``text`` says one in words, or None where there is none.

    As ``events`` they say in JSON what they are. A list is there already, and printed at once: for
    thousands of lines that is much quicker. ``nothing`` is told where an empty list would leave a
    person in doubt.
    """

    def as_json(each: T) -> str:
        return json.dumps({**({"event": kind(each)} if events else {}), **plain(each)})

    lines = (as_json(each) if format == "json" else text(each) for each in results)
    said = (line for line in lines if line is not None)
    if isinstance(results, list):
        click.echo("".join(f"{line}\n" for line in said), nl=False)
        if nothing and not results and format == "text":
            click.echo(nothing, err=True)
        return
    for line in said:
        click.echo(line)


def naming(environment: Environment) -> Callable[[str | None], str]:
    """What a line about a bind begins with: its name, if the app has several."""
    several = len(environment.binds) > 1
    return lambda bind: f"[{bind or 'default'}] " if several else ""


@contextmanager
def in_any_alphabet() -> Iterator[None]:
    """A block in which letters that standard output cannot write are written as escapes.

    They would otherwise end a run between two revisions.
    """
    stream = sys.stdout
    if not isinstance(stream, TextIOWrapper) or stream.errors != "strict":
        yield
        return
    stream.reconfigure(errors="backslashreplace")
    try:
        yield
    finally:
        stream.reconfigure(errors="strict")


@contextmanager
def as_they_are() -> Iterator[None]:
    """A block whose letters are written as they are. Raises `LettersMissing`."""
    try:
        yield
    except UnicodeEncodeError as error:
        from ..errors import LettersMissing

        # The error itself says "charmap" for many.
        encoding = sys.stdout.encoding
        raise LettersMissing(error.object[error.start : error.end], encoding) from error


def kind(event: object) -> str:
    """What an event is called: ``Started`` is ``started``, ``TakenOver`` is ``taken_over``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(event).__name__).lower()


def marked(mark: str, text: str) -> str:
    """A line of a list of changes, ``+ user.email``, in the colour of its mark.

    Click drops the colour unless it is printed on a terminal.
    """
    return f"{click.style(mark, fg=_COLOURS.get(mark))} {text}"


def listed(names: Sequence[str], most: int = 5) -> str:
    """Names for a sentence, cut short where there are many."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def plain(value: object) -> Any:
    """A value as JSON can hold it: a dataclass as its fields, a date as ISO 8601, a set sorted."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, Enum):
        return plain(value.value)
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name))
            for field in fields(value)
            if field.repr and not field.name.startswith("_")
        }
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, Set):
        return sorted((plain(each) for each in value), key=str)
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return [plain(each) for each in value]
    return _scalar(value)


def _scalar(value: object) -> Any:
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, PathLike):
        return fspath(value)
    return str(value)
