"""The models' schema in MariaDB's own words, as far as that takes no database."""

from __future__ import annotations

from dataclasses import replace

from ...schema import Column, Schema
from ..mysql.canonical import Canonical
from .defaults import MariaDBDefaults
from .types import MariaDBTypes


class MariaDBCanonical(Canonical):
    """Spells models as MariaDB's reader would read them back."""

    title = "MariaDB"
    types = MariaDBTypes()
    defaults = MariaDBDefaults()

    def schema(self, wanted: Schema) -> Schema:
        """Every table spelled; MariaDB has sequences."""
        return replace(super().schema(wanted), sequences=wanted.sequences)

    def nullable(self, column: Column) -> bool:
        """Whether a column may be null; MariaDB lets every generated one be."""
        return column.computed is not None or super().nullable(column)
