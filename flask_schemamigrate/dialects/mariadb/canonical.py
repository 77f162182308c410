"""The models' schema in MariaDB's own words, as far as that takes no database."""

from __future__ import annotations

from dataclasses import replace

from ...schema import Check, Column, Schema
from ..mysql.canonical import Canonical
from .defaults import MariaDBDefaults
from .read import unsaid
from .types import MariaDBTypes


class MariaDBCanonical(Canonical):
    """Spells models as MariaDB's reader would read them back."""

    types = MariaDBTypes()
    defaults = MariaDBDefaults()

    def schema(self, wanted: Schema) -> Schema:
        """Every table spelled; MariaDB has sequences."""
        sequences = {key: unsaid(item) for key, item in wanted.sequences.items()}
        return replace(super().schema(wanted), sequences=sequences)

    def check(self, check: Check) -> Check:
        """A check, which nobody can leave unenforced."""
        return replace(super().check(check), options={})

    def nullable(self, column: Column) -> bool:
        """Whether a column may be null; MariaDB lets every generated one be."""
        return column.computed is not None or super().nullable(column)
