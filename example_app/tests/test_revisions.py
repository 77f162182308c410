"""What revisions do to rows. That they run at all is tested by ``--schemamigrate``."""

from __future__ import annotations

from decimal import Decimal

import pytest


@pytest.fixture
def ordered(migrations):
    """A database in which somebody has ordered two loaves, before anything was done to orders."""
    migrations.upgrade("d2ba3a1d366d")
    migrations.table("customer").insert(id=1, email="ann@example.com", name="Ann")
    migrations.table("orders").insert(id=1, customer_id=1)
    loaf = migrations.table("product").row(slug="rye-loaf")
    migrations.table("order_line").insert(
        order_id=1, product_id=loaf["id"], quantity=2, price=loaf["price"]
    )
    return migrations


def test_slugs_are_made_from_names(migrations):
    migrations.upgrade("2eb41f21a99c")
    migrations.table("category").insert(id=7, name="Wine")
    migrations.table("product").insert(name="Red Old Wine", price=Decimal(9), category_id=7)
    migrations.upgrade("29089ab6e6bf")
    assert migrations.table("product").row(category_id=7)["slug"] == "red-old-wine"


def test_a_renamed_column_keeps_what_is_in_it(ordered):
    ordered.upgrade("547d006acc4c")
    assert ordered.table("customer").row(id=1)["full_name"] == "Ann"


def test_old_orders_are_in_euros(ordered):
    ordered.upgrade("2205dcacfa27")
    assert ordered.table("orders").row(id=1)["currency"] == "EUR"


def test_totals_are_added_up(ordered):
    ordered.table("orders").insert(id=2, customer_id=1)
    ordered.upgrade("b580af966598")
    totals = [row["total"] for row in ordered.table("orders").rows()]
    assert totals == [Decimal("9.60"), Decimal(0)]


def test_an_order_that_came_back_counts_as_sent_where_none_can_come_back(ordered):
    ordered.upgrade("e50d17e8a3ad")
    ordered.execute("UPDATE orders SET status = 'returned'")
    ordered.downgrade()
    assert ordered.table("orders").row(id=1)["status"] == "sent"
