"""Help for the test suites of apps: ready-made tests, and databases at any revision.

``pytest --schemamigrate`` adds the tests of ``ready``. The fixture ``migrations`` moves a database
of its own from revision to revision; ``migrated_database`` points the app at a fresh copy of a
database that was migrated once. Without any of these, nothing is imported and nothing happens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from .notes import NOTE

# SQLAlchemy and Flask are imported by the fixtures, because every run of pytest comes by here.
if TYPE_CHECKING:
    from flask import Flask

    from .copies import Copies, MigratedDatabase
    from .moving import Migrations

__all__ = ["MigratedDatabase", "Migrations"]

DIRECTORIES = pytest.StashKey[list[pytest.Collector]]()
# What the fixtures are, for a suite that is typed. No module may have the name of a fixture: once
# imported, it would stand in its place.
_TYPES = {"MigratedDatabase": "copies", "Migrations": "moving"}


def __getattr__(name: str) -> Any:
    if name not in _TYPES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_TYPES[name]}"), name)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Two options; what an app has to say, it says in fixtures."""
    group = parser.getgroup("schemamigrate", "database migrations")
    group.addoption(
        "--schemamigrate",
        action="store_true",
        help="Also test the app's revisions: one head, up from empty, down and up again, on tables "
        "with rows, and in the end as the models are.",
    )
    group.addoption(
        "--schemamigrate-url",
        action="append",
        default=[],
        metavar="[BIND=]URL",
        help="Make scratch databases beside this one, instead of beside the app's own.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known that chooses or leaves out the ready-made tests."""
    config.addinivalue_line("markers", "schemamigrate: a ready-made test of the app's revisions.")
    if config.getoption("--schemamigrate"):
        config.stash[DIRECTORIES] = []


def pytest_make_collect_report(collector: pytest.Collector) -> None:
    """Remember where tests are looked for, since fixtures are seen from below their folder only."""
    if isinstance(collector, pytest.Directory):
        collector.config.stash.get(DIRECTORIES, []).append(collector)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add the ready-made tests, unless single tests were asked for by name."""
    if config.getoption("--schemamigrate") and not any("::" in each for each in config.args):
        from .suite import ready_made

        items += ready_made(session, config.stash[DIRECTORIES])


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what the ready-made tests could not try."""
    notes = {
        f"{report.nodeid}: {text}"
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, text in getattr(report, "user_properties", ())
        if name == NOTE
    }
    if notes:
        terminalreporter.section("not tried by schemamigrate")
        for note in sorted(notes):
            terminalreporter.line(note)


@pytest.fixture
def schemamigrate_app(request: pytest.FixtureRequest) -> Flask:
    """The app whose revisions are tested: the fixture ``app``, or what ``flask`` would find.

    Define a fixture of this name for another one.
    """
    from . import apps

    return apps.given(request)


@pytest.fixture
def schemamigrate_rows() -> Mapping[str, Mapping[str, Any]]:
    """Values for rows of tables where made-up ones would not do: ``{"table": {"column": 1}}``.

    Those of columns that a table does not have at a revision are left out.
    """
    return {}


@pytest.fixture(scope="session")
def _schemamigrate_copies(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Copies]:
    """The scratch databases of the session, and the migrated ones that copies are made of."""
    from .copies import Copies

    folder = tmp_path_factory.mktemp("schemamigrate")
    with _in_words(), Copies.opened(folder, pytestconfig.getoption("--schemamigrate-url")) as made:
        yield made


@pytest.fixture
def migrations(
    schemamigrate_app: Flask,
    schemamigrate_rows: Mapping[str, Mapping[str, Any]],
    _schemamigrate_copies: Copies,
) -> Iterator[Migrations]:
    """An empty database of the test's own, to be moved to any revision and filled there."""
    from .moving import Migrations

    with _in_words(), _schemamigrate_copies.empty(schemamigrate_app) as stage:
        yield Migrations(stage, schemamigrate_rows)


@pytest.fixture
def migrated_database(
    schemamigrate_app: Flask, _schemamigrate_copies: Copies
) -> Iterator[MigratedDatabase]:
    """A fresh copy of the database at head, which the app uses while the test runs."""
    from .copies import MigratedDatabase

    with _in_words(), _schemamigrate_copies.migrated(schemamigrate_app) as stage:
        yield MigratedDatabase(stage)


@contextmanager
def _in_words() -> Iterator[None]:
    """Let an error of ours speak for itself, without the way it came."""
    from ..errors import SchemaMigrateError

    try:
        yield
    except SchemaMigrateError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None
