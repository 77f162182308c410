"""Rows that every shop has and that no revision brings: ``flask db seed`` puts them in, once."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from . import db, migrate
from .models import Category, Product


@migrate.seed("tea")
def tea() -> None:
    """A shelf of tea. A change of these lines makes the next ``flask db seed`` run them again."""
    shelf = db.session.scalar(select(Category).filter_by(name="Tea")) or Category(name="Tea")
    here = {product.slug for product in shelf.products}
    for name, price in {"Green tea": "5.40", "Peppermint": "3.90"}.items():
        slug = name.lower().replace(" ", "-")
        if slug not in here:
            shelf.products.append(Product(name=name, slug=slug, price=Decimal(price), stock=20))
    db.session.add(shelf)
