"""A type by nothing but its text."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


class Declared(sa.types.UserDefinedType[Any]):
    """A type that a database has and SQLAlchemy has no name for, written as it is declared."""

    cache_ok = True

    def __init__(self, text: str = "") -> None:
        self.text = text

    def get_col_spec(self, **options: Any) -> str:
        """What CREATE TABLE says."""
        return self.text
