"""What a project runs on each revision file that was written: formatters and the like."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import entry_points
from pathlib import Path

from ..errors.writing import HookFailed

PLACE = "REVISION_SCRIPT_FILENAME"


def run_hooks(hooks: Sequence[str | Mapping[str, str]], path: Path, *, root: Path) -> None:
    """Run the configured hooks on a file, in their order. Raises `HookFailed`."""
    for hook in hooks:
        command, folder = _command(hook, path, root)
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        except OSError as error:
            raise HookFailed(command, path, output=str(error), status="not started") from error
        if done.returncode:
            status = f"exit status {done.returncode}"
            raise HookFailed(command, path, output=done.stdout + done.stderr, status=status)


def _command(hook: str | Mapping[str, str], path: Path, root: Path) -> tuple[list[str], Path]:
    """The words of a hook's command line, and the folder it runs in."""
    if isinstance(hook, str):
        words = shlex.split(hook)
        if PLACE not in hook:
            words.append(PLACE)
        return [word.replace(PLACE, str(path)) for word in words], root
    options = hook.get("options", PLACE)
    words = [word.replace(PLACE, str(path)) for word in shlex.split(options)]
    folder = Path(hook["cwd"].replace("%(here)s", str(root))) if "cwd" in hook else root
    match hook["type"]:
        case "exec":
            start = [hook["executable"]]
        case "module":
            start = [sys.executable, "-m", hook["module"]]
        case _:
            start = _console_script(hook["entrypoint"], path)
    return [*start, *words], folder


def _console_script(name: str, path: Path) -> list[str]:
    """How an installed console script is started, whatever PATH says. Raises `HookFailed`."""
    found = next(iter(entry_points(group="console_scripts", name=name)), None)
    if found is None:
        output = f"No installed package brings a script of that name to {sys.executable}."
        raise HookFailed([name], path, output=output, status="not started")
    source = (
        f"import sys; from {found.module} import {found.attr.partition('.')[0]}; "
        f"sys.argv[0] = {name!r}; sys.exit({found.attr}())"
    )
    return [sys.executable, "-c", source]
