"""The ``SCHEMAMIGRATE_*`` keys: what they may be, and how a wrong one is explained."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from flask_schemamigrate.config import Config, keys
from flask_schemamigrate.errors import BadConfigValue, UnknownConfigKey


def test_an_empty_config_gives_every_default():
    assert Config.read({}) == Config()


def test_a_key_is_read_into_the_field_of_its_name():
    assert Config.read({"SCHEMAMIGRATE_HISTORY_TABLE": "applied"}).history_table == "applied"


def test_other_extensions_keys_are_left_alone():
    assert Config.read({"SQLALCHEMY_DATABASE_URI": "sqlite://", "DEBUG": True}) == Config()


def test_the_config_goes_before_what_was_given_in_code():
    config = Config.read({"SCHEMAMIGRATE_DIRECTORY": "there"}, directory="here")

    assert config.directory == "there"


def test_paths_may_be_path_objects():
    config = Config.read({"SCHEMAMIGRATE_VERSION_LOCATIONS": [Path("a"), "b"]})

    assert config.version_locations == ("a", "b")


def test_lists_are_kept_where_nobody_can_change_them():
    given = ["spatial_ref_sys"]
    config = Config.read({"SCHEMAMIGRATE_EXCLUDE": given})
    given.append("user")

    assert config.exclude == ("spatial_ref_sys",)


def test_an_unknown_key_is_an_error_that_names_the_near_one():
    with pytest.raises(UnknownConfigKey) as caught:
        Config.read({"SCHEMAMIGRATE_LOCKWAIT": 5})

    assert str(caught.value) == (
        "The config key SCHEMAMIGRATE_LOCKWAIT is not known.\nDid you mean SCHEMAMIGRATE_LOCK_WAIT?"
    )


def test_an_unknown_key_like_no_other_is_answered_with_all():
    with pytest.raises(UnknownConfigKey, match="Known are: SCHEMAMIGRATE_DIRECTORY, ") as caught:
        Config.read({"SCHEMAMIGRATE_XYZZY": 5})

    assert caught.value.near is None


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("DIRECTORY", 5, "a path"),
        ("DIRECTORY", "", "a path"),
        ("RECURSIVE", "yes", "True or False"),
        ("LOCK_WAIT", True, "a number of seconds, 0 or more"),
        ("LOCK_RETRIES", float("inf"), "a number, 0 or more"),
        ("LOCK_TIMEOUT", float("inf"), "a number of seconds, 0 or more"),
        ("LOCK_WAIT", -1, "a number of seconds, 0 or more"),
        ("LOCK_WAIT", None, "a number of seconds, 0 or more"),
        ("STATEMENT_TIMEOUT", "5", "a number of seconds, 0 or more, or None"),
        ("LOCK", "row", "'auto' or 'session' or 'lease'"),
        ("EXCLUDE", "spatial_ref_sys", "a list of strings"),
        ("VERSION_LOCATIONS", [5], "a list of paths"),
        ("INCLUDE_SCHEMAS", "audit", "True, False or a list of schema names"),
        ("NAMING_CONVENTION", ["ix"], "a dict of naming patterns by kind of constraint, or None"),
        (
            "POST_WRITE_HOOKS",
            [{"run": "ruff"}],
            "a list of command lines, or of dicts with 'type' exec and 'executable', module and "
            "'module', or console_scripts and 'entrypoint'",
        ),
        ("HISTORY_TABLE", "", "a string of 1 to 55 bytes"),
        ("HISTORY_TABLE", "ü" * 28, "a string of 1 to 55 bytes"),
    ],
)
def test_a_wrong_value_is_an_error_that_says_what_is_expected(key, value, expected):
    with pytest.raises(BadConfigValue) as caught:
        Config.read({f"SCHEMAMIGRATE_{key}": value})

    assert str(caught.value) == f"SCHEMAMIGRATE_{key} is {value!r}.\nIt must be {expected}."


@pytest.mark.parametrize("key", [*keys()], ids=lambda key: key.name)
def test_the_default_of_a_key_is_one_of_its_values(key):
    assert Config.read({key.name: key.default}) == Config()


@pytest.mark.parametrize("key", [*keys()], ids=lambda key: key.name)
def test_a_key_says_what_it_is_for(key):
    assert key.text.endswith(".")


def test_keys_come_from_the_process_environment_as_flask_reads_it(monkeypatch):
    monkeypatch.setenv("FLASK_SCHEMAMIGRATE_LOCK_WAIT", "2.5")
    monkeypatch.setenv("FLASK_SCHEMAMIGRATE_EXCLUDE", '["audit_*"]')
    app = Flask("shop")
    app.config.from_prefixed_env()

    config = Config.read(app.config)

    assert (config.lock_wait, config.exclude) == (2.5, ("audit_*",))
