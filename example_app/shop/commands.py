"""``flask fill`` and ``flask show``: rows to look at, and a look at them."""

from __future__ import annotations

from decimal import Decimal

import click
from flask import Blueprint
from sqlalchemy import func, select

from . import db
from .models import Category, Customer, Order, OrderLine, OrderStatus, Product, Review

blueprint = Blueprint("commands", __name__, cli_group=None)


@blueprint.cli.command()
def fill() -> None:
    """Put a customer with an order into an empty shop; the goods come with a revision."""
    if db.session.scalar(select(func.count(Customer.id))):
        click.echo("The shop has customers already.")
        return
    goods = db.session.scalars(select(Product).order_by(Product.id)).all()
    lines = [OrderLine(product=each, quantity=1, price=each.price) for each in goods[:2]]
    ann = Customer(email="ann@example.com", full_name="Ann Baker")
    ann.orders = [
        Order(
            status=OrderStatus.paid,
            currency="EUR",
            total=sum((line.price for line in lines), Decimal()),
            lines=lines,
        )
    ]
    db.session.add(ann)
    db.session.add(Review(product=goods[0], stars=5, text="Still warm after an hour."))
    db.session.commit()
    click.echo("Ann ordered two things and liked one.")


@blueprint.cli.command()
def show() -> None:
    """List what is in the shop."""
    for category in db.session.scalars(select(Category).order_by(Category.name)):
        click.echo(category.name)
        for product in sorted(category.products, key=lambda each: each.name):
            click.echo(f"  {product.name:20} {product.price:>8} {product.slug}")
    total = db.session.scalar(select(func.sum(Order.total)))
    click.echo(f"Ordered so far: {(total or Decimal()):.2f}")
