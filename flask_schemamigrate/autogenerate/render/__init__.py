"""Operations as the Python source of a revision."""

from .source import Source, source

__all__ = ["Source", "source"]
