"""The operations as functions, for files that say ``from alembic.op import add_column``."""

from __future__ import annotations

from ..operations import op
from .former import functions

__getattr__ = functions(op)
