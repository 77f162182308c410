"""Making the models visible: importing what defines them, and finding their bases."""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any, Literal

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, DeclarativeBaseNoMeta

from ..errors import ModelsNotImportable


def imported(names: Iterable[str]) -> tuple[str, ...]:
    """Import modules, and packages with all that is in them; the names of what was imported.

    Raises :exc:`ModelsNotImportable`, which names the module, for whatever an import raises.
    """
    done: dict[str, None] = {}
    for name in names:
        module = _import(name)
        done[name] = None
        if hasattr(module, "__path__"):
            done.update(dict.fromkeys(_below(module.__path__, f"{name}.")))
    return tuple(done)


def metadatas(modules: Iterable[str]) -> tuple[MetaData, ...]:
    """The metadata of each declarative base that the named packages or those around them define.

    Tests import a module of the same name again and again; what such an import has left in memory
    is passed over.
    """
    outermost = {name.partition(".")[0] for name in modules}
    found: dict[int, MetaData] = {}
    doubtful: dict[int, MetaData] = {}
    for root in (DeclarativeBase, DeclarativeBaseNoMeta):
        for base in _subclasses(root):
            metadata = getattr(base, "metadata", None)
            mine = base.__module__.partition(".")[0] in outermost
            if mine and isinstance(metadata, MetaData) and metadata.tables:
                places = {_place(each) for each in base.__mro__ if issubclass(each, root)}
                if "taken" not in places:
                    (doubtful if "unknown" in places else found)[id(metadata)] = metadata
    names = {name for metadata in found.values() for name in metadata.tables}
    for key, metadata in doubtful.items():
        if names.isdisjoint(metadata.tables):
            found[key] = metadata
    return tuple(found.values())


def _place(class_: type[Any]) -> Literal["its own", "taken", "unknown"]:
    """What stands where a class says that it is to be found."""
    module = sys.modules.get(class_.__module__)
    if module is None:
        return "taken"
    there = getattr(module, class_.__qualname__, None)
    if there is None:
        return "unknown"
    # A class may be made anew from itself: "class Model(Model)", or by a decorator.
    return "its own" if isinstance(there, type) and issubclass(there, class_) else "taken"


def _below(path: Sequence[str], prefix: str) -> Iterator[str]:
    """Import what is in a package, and in the packages within.

    pkgutil's walk_packages does the same and swallows what an import raises.
    """
    for info in pkgutil.iter_modules(path, prefix):
        # Importing __main__ runs a program.
        if info.name.rpartition(".")[2] == "__main__":
            continue
        module = _import(info.name)
        yield info.name
        if info.ispkg:
            yield from _below(module.__path__, f"{info.name}.")


def _import(name: str) -> ModuleType:
    try:
        return import_module(name)
    except Exception as error:
        raise ModelsNotImportable(name, error) from error


def _subclasses(base: type[Any]) -> Iterator[type[Any]]:
    for subclass in base.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)
