"""The shop's pages, on a database that the revisions made."""

from __future__ import annotations

import pytest
from flask.testing import FlaskCliRunner


@pytest.fixture
def run(app) -> FlaskCliRunner:
    return app.test_cli_runner()


def test_the_goods_are_on_the_first_page(client):
    assert "Rye loaf" in client.get("/").text


def test_a_product_has_a_page_with_its_reviews(client, run):
    run.invoke(args=["fill"])
    assert "★★★★★ Still warm after an hour." in client.get("/goods/rye-loaf").text


def test_an_order_shows_its_total(client, run):
    run.invoke(args=["fill"])
    page = client.get("/orders").text
    assert "Ann Baker" in page
    assert "5.70 EUR" in page


def test_nobody_has_ordered_before_the_shop_is_filled(client):
    """What the test before this one put in is gone: every test has a copy of its own."""
    assert "Ann Baker" not in client.get("/customers").text


def test_the_seed_puts_tea_on_a_shelf_once(client, run):
    assert "Seeded tea" in run.invoke(args=["db", "seed"]).output
    assert "Nothing to seed." in run.invoke(args=["db", "seed"]).output
    assert client.get("/").text.count("Peppermint") == 1


def test_the_shop_is_healthy_once_it_is_migrated(client):
    assert client.get("/health").status_code == 200


def test_the_shop_is_not_healthy_before(app, migrations):
    migrations.upgrade("2eb41f21a99c")
    assert app.test_client().get("/health").status_code == 503


def test_every_revision_is_listed(client):
    page = client.get("/revisions").text
    assert "every order has a total" in page
    assert "pending" not in page.partition("</style>")[2]
