"""Importing the revisions that are about to run."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial, wraps
from hashlib import sha256
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from ..errors.files import ImportFailed, InvalidSource
from ..errors.takeover import ArgumentsNeeded
from . import legacy
from .revision import Revision

Transform = Callable[[ast.Module], ast.Module]
Direction = Literal["upgrade", "downgrade"]
Function = Callable[..., Any]

# The decorators op.upgrade(name) and op.downgrade(name) leave (direction, name) here.
MARK = "__schemamigrate__"


@dataclass(frozen=True)
class LoadedRevision:
    """A revision whose file has been imported, so that its functions can be called.

    ``arguments`` are for functions that have parameters of these names; ``before`` is called before
    each of them.
    """

    revision: Revision
    module: ModuleType
    transform: Transform | None = legacy.adapted
    arguments: Mapping[str, Any] = field(default_factory=dict)
    before: Callable[[], object] | None = None

    def function(self, direction: Direction, bind: str | None = None) -> Function | None:
        """What takes a bind up or down, or None where the revision has nothing for it.

        The default bind has ``upgrade()`` and ``downgrade()``, any other the functions decorated
        for it. Files made with Flask-Migrate's ``--multidb`` have one ``upgrade(engine_name)``,
        which is called with the name of the bind, the empty one for the default.

        Raises ``ArgumentsNeeded`` when it is called and has parameters that nobody gave.
        """
        names = vars(self.module)
        plain = names.get(direction)
        found = None
        if callable(plain) and getattr(plain, MARK, None) is None:
            if _takes_engine_name(plain, self.arguments):
                if _has_own(names, direction, bind or ""):
                    found = partial(plain, bind or "")
            elif bind is None:
                found = plain
        if bind is not None:
            for value in names.values():
                if getattr(value, MARK, None) == (direction, bind):
                    found = value
        return None if found is None else self._beside_helpers(found)

    def _beside_helpers(self, function: Function) -> Function:
        """The function, able to import what lies beside its file while it runs."""

        @wraps(function)
        def call(*arguments: Any, **keywords: Any) -> Any:
            given = {**_accepted(function, self.arguments), **keywords}
            if not arguments and (missing := [*_needed(function).difference(given)]):
                raise ArgumentsNeeded(self.revision.id, self.revision.path, sorted(missing))
            with _helpers(self.revision.path.parent, self.transform):
                if self.before is not None:
                    self.before()
                return function(*arguments, **given)

        return call


def load(
    revision: Revision,
    *,
    transform: Transform | None = legacy.adapted,
    arguments: Mapping[str, Any] | None = None,
) -> LoadedRevision:
    """Import a revision file; raises ``InvalidSource`` or ``ImportFailed``.

    ``transform`` may change the syntax tree of the file, and of helper modules beside it, in
    memory; left alone, it lets files written for Alembic run. Line numbers and tracebacks are
    those of the file.
    """
    module = run(revision.path, transform=transform)
    return LoadedRevision(revision, module, transform, arguments or {})


def run(path: Path, *, transform: Transform | None = legacy.adapted) -> ModuleType:
    """A new module made from the file, found in ``sys.modules`` under a name nobody else has."""
    # Classes in the file look their own module up there: dataclasses, pickles, declarative models.
    path = path.absolute()
    name = f"schemamigrate_revision_{sha256(str(path).encode()).hexdigest()[:16]}"
    spec = spec_from_file_location(name, path, loader=_Loader(name, str(path), transform))
    if spec is None or spec.loader is None:
        raise ImportError(f"no module can be made from {path}")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        with _helpers(path.parent, transform):
            spec.loader.exec_module(module)
    except SyntaxError as error:
        del sys.modules[name]
        file = Path(error.filename) if error.filename else path
        raise InvalidSource(file, error.lineno, error.msg) from error
    except Exception as error:
        del sys.modules[name]
        raise ImportFailed(path, _line(error, path), error) from error
    return module


class _Loader(SourceFileLoader):
    """Compiles a file by way of the transform, and keeps nothing of it on disk."""

    def __init__(self, name: str, path: str, transform: Transform | None) -> None:
        super().__init__(name, path)
        self._transform = transform

    def source_to_code(  # type: ignore[override]  # The stubs differ between the base classes.
        self, data: Any, path: Any, *, _optimize: int = -1
    ) -> Any:
        if self._transform is legacy.adapted:
            data = legacy.plain(bytes(data)) or data
        if self._transform is None or not _changes(self._transform, data):
            return compile(data, path, "exec", dont_inherit=True, optimize=_optimize)
        tree = ast.fix_missing_locations(self._transform(ast.parse(data, path)))
        return compile(tree, path, "exec", dont_inherit=True, optimize=_optimize)

    def path_stats(self, path: Any) -> Any:
        # Without them there is no .pyc file, which an import without the transform would find.
        raise OSError


@dataclass(eq=False)
class _Finder(MetaPathFinder):
    """Finds modules that lie beside a revision file, after everything else has been tried."""

    folder: Path
    transform: Transform | None
    found: list[str] = field(default_factory=list)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        stem = self.folder.joinpath(*name.split("."))
        for file in (stem / "__init__.py", stem.with_name(f"{stem.name}.py")):
            if file.is_file():
                loader = _Loader(name, str(file), self.transform)
                self.found.append(name)
                return spec_from_file_location(name, file, loader=loader)
        return None


@dataclass(eq=False)
class _Transformer(MetaPathFinder):
    """Finds what Python finds, and lets modules that belong to the revisions be transformed."""

    home: Path
    transform: Transform

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or not spec.has_location or not str(spec.origin).endswith(".py"):
            return None
        file = Path(str(spec.origin))
        if not file.is_relative_to(self.home) or not _changes(self.transform, file.read_bytes()):
            return None
        loader = _Loader(name, str(file), self.transform)
        return spec_from_file_location(
            name, file, loader=loader, submodule_search_locations=spec.submodule_search_locations
        )


@contextmanager
def _helpers(folder: Path, transform: Transform | None) -> Iterator[None]:
    """Let modules beside a revision be imported, and forgotten again afterwards.

    Another folder may hold a helper of the same name, and the app's own modules go first. Of these,
    the ones in the folder that the revisions' folder is in are transformed as revisions are.
    """
    finder = _Finder(folder, transform)
    sys.meta_path.append(finder)
    transformer = None if transform is None else _Transformer(_home(folder), transform)
    if transformer is not None:
        sys.meta_path.insert(0, transformer)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        if transformer is not None:
            sys.meta_path.remove(transformer)
        for name in finder.found:
            sys.modules.pop(name, None)


def _home(folder: Path) -> Path:
    """The folder that holds the folder of the revisions, and what else belongs to them."""
    for each in (folder, *folder.parents[:3]):
        if each.name == "versions":
            return each.parent
        if (each / "env.py").is_file():
            return each
    return folder


def _changes(transform: Transform, data: bytes) -> bool:
    """Whether the transform could change this source."""
    # Compiling by way of a tree takes twice as long, and most files need not.
    return transform is not legacy.adapted or legacy.concerns(data)


def _takes_engine_name(function: Function, arguments: Mapping[str, Any]) -> bool:
    """Whether the function has one parameter that a call must give, and the app does not."""
    needed = _needed(function)
    return len(needed) == 1 and needed.isdisjoint(arguments)


def _needed(function: Function) -> set[str]:
    """The parameters that a call must give."""
    return {
        each.name
        for each in _parameters(function)
        if each.default is each.empty and each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
    }


def _accepted(function: Function, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the arguments that the function has a parameter for."""
    parameters = _parameters(function)
    if any(each.kind is each.VAR_KEYWORD for each in parameters):
        return dict(arguments)
    names = {each.name for each in parameters}
    return {name: value for name, value in arguments.items() if name in names}


def _parameters(function: Function) -> list[inspect.Parameter]:
    try:
        return [*inspect.signature(function).parameters.values()]
    except (TypeError, ValueError):
        return []


def _has_own(names: dict[str, Any], direction: Direction, bind: str) -> bool:
    """Whether ``upgrade_<bind>`` is there; a file without any such function decides by itself."""
    each = [name for name in names if name.startswith(f"{direction}_")]
    return not each or f"{direction}_{bind}" in each


def _line(error: Exception, path: Path) -> int | None:
    """The last line of the file that the exception came through."""
    found = None
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == str(path):
            found = traceback.tb_lineno
        traceback = traceback.tb_next
    return found
