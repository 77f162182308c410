"""The place of the ready-made tests in a suite: where they see the suite's own fixtures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from . import ready

NAME = "schemamigrate"
APP_FIXTURES = ("schemamigrate_app", "app")


class Ready(pytest.Module):
    """The tests of ``ready``, as if they were a file of the suite.

    The suite's own way of naming tests does not concern them.
    """

    def _getobj(self) -> ModuleType:
        return ready

    def funcnamefilter(self, name: str) -> bool:
        """Whether it is one of the tests."""
        return name.startswith("test_")

    def classnamefilter(self, name: str) -> bool:
        """There are no test classes."""
        return False


def ready_made(
    session: pytest.Session, directories: list[pytest.Collector]
) -> Iterator[pytest.Item]:
    """The ready-made tests, once for each folder that has an app of its own."""
    for place in places(session, directories):
        prefix = f"{place.nodeid}/" if place.nodeid not in ("", ".") else ""
        module = Ready.from_parent(
            place, path=Path(str(ready.__file__)), name=NAME, nodeid=f"{prefix}{NAME}"
        )
        module.add_marker(NAME)
        # As pytest itself collects, so that it counts them with the others.
        report = module.ihook.pytest_make_collect_report(collector=module)
        module.ihook.pytest_collectreport(report=report)
        yield from report.result


def places(
    session: pytest.Session, directories: Sequence[pytest.Collector]
) -> list[pytest.Collector]:
    """The folders whose conftest.py defines an app; the session itself if none does.

    ``schemamigrate_app`` goes before ``app``, of which the outermost is taken.
    """
    by_path = {each.path: each for each in directories}
    for fixture in APP_FIXTURES:
        folders = sorted(
            {path for path in conftests(session.config, fixture) if path in by_path},
            key=lambda path: (len(path.parts), path),
        )
        if folders:
            chosen = folders if fixture == APP_FIXTURES[0] else folders[:1]
            return [by_path[path] for path in chosen]
    return [by_path.get(session.path, session)]


def conftests(config: pytest.Config, fixture: str) -> Iterator[Path]:
    """The folders of the conftest.py files that have something of that name."""
    for plugin in config.pluginmanager.get_plugins():
        file: Any = getattr(plugin, "__file__", None)
        if file and Path(file).name == "conftest.py" and hasattr(plugin, fixture):
            yield Path(file).parent
