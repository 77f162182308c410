"""Alembic's ini file or table in pyproject.toml, read as settings of this package."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from configparser import BasicInterpolation, ConfigParser, InterpolationError
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .finding import Finding

# What has no meaning here: the app, or this package, knows it by itself.
NEEDLESS = {"prepend_sys_path", "sqlalchemy.url", "output_encoding", "sourceless", "databases"}
NEEDLESS |= {"path_separator", "version_path_separator", "revision_environment"}
# Only an env.py that asks for them makes something of these.
NEEDLESS |= {"compare_type", "compare_server_default", "render_as_batch"}
AS_THEY_ARE = {"file_template": "FILE_TEMPLATE", "timezone": "TIMEZONE"}
TRUE = {"1", "true", "yes", "on"}


@dataclass
class Settings:
    """The settings of this package that an Alembic configuration comes to.

    ``values`` are config keys without their prefix; ``script_location`` is Alembic's folder as it
    is written.
    """

    file: Path | None = None
    script_location: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read(folders: list[Path]) -> Settings:
    """The settings of the first folder that has an ``alembic.ini`` or a ``[tool.alembic]``."""
    for folder in folders:
        if (file := folder / "alembic.ini").is_file():
            return _of(file, *_ini(file))
        if (file := folder / "pyproject.toml").is_file():
            table = _toml(file)
            if table is not None:
                return _of(file, table, table.get("post_write_hooks", []))
    return Settings()


def _ini(file: Path) -> tuple[dict[str, Any], Any]:
    parser = ConfigParser(defaults={"here": str(file.parent)}, interpolation=BasicInterpolation())
    parser.read_string(file.read_text("utf-8", errors="replace"))

    def section(name: str) -> dict[str, Any]:
        found = {}
        for key in parser[name] if parser.has_section(name) else ():
            try:
                found[key] = parser.get(name, key)
            except InterpolationError:
                found[key] = parser.get(name, key, raw=True)
        found.pop("here", None)
        return found

    hooks = section("post_write_hooks")
    names = [name.strip() for name in hooks.get("hooks", "").split(",") if name.strip()]
    listed = [
        {key.partition(".")[2]: value for key, value in hooks.items() if key.startswith(f"{name}.")}
        for name in names
    ]
    return section("alembic"), listed


def _toml(file: Path) -> dict[str, Any] | None:
    try:
        table = tomllib.loads(file.read_text("utf-8")).get("tool", {}).get("alembic")
    except (tomllib.TOMLDecodeError, UnicodeError):
        return None
    if table is None:
        return None
    here = str(file.parent)

    def filled(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace("%(here)s", here).replace("%%", "%")
        return [filled(each) for each in value] if isinstance(value, list) else value

    return {name: filled(value) for name, value in table.items()}


def _of(file: Path, given: Mapping[str, Any], hooks: Any) -> Settings:
    settings = Settings(file, given.get("script_location"))
    values = settings.values
    for name, value in given.items():
        if name in AS_THEY_ARE:
            values[AS_THEY_ARE[name]] = value
        elif name == "version_locations":
            values["VERSION_LOCATIONS"] = _paths(value, given)
        elif name == "recursive_version_locations":
            values["RECURSIVE"] = str(value).lower() in TRUE
        elif name not in NEEDLESS | {"script_location", "post_write_hooks"}:
            text = f"the setting {name} = {value!r} has no counterpart"
            settings.findings.append(Finding(str(file), line(file, name), text))
    if hooks:
        known = {"exec", "module", "console_scripts"}
        values["POST_WRITE_HOOKS"] = [
            {key: value for key, value in hook.items() if key != "name"}
            for hook in hooks
            if hook.get("type") in known
        ]
        for hook in hooks:
            if hook.get("type") not in known:
                text = f"the hook {hook.get('type')!r} is of env.py's own making"
                settings.findings.append(Finding(str(file), line(file, "hooks"), text))
    return settings


def _paths(value: Any, given: Mapping[str, Any]) -> list[str]:
    if isinstance(value, list):
        return value
    named = given.get("path_separator") or given.get("version_path_separator") or "space"
    separators = {"os": os.pathsep, "newline": "\n", "space": None}
    return [text.strip() for text in str(value).split(separators.get(named, named)) if text.strip()]


def line(file: Path, name: str) -> int:
    """The number of the line that gives a setting."""
    for number, text in enumerate(file.read_text("utf-8", errors="replace").splitlines(), 1):
        if text.strip().startswith(name):
            return number
    return 1
