"""Which app is tested."""

from __future__ import annotations

import os

import pytest
from flask import Flask
from flask.cli import NoAppException, ScriptInfo

from ..errors.testing import NoAppToTest, NotAnApp


def given(request: pytest.FixtureRequest) -> Flask:
    """The app of the suite's own fixture ``app``, as pytest-flask has it, or the one Flask finds.

    Raises `NoAppToTest` and `NotAnApp`, in the words of a failed test.
    """
    try:
        return app_of(request)
    except (NoAppToTest, NotAnApp) as error:
        pytest.fail(str(error), pytrace=False)


def app_of(request: pytest.FixtureRequest) -> Flask:
    """The same, raising the errors themselves."""
    try:
        found = request.getfixturevalue("app")
    except pytest.FixtureLookupError as error:
        # It may be there and lack something itself.
        if error.argname != "app":
            raise
        return found_by_flask()
    if not isinstance(found, Flask):
        raise NotAnApp("app", found)
    return found


def found_by_flask() -> Flask:
    """The app that ``FLASK_APP`` names, or that is in ``wsgi.py`` or ``app.py``."""
    try:
        return ScriptInfo(app_import_path=os.environ.get("FLASK_APP")).load_app()
    except NoAppException as error:
        raise NoAppToTest(str(error)) from error
