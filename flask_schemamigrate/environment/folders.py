"""Where the revisions of an app are, whatever folder a command is typed in."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from ..errors import BadConfigValue


def project_root(import_name: str, root_path: str | os.PathLike[str]) -> Path:
    """The folder that holds the app's package or module; for a dotted name the outermost one.

    ``import_name`` and ``root_path`` are those of the Flask app. Where the app was given a root
    path that is not its module's folder, that path is the root.
    """
    module = sys.modules.get(import_name)
    file = getattr(module, "__file__", None)
    path = Path(os.path.abspath(root_path))
    if file is None or Path(os.path.abspath(file)).parent != path:
        return path
    # 'python -m shop.wsgi' runs the module as __main__; its spec remembers the name.
    spec = getattr(module, "__spec__", None)
    name = spec.name if import_name == "__main__" and spec is not None else import_name
    levels = name.count(".") + (1 if hasattr(module, "__path__") else 0)
    return path.parents[levels - 1] if levels else path


def directory(given: str | os.PathLike[str], root: Path) -> Path:
    """The folder of the revisions: a relative one is under the root, or if only there, under here.

    A folder that is in neither place will be made under the root.
    """
    inside = Path(os.path.abspath(root / given))
    here = Path(os.path.abspath(given))
    return here if not inside.is_dir() and here.is_dir() else inside


def locations(given: Sequence[str], directory: Path, root: Path) -> tuple[Path, ...]:
    """The folders that revision files are in; the first one takes new files."""
    if not given:
        return (directory / "versions",)
    return tuple(_location(text, root) for text in given)


def _location(text: str, root: Path) -> Path:
    package, colon, folder = text.partition(":")
    # A letter and a colon is a drive, not a package.
    if not colon or os.path.isabs(text):
        return Path(os.path.abspath(root / text))
    try:
        spec = find_spec(package)
    except (ImportError, ValueError):
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise BadConfigValue(
            "SCHEMAMIGRATE_VERSION_LOCATIONS", text, "a path, or an importable package:folder"
        )
    return Path(spec.submodule_search_locations[0]) / folder
