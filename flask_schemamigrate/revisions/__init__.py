"""The revision files, their graph, and the plans made from it.

Reading and planning are here by name. What only some commands need stays in its module and is
imported from there: ``drawing``, ``source`` and ``spelling`` (writing files), ``rewriting``,
``headfile``, ``module`` (importing files) and ``checksum``.
"""

from . import identifiers, plan
from .cache import Cache
from .folder import load
from .graph import Graph
from .revision import Revision

__all__ = ["Cache", "Graph", "Revision", "identifiers", "load", "plan"]
