"""Every verb and option of Flask-Migrate 4.1 is there, taking a value where it does there."""

from __future__ import annotations

import click
import pytest

from flask_schemamigrate.cli import Commands

OPTIONS = {
    "branches": "--directory --verbose -d -v",
    "check": "--directory -d",
    "current": "--directory --verbose -d -v",
    "downgrade": "--directory --sql --tag --x-arg -d -x",
    "edit": "--directory -d",
    "heads": "--directory --resolve-dependencies --verbose -d -v",
    "history": "--directory --indicate-current --rev-range --verbose -d -i -r -v",
    "init": "--directory --multidb --package --template -d -t",
    "list-templates": "",
    "merge": "--branch-label --directory --message --rev-id -d -m",
    "migrate": (
        "--branch-label --directory --head --message --rev-id --splice "
        "--sql --version-path --x-arg -d -m -x"
    ),
    "revision": (
        "--autogenerate --branch-label --directory --head --message "
        "--rev-id --splice --sql --version-path -d -m"
    ),
    "show": "--directory -d",
    "stamp": "--directory --purge --sql --tag -d",
    "upgrade": "--directory --sql --tag --x-arg -d -x",
}
FLAGS = {
    *("--autogenerate", "--sql", "--splice", "--multidb", "--package", "--verbose", "-v"),
    *("--indicate-current", "-i", "--resolve-dependencies", "--purge"),
}


@pytest.mark.parametrize("verb", OPTIONS)
def test_a_verb_takes_the_options_it_has_there(verb):
    group = Commands("db")
    command = group.get_command(click.Context(group), verb)
    assert command is not None
    options = [param for param in command.params if isinstance(param, click.Option)]
    flags = {name: option.is_flag for option in options for name in option.opts}
    wanted = {name: name in FLAGS for name in OPTIONS[verb].split()}
    assert wanted.items() <= flags.items()
