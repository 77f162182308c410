"""What Alembic's files beside the revisions say, read without running them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from configparser import ConfigParser
from functools import cached_property
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from ..errors.takeover import UnansweredHooks
from ..hooks import Hooks
from ..revisions import identifiers

if TYPE_CHECKING:
    from ..revisions import Graph, Revision
    from ..revisions.module import Transform
    from . import Environment

# Without these, tables that the app's models do not know could be taken for superfluous.
DECIDING = ("include_object", "include_name", "include_symbol")


def deciding_hooks(file: Path) -> list[tuple[str, str]]:
    """The deciding functions that the file gives Alembic, each with its file and line."""
    try:
        tree = ast.parse(file.read_bytes(), str(file))
    except (OSError, SyntaxError, ValueError):
        return []
    found: dict[str, str] = {}
    for name, line in _given(tree, DECIDING):
        found.setdefault(name, f"{file}:{line}")
    return list(found.items())


def refuse_unanswered(folder: Path, hooks: Hooks, ignored: Sequence[str]) -> None:
    """Raise `UnansweredHooks` if ``env.py`` decides what is compared and the app does not."""
    missing = [
        (name, place)
        for name, place in deciding_hooks(folder / "env.py")
        if getattr(hooks, name, None) is None and name not in ignored
    ]
    if missing:
        raise UnansweredHooks(missing)


def _given(tree: ast.Module, names: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Where one of the names is a keyword with a value, or a key in a dict of keywords."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg is not None and node.arg in names:
            if not (isinstance(node.value, ast.Constant) and node.value.value is None):
                yield node.arg, node.value.lineno
        elif isinstance(node, ast.Constant) and node.value in names:
            yield str(node.value), node.lineno


class FormerConfig:
    """What ``op.get_context().config`` answers: the app's settings, and what an ini file says.

    Scripts written for Alembic ask for ``get_main_option("...")`` and keep things in
    ``attributes``. Every other attribute is one of this package's own settings.
    """

    def __init__(self, own: Any, folder: Path, url: str, x: Sequence[str] = ()) -> None:
        self._own, self._folder, self._url = own, folder, url
        self.attributes: dict[str, Any] = {}
        self.cmd_opts = SimpleNamespace(x=list(x))
        self.config_ini_section = "alembic"

    @cached_property
    def file_config(self) -> ConfigParser:
        """The ini file in the folder of the revisions or above it, empty if there is none."""
        parser = ConfigParser(defaults={"here": str(self._folder)}, interpolation=None)
        for folder in (self._folder, self._folder.parent):
            if (file := folder / "alembic.ini").is_file():
                parser.read(file, encoding="utf-8")
                break
        return parser

    def get_main_option(self, name: str, default: str | None = None) -> str | None:
        """A setting of the ini file; the database's URL and the folder are the app's own."""
        return self.get_section_option(self.config_ini_section, name, default)

    def get_section_option(self, section: str, name: str, default: str | None = None) -> str | None:
        """A setting of a section of the ini file, with the app's own in the main one."""
        settings: dict[str, str] = self.get_section(section)
        return settings.get(self.file_config.optionxform(name), default)

    def get_section(self, name: str, default: Any = None) -> Any:
        """All settings of a section of the ini file, with the app's own in the main one."""
        own = {"sqlalchemy.url": self._url, "script_location": str(self._folder)}
        ours = own if name == self.config_ini_section else {}
        if self.file_config.has_section(name):
            return {**dict(self.file_config.items(name)), **ours}
        return ours or (default if default is not None else {})

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)


class FormerScripts:
    """What ``op.get_context().script`` answers: the revisions that the files hold.

    Scripts written for Alembic look up there how an older one has defined a view or a function.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    @cached_property
    def _graph(self) -> Graph:
        return self._environment.graph()

    def get_revision(self, name: str) -> FormerScript | None:
        """The revision of that identifier, ``None`` for the base.

        Raises what an identifier that names none, or several, raises.
        """
        id = identifiers.single(name, self._graph)
        return None if id is None else FormerScript(self._graph[id], self._environment.transform)

    def get_heads(self) -> list[str]:
        """The ids of all heads."""
        return list(self._graph.heads)

    def get_current_head(self) -> str | None:
        """The id of the one head, ``None`` without any revision. Raises ``MultipleHeads``."""
        return identifiers.single("head", self._graph)


class FormerScript:
    """One revision, by the names that Alembic has for what is in its header."""

    def __init__(self, revision: Revision, transform: Transform | None) -> None:
        self._transform = transform
        self._file = revision
        self.revision = revision.id
        self.doc = revision.message
        self.path = revision.file

    @property
    def down_revision(self) -> str | tuple[str, ...] | None:
        """What it follows: nothing, one revision or, as a tuple, several."""
        parents = self._file.parents
        return parents if len(parents) > 1 else next(iter(parents), None)

    @cached_property
    def module(self) -> ModuleType:
        """The file, imported. Raises ``InvalidSource`` or ``ImportFailed``."""
        from ..revisions import legacy, module

        transform = self._transform or legacy.adapted
        return module.load(self._file, transform=transform, sums=False).module
