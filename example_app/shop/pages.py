"""The shop's pages."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

import flask_schemamigrate

from . import db
from .models import Category, Customer, Order, Product

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def goods() -> ResponseReturnValue:
    """Everything that can be bought, shelf by shelf."""
    categories = db.session.scalars(select(Category).order_by(Category.name)).all()
    return render_template("goods.html", categories=categories)


@blueprint.get("/goods/<slug>")
def product(slug: str) -> ResponseReturnValue:
    """One product, with what customers think of it."""
    found = db.one_or_404(select(Product).filter_by(slug=slug))
    return render_template("product.html", product=found)


@blueprint.get("/orders")
def orders() -> ResponseReturnValue:
    """All orders, the newest first."""
    found = db.session.scalars(select(Order).order_by(Order.placed.desc())).all()
    return render_template("orders.html", orders=found)


@blueprint.get("/customers")
def customers() -> ResponseReturnValue:
    """Who buys, and how much."""
    found = db.session.scalars(select(Customer).order_by(Customer.full_name)).all()
    return render_template("customers.html", customers=found)


@blueprint.get("/revisions")
def revisions() -> ResponseReturnValue:
    """The history of the shop's database: each command is a function as well."""
    applied = flask_schemamigrate.history(indicate_current=True)
    (status,) = flask_schemamigrate.status()
    return render_template("revisions.html", revisions=applied, status=status)


@blueprint.get("/health")
def health() -> ResponseReturnValue:
    """200 once every revision is applied, 503 before."""
    ready = all(status.is_ready for status in flask_schemamigrate.status())
    return jsonify(ready=ready), 200 if ready else 503
