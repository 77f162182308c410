"""Operations as the Python source of a revision."""

from .source import Source, render

__all__ = ["Source", "render"]
