"""``flask db import-alembic``: making a project's Alembic history this project's own."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..environment import Environment
from ..environment.folders import location
from ..errors.takeover import NoHistoryToImport
from ..revisions import header
from . import env_file, helpers, ini, looking
from .finding import Finding
from .rewriting import to_ours
from .writing import Rewritten, rewrite, shown

IGNORED = ("env.py", "alembic.ini", "script.py.mako", "README")


@dataclass(frozen=True)
class Imported:
    """What was taken over, and what is left to a person.

    ``settings`` are config keys with their values, ``keywords`` what ``SchemaMigrate()`` is to be
    given, each with the expression and where it stands.
    """

    folders: tuple[str, ...]
    files: int
    rewritten: tuple[Rewritten, ...]
    settings: dict[str, Any]
    keywords: dict[str, tuple[str, str]]
    findings: tuple[Finding, ...]
    ignored: tuple[str, ...]


def import_alembic(
    environment: Environment, source: Path | None = None, *, dry_run: bool = False
) -> Imported:
    """Rewrite the imports of a history's files, and say what its configuration comes to.

    ``source`` is the folder of Alembic's ``env.py`` or ``alembic.ini``. Nothing of it is run. A
    second time finds nothing to rewrite. Raises `NoHistoryToImport`.
    """
    root = environment.root
    start = environment.directory if source is None else Path(os.path.abspath(source))
    settings = ini.read([start, start.parent, root])
    folder = _folder(start, settings, root)
    folders = _folders(folder, settings, root)
    paths = sorted({path for each in folders for path in sources(each)})
    if not paths:
        raise NoHistoryToImport(start)
    # What env.py registers is gone with it.
    others = (path for path in folder.rglob("*.py") if path.name != "env.py")
    own = looking.registered(path.read_bytes() for path in others)
    findings = [replace(each, file=shown(Path(each.file), root)) for each in settings.findings]

    def changed(data: bytes, name: str) -> tuple[bytes, list[Finding]]:
        after, text = to_ours(data), data.decode("utf-8", errors="replace")
        return after, looking.findings(text, name, own)

    rewritten, found = rewrite(paths, root, changed, dry_run=dry_run)
    findings += found
    findings += _passed_over(paths, root)
    findings += helpers.findings(paths, root)
    # Where an ini file does not ask for it, Alembic passes over folders inside 'versions' as well.
    is_guessed = settings.file is None or folder in folders
    if is_guessed and any(_is_nested(path, folders) for path in paths):
        settings.values["RECURSIVE"] = True
    env = env_file.read(folder / "env.py", shown(folder / "env.py", root))
    return Imported(
        tuple(shown(each, root) for each in folders),
        len(paths),
        rewritten,
        _settings(environment, folder, settings, env),
        _keywords(environment, env),
        tuple(sorted([*findings, *env.findings])),
        tuple(_ignored(folder, settings, root)),
    )


def _folder(start: Path, settings: ini.Settings, root: Path) -> Path:
    """Alembic's own folder: the one with ``env.py``, or the one that the ini file names."""
    if (start / "env.py").is_file() or (start / "versions").is_dir():
        return start
    where = settings.script_location
    return (named(where, settings, root) if where else None) or start


def named(text: str, settings: ini.Settings, root: Path) -> Path | None:
    """The folder that a path or ``package:folder`` in the ini file names, if it is there."""
    bases = (
        [root, Path.cwd()] if settings.file is None else [settings.file.parent, root, Path.cwd()]
    )
    paths = (location(text, base) for base in bases)
    return next((path for path in paths if path is not None and path.is_dir()), None)


def _folders(folder: Path, settings: ini.Settings, root: Path) -> list[Path]:
    """The folders of the revisions; where a command would not find them, the setting says so."""
    own = folder / "versions"
    found: dict[Path, str] = {}
    for text in settings.values.pop("VERSION_LOCATIONS", []):
        path = named(text, settings, root)
        if path is not None:
            is_package = ":" in text and not os.path.isabs(text)
            found[path] = text if is_package else shown(path, root)
        elif settings.file is not None:
            line = ini.line(settings.file, "version_locations")
            said = f"version_locations names {text}, which is not there"
            settings.findings.append(Finding(str(settings.file), line, said))
    if not found and not own.is_dir() and next(sources(folder), None) is not None:
        # Nothing but revisions in it, as with version_locations in another file.
        found[folder] = shown(folder, root)
    if found and [*found] != [own]:
        settings.values["VERSION_LOCATIONS"] = [*found.values()]
    return [*found] or [own]


def sources(folder: Path) -> Iterator[Path]:
    """The Python files in a folder, and in those inside it."""
    for path in folder.rglob("*.py"):
        parts = path.relative_to(folder).parts
        is_hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
        if not is_hidden and path.name != "env.py":
            yield path


def _passed_over(paths: Sequence[Path], root: Path) -> Iterator[Finding]:
    """Alembic's revisions whose file names are none of a revision's here."""
    for path in paths:
        if path.name.startswith("_") and header.read(path) is not None:
            text = "a revision whose name begins with '_' is passed over: rename the file"
            yield Finding(shown(path, root), 1, text)


def _is_nested(path: Path, folders: list[Path]) -> bool:
    """Whether a revision is in a folder inside one of these."""
    return path.parent not in folders and header.read(path) is not None


def _settings(
    environment: Environment, folder: Path, settings: ini.Settings, env: env_file.EnvFile
) -> dict[str, Any]:
    """Config keys that differ from what the app says already."""
    values = {**settings.values, **env.values}
    if folder != environment.directory:
        values = {"DIRECTORY": shown(folder, environment.root), **values}
    own = environment.config
    return {
        f"SCHEMAMIGRATE_{name}": value
        for name, value in values.items()
        if _plain(getattr(own, name.lower())) != _plain(value)
    }


def _keywords(environment: Environment, env: env_file.EnvFile) -> dict[str, tuple[str, str]]:
    """What ``SchemaMigrate()`` is to be given and was not."""
    return {
        name: given
        for name, given in env.keywords.items()
        if getattr(environment.hooks, name) is None and name not in environment.config.ignored_hooks
    }


def _ignored(folder: Path, settings: ini.Settings, root: Path) -> Iterable[str]:
    paths = [folder / name for name in IGNORED]
    if settings.file is not None and settings.file.name == "alembic.ini":
        paths.append(settings.file)
    return dict.fromkeys(shown(path, root) for path in paths if path.is_file())


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
