"""Changing files, each in one step."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ..errors.files import InvalidSource
from ..errors.revisions import complaint
from ..revisions import disk
from .finding import Finding

Changed = Callable[[bytes, str], tuple[bytes, list[Finding]]]


@dataclass(frozen=True)
class Rewritten:
    """A file and what is to be in it."""

    path: Path
    before: bytes = field(repr=False)
    after: bytes = field(repr=False)

    @property
    def diff(self) -> str:
        """What changes, for people."""
        before, after = (
            data.decode("utf-8", errors="replace").splitlines(keepends=True)
            for data in (self.before, self.after)
        )
        names = f"a/{self.path}", f"b/{self.path}"
        return "".join(difflib.unified_diff(before, after, *names, n=1))


def rewrite(
    paths: Iterable[Path], root: Path, changed: Changed, *, dry_run: bool
) -> tuple[tuple[Rewritten, ...], list[Finding]]:
    """Change files, and find what a person must look at; with ``dry_run`` nothing is written.

    ``changed`` is given what is in a file, and its name for people. Raises `InvalidSource` before
    any file is changed, and `CannotWrite`.
    """
    rewritten, findings, writes = [], [], []
    for path in paths:
        before, name = path.read_bytes(), shown(path, root)
        try:
            after, found = changed(before, name)
        except SyntaxError as error:
            raise InvalidSource(path, error.lineno, complaint(error)) from error
        findings += found
        if after != before:
            rewritten.append(Rewritten(Path(name), before, after))
            writes.append((path, after))
    if not dry_run:
        for path, after in writes:
            disk.replace(path, after)
    return tuple(rewritten), findings


def shown(path: Path, root: Path) -> str:
    """A path as short as it can be from the project's root."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
