"""A notation for graphs, and folders with revision files in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from flask_schemamigrate.revisions import Graph, Revision

HEADER = '''"""{message}

Revises: {revises}
Created: 2024-05-01 10:00:00
"""

from flask_schemamigrate import op

revision = {id!r}
down_revision = {parents!r}
branch_labels = {labels!r}
depends_on = {depends_on!r}


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
'''


def drawn(notation: str, labels: Mapping[str, str], depends: Mapping[str, str]) -> list[Revision]:
    parents: dict[str, list[str]] = {}
    for part in notation.split(","):
        ids = [re.findall(r"\w+", step) for step in part.split("->")]
        for above in ids:
            for id in above:
                parents.setdefault(id, [])
        for above, below in pairwise(ids):
            for id in below:
                parents[id] += above
    return [
        Revision(
            id=id,
            parents=tuple(above),
            depends_on=tuple(depends.get(id, "").split()),
            labels=tuple(label for label, at in labels.items() if at == id),
            doc=f"message {id}",
            file=f"versions/{id}.py",
        )
        for id, above in parents.items()
    ]


@pytest.fixture
def graph() -> Callable[..., Graph]:
    """``graph("a -> b, a -> c, b+c -> d", labels={"side": "c"}, depends={"d": "x"})``."""

    def build(
        notation: str = "", labels: Mapping[str, str] = {}, depends: Mapping[str, str] = {}
    ) -> Graph:
        return Graph(drawn(notation, labels, depends) if notation else [])

    return build


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "versions"
    folder.mkdir()
    return folder


@pytest.fixture
def write(folder: Path) -> Callable[..., Path]:
    """Write a revision file: ``write("b", "a")``, with ``source=`` for one of another layout."""

    def write(
        id: str,
        *parents: str,
        labels: str | tuple[str, ...] | None = None,
        depends_on: str | tuple[str, ...] | None = None,
        name: str | None = None,
        source: str | None = None,
    ) -> Path:
        path = folder / (name or f"{id}.py")
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            source
            if source is not None
            else HEADER.format(
                message=f"message {id}",
                revises=", ".join(parents),
                id=id,
                parents=parents[0] if len(parents) == 1 else parents or None,
                labels=labels,
                depends_on=depends_on,
            )
        )
        return path

    return write
