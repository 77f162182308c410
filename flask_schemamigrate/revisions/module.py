"""Importing the revisions that are about to run."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from hashlib import sha256
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from ..errors.files import ImportFailed, InvalidSource
from ..errors.revisions import complaint
from ..errors.takeover import ArgumentsNeeded
from . import catching, checksum, legacy
from .decoding import decoded, digest
from .revision import Direction, Revision

Transform = legacy.Transform
Function = Callable[..., Any]

# The decorators op.upgrade(name) and op.downgrade(name) leave (direction, name) here.
MARK = "__schemamigrate__"

INSTALLED = frozenset({"site-packages", "dist-packages"})


@dataclass(frozen=True)
class LoadedRevision:
    """A revision whose file has been imported, so that its functions can be called.

    ``source`` is what was read from the file, and ``checksum`` that of it, whatever has become of
    the file since. ``arguments`` are for functions that have parameters of these names; ``before``
    is called before each of them.
    """

    revision: Revision
    module: ModuleType
    source: bytes
    checksum: str = ""
    transform: Transform | None = legacy.adapted
    arguments: Mapping[str, Any] = field(default_factory=dict)
    before: Callable[[], object] | None = None

    @cached_property
    def text(self) -> str:
        """What was imported."""
        return decoded(self.source)

    @property
    def digest(self) -> str:
        """The digest of what was imported."""
        return digest(self.text)

    @property
    def is_former(self) -> bool:
        """Whether the file was written for Alembic, though its imports may be ours by now."""
        return legacy.is_former(self.source)

    @property
    def catches(self) -> bool:
        """Whether its code seems to catch errors, or a helper's that it got ``op`` from."""
        return catching.seems_to(self.source) or catching.has_helper(self.module)

    @property
    def has_upgrade(self) -> bool:
        """Whether the file has a function that takes any bind up."""
        names = vars(self.module)
        marks = (getattr(value, MARK, None) for value in names.values())
        return callable(names.get("upgrade")) or any(
            mark and mark[0] == "upgrade" for mark in marks
        )

    def functions(self, direction: Direction, binds: Sequence[str | None]) -> list[Function]:
        """What takes a database up, by all the names that the app has for it; or down, last first.

        See `function` for what is called and what it raises.
        """
        found = [self.function(direction, bind) for bind in binds]
        there = [function for function in found if function is not None]
        return there if direction == "upgrade" else there[::-1]

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
            needed = _needed(_parameters(plain))
            # Of one that a call must give, and the app does not, the name of the bind is the value.
            if len(needed) == 1 and needed.isdisjoint(self.arguments):
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

        def call(*arguments: Any, **keywords: Any) -> Any:
            parameters = _parameters(function)
            given = {**_accepted(parameters, self.arguments), **keywords}
            if not arguments and (missing := _needed(parameters).difference(given)):
                raise ArgumentsNeeded(self.revision.id, self.revision.path, sorted(missing))
            with _helpers(os.path.dirname(self.revision.file), self.transform):
                if self.before is not None:
                    self.before()
                result = function(*arguments, **given)
                refuse_unawaited(result)
                return result

        return call


def refuse_unawaited(result: object) -> None:
    """Raise `TypeError` if a function that was called is asynchronous, and so did nothing yet."""
    if inspect.iscoroutine(result):
        result.close()
        raise TypeError(
            f"{result.__qualname__}() is an 'async def', and nobody awaits it. Make it a plain "
            "'def'; in a revision, op.run_async() awaits what has to be awaited"
        )


def load(
    revision: Revision,
    *,
    transform: Transform | None = legacy.adapted,
    arguments: Mapping[str, Any] | None = None,
    sums: bool = True,
) -> LoadedRevision:
    """Import a revision file; raises ``InvalidSource`` or ``ImportFailed``.

    ``transform`` may change the syntax tree of the file, and of helper modules beside it, in
    memory; left alone, it lets files written for Alembic run. Line numbers and tracebacks are
    those of the file. Its checksum takes as long as the rest, and is left out without ``sums``.
    """
    module, loader = _imported(revision.file, transform, sums=sums)
    return LoadedRevision(
        revision, module, loader.source, loader.checksum, transform, arguments or {}
    )


def run(path: Path, *, transform: Transform | None = legacy.adapted) -> ModuleType:
    """A new module made from the file, found in ``sys.modules`` under a name nobody else has."""
    return _imported(str(path), transform)[0]


def _imported(
    file: str, transform: Transform | None, *, sums: bool = False
) -> tuple[ModuleType, _Loader]:
    """The module made from a file, and what read it."""
    # Classes in the file look their own module up there: dataclasses, pickles, declarative models.
    file = os.path.join(os.getcwd(), file)
    name = f"schemamigrate_revision_{sha256(file.encode()).hexdigest()[:16]}"
    loader = _Loader(name, file, transform, sums=sums)
    module = ModuleType(name)
    module.__file__ = file
    module.__loader__ = loader
    # Told that it has a location, it would work out where a .pyc file belongs.
    module.__spec__ = ModuleSpec(name, loader, origin=file)
    sys.modules[name] = module
    try:
        with _helpers(os.path.dirname(file), transform):
            loader.exec_module(module)
    except SyntaxError as error:
        del sys.modules[name]
        raise InvalidSource(Path(error.filename or file), error.lineno, complaint(error)) from error
    except Exception as error:
        del sys.modules[name]
        raise ImportFailed(Path(file), _line(error, file), error) from error
    return module, loader


