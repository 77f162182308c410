"""Where the revisions of an app are, whatever folder a command is typed in.

An installed package brings revisions of its own by an entry point in the group
``flask_schemamigrate.revisions``. Its name is the package's choice, its value ``package:folder`` or
the dotted name of the folder, which needs no ``__init__.py``::

    [project.entry-points."flask_schemamigrate.revisions"]
    reviews = "flask_reviews:versions"
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Sequence
from importlib.util import find_spec
from pathlib import Path

from ..errors import BadConfigValue, BadPlugin

GROUP = "flask_schemamigrate.revisions"


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
    found = []
    for text in given:
        path = location(text, root)
        if path is None:
            raise BadConfigValue(
                "SCHEMAMIGRATE_VERSION_LOCATIONS", text, "a path, or an importable package:folder"
            )
        found.append(path)
    return tuple(found)


def location(text: str, root: Path) -> Path | None:
    """The folder that a path or ``package:folder`` stands for, None without such a package."""
    package, colon, folder = text.partition(":")
    # A letter and a colon is a drive, not a package.
    if not colon or os.path.isabs(text):
        return Path(os.path.abspath(root / text))
    places = _places(package)
    return next((place / folder for place in places if (place / folder).is_dir()), None) or next(
        (place / folder for place in places), None
    )


def plugins(wanted: bool | Collection[str]) -> dict[str, Path]:
    """The folders that installed packages bring: of all, of none, or of those that are named.

    Raises :exc:`BadPlugin` for a folder that is not there, and for a name that nobody has.
    """
    if not wanted:
        return {}
    # Takes as long to import as it takes to ask; who wants no plugins need not wait.
    from importlib.metadata import entry_points

    values = {entry.name: entry.value for entry in entry_points(group=GROUP)}
    names = sorted(values) if wanted is True else wanted
    found = {}
    for name in names:
        if name not in values:
            raise BadPlugin(name, None, known=sorted(values))
        package, _, folder = values[name].partition(":")
        path = next((at / folder for at in _places(package) if (at / folder).is_dir()), None)
        if path is None:
            raise BadPlugin(name, values[name])
        found[name] = path
    return found


def _places(package: str) -> list[Path]:
    """The folders of a package, for a dotted name without importing the packages around it."""
    outermost, *inner = package.split(".")
    try:
        spec = find_spec(outermost)
    except (ImportError, ValueError):
        spec = None
    if spec is None or not spec.submodule_search_locations:
        return []
    places = [Path(place, *inner) for place in spec.submodule_search_locations]
    return [place for place in places if place.is_dir()]
