"""Names that a misspelt one may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def near(name: str, names: Iterable[str]) -> list[str]:
    """At most three of ``names`` that look like ``name``, the likeliest first."""
    # Imported here because it is only wanted when something went wrong.
    from difflib import get_close_matches

    return get_close_matches(name, names, n=3, cutoff=0.7)
