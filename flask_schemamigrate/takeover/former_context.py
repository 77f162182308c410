"""The context's answers as functions, for ``from alembic.context import get_context``."""

from __future__ import annotations

from ..operations import context
from .former import functions

__getattr__ = functions(context)
