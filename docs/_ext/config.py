"""The page about the app's config, made from the keys' declarations."""

from __future__ import annotations

from flask_schemamigrate.config import keys


def page() -> str:
    """A heading for each key."""
    return "\n".join(
        f"## {key.name}\n\n{key.text}\n\nIt is {key.expected}. Default: `{key.default!r}`.\n"
        for key in keys()
    )