class _Loader(SourceFileLoader):
    """Compiles a file by way of the transform, and keeps nothing of it on disk."""

    def __init__(
        self, name: str, path: str, transform: Transform | None, *, sums: bool = False
    ) -> None:
        super().__init__(name, path)
        self._transform = transform
        self._sums = sums
        self.source = b""
        self.checksum = ""

    def get_code(self, fullname: str) -> Any:
        # Python's own would look for a .pyc file, which an import without the transform had left.
        self.source = self.get_data(self.path)
        return self.source_to_code(self.source, self.path)

    def source_to_code(  # type: ignore[override]  # The stubs differ between the base classes.
        self, data: Any, path: Any, *, _optimize: int = -1
    ) -> Any:
        if not self._sums:
            return legacy.compiled(bytes(data), path, self._transform, optimize=_optimize)
        tree = legacy.parsed(bytes(data), path, self._transform)
        code = compile(tree, path, "exec", dont_inherit=True, optimize=_optimize)
        self.checksum = checksum.of_tree(tree)
        return code


@dataclass(eq=False)
class _Finder(MetaPathFinder):
    """Finds modules that lie beside a revision file, after everything else has been tried."""

    folder: str
    transform: Transform | None
    found: list[str] = field(default_factory=list)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        stem = Path(self.folder, *name.split("."))
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
        # What is in an archive is no file.
        if not (_belongs(file, self.home) and file.is_file()):
            return None
        if not _changes(self.transform, file.read_bytes()):
            return None
        loader = _Loader(name, str(file), self.transform)
        return spec_from_file_location(
            name, file, loader=loader, submodule_search_locations=spec.submodule_search_locations
        )


@contextmanager
def _helpers(folder: str, transform: Transform | None) -> Iterator[None]:
    """Let modules beside a revision be imported, and forgotten again afterwards.

    Another folder may hold a helper of the same name, and the app's own modules go first. Of these,
    the ones that belong to the revisions' own project are transformed as revisions are.
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


@cache
def _home(folder: str) -> Path:
    """The project that the revisions belong to; a folder that is not Alembic's is one by itself."""
    inner = Path(folder)
    for each in (inner, *inner.parents[:3]):
        if each.name == "versions":
            return _project(each.parent)
        if (each / "env.py").is_file():
            return _project(each)
    return inner


def _project(folder: Path) -> Path:
    """The outermost package that holds a folder, or else the folder beside the app's package."""
    if not _is_package(folder.parent):
        return folder if folder.parent.name in INSTALLED else folder.parent
    while _is_package(folder.parent):
        folder = folder.parent
    return folder


def _is_package(folder: Path) -> bool:
    return (folder / "__init__.py").is_file()


def _belongs(file: Path, home: Path) -> bool:
    """Whether a module is the project's own, and not one installed in a folder inside it."""
    if not file.is_relative_to(home):
        return False
    return INSTALLED.isdisjoint(file.relative_to(home).parts)


def _changes(transform: Transform, data: bytes) -> bool:
    """Whether the transform could change this source."""
    return transform is not legacy.adapted or legacy.concerns(data)


def _needed(parameters: Sequence[inspect.Parameter]) -> set[str]:
    """The parameters that a call must give."""
    return {
        each.name
        for each in parameters
        if each.default is each.empty and each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
    }


def _accepted(
    parameters: Sequence[inspect.Parameter], arguments: Mapping[str, Any]
) -> dict[str, Any]:
    """Those of the arguments that a function has a parameter for."""
    if any(each.kind is each.VAR_KEYWORD for each in parameters):
        return dict(arguments)
    names = {each.name for each in parameters}
    return {name: value for name, value in arguments.items() if name in names}


def _parameters(function: Function) -> list[inspect.Parameter]:
    if _takes_nothing(function):
        return []
    try:
        return [*inspect.signature(function).parameters.values()]
    except (TypeError, ValueError):
        return []


def _takes_nothing(function: Function) -> bool:
    """Whether it is a plain function without parameters, as most are: quicker than to inspect."""
    if type(function) is not FunctionType or vars(function):
        return False
    code = function.__code__
    various = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS
    return not (code.co_argcount or code.co_kwonlyargcount or code.co_flags & various)


def _has_own(names: dict[str, Any], direction: Direction, bind: str) -> bool:
    """Whether ``upgrade_<bind>`` is there; a file without any such function decides by itself."""
    each = [name for name in names if name.startswith(f"{direction}_")]
    return not each or f"{direction}_{bind}" in each


def _line(error: Exception, file: str) -> int | None:
    """The last line of the file that the exception came through."""
    found = None
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == file:
            found = traceback.tb_lineno
        traceback = traceback.tb_next
    return found
