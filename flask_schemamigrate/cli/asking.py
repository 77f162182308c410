"""Asking a person, on a terminal, what only a person can know."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..commands.migrating import Answers

WAYS = {
    "c": "a constant",
    "s": "an SQL expression",
    "d": "a server default that stays, if the model says it too",
    "n": "leave it nullable for now",
    "w": "write it as it is: the table is empty",
}

# What one types for an empty text, since a prompt asks again when nothing is typed.
EMPTY = ("''", '""')


def on_terminal() -> bool:
    """Whether somebody is there who can answer.

    Questions are written to standard error, so that the output may go elsewhere.
    """
    # None stands for one that is closed.
    return sys.stdin is not None and sys.stdin.isatty()


def confirmed(question: str) -> bool:
    """Whether somebody says yes."""
    return click.confirm(question, default=True, err=True)


def answered(questions: Any, answers: Answers, fill: Callable[[str], Any]) -> Answers:
    """The answers, and those a person gives to these questions."""
    for question in questions:
        if hasattr(question, "likeness") or hasattr(question, "enum"):
            answers = answers.answering(question, confirmed(question.text))
        else:
            click.echo(question.text, err=True)
            answers = answers.answering(question, fill(_way(question.suggestion)))
    return answers


def _way(suggestion: str | None) -> str:
    """How rows are filled, in the words of ``--fill``."""
    for letter, text in WAYS.items():
        click.echo(f"  {letter}  {text}", err=True)
    way = click.prompt("Fill with", type=click.Choice(list(WAYS)), default="c", err=True)
    match way:
        case "n":
            return "nullable:"
        case "w":
            return "as-is:"
        case "s":
            return f"sql:{click.prompt('Expression', err=True)}"
        case "d":
            return f"default:{click.prompt('Server default', default=suggestion, err=True)}"
        case _:
            value = click.prompt("Value", default=suggestion, err=True)
            return "value:" if value in EMPTY else f"value:{value}"
