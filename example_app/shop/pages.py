"""The shop's pages."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

import flask_schemamigrate

from . import db
from .models import Category, Order

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def goods() -> ResponseReturnValue:
    """Everything that can be bought, shelf by shelf."""
    categories = db.session.scalars(select(Category).order_by(Category.name)).all()
    return render_template("goods.html", categories=categories)


@blueprint.get("/orders")
def orders() -> ResponseReturnValue:
    """All orders, the newest first."""
    found = db.session.scalars(select(Order).order_by(Order.placed.desc())).all()
    return render_template("orders.html", orders=found)


@blueprint.get("/health")
def health() -> ResponseReturnValue:
    """200 once every revision is applied, 503 before."""
    ready = all(status.is_ready for status in flask_schemamigrate.status())
    return jsonify(ready=ready), 200 if ready else 503
