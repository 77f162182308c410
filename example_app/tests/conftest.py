"""The shop as its tests see it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from shop import create_app


@pytest.fixture
def app() -> Flask:
    """The shop. Its database is not touched: each test is given one of its own."""
    return create_app()


@pytest.fixture
def client(app: Flask, migrated_database: object) -> FlaskClient:
    """Somebody who looks at the shop's pages, on a fresh copy of the database."""
    return app.test_client()
