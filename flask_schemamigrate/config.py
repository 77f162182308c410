"""The ``SCHEMAMIGRATE_*`` keys of an app's config, each described once, where it is declared."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any, TypeVar

PREFIX = "SCHEMAMIGRATE_"

T = TypeVar("T")


@dataclass(frozen=True)
class Kind:
    """What values a key may have, and how they are said and kept."""

    expected: str
    accepts: Callable[[Any], bool]
    keep: Callable[[Any], Any] = lambda value: value


@dataclass(frozen=True)
class Key:
    """One key of the app's config, as the reference page shows it."""

    name: str
    default: Any
    expected: str
    text: str


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_path(value: object) -> bool:
    return _is_text(value) or isinstance(value, os.PathLike)


def _is_number(value: object) -> bool:
    # True is an int to Python, and never what a number of seconds was meant to be.
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    return 0 <= value < float("inf")


def _is_list(of: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, (list, tuple)) and all(map(of, value))


_HOOK_NAMES = {"exec": "executable", "module": "module", "console_scripts": "entrypoint"}


def _is_hook(value: object) -> bool:
    if not isinstance(value, Mapping):
        return _is_text(value)
    name = _HOOK_NAMES.get(str(value.get("type")))
    return name is not None and all(map(_is_text, [value.get(name), *value.values()]))


_PATH = Kind("a path", _is_path, os.fspath)
_TEXT = Kind("a string", _is_text)
# Further tables have names made of it, such as "..._journal"; PostgreSQL keeps 63 bytes.
_HISTORY = Kind(
    "a string of 1 to 55 bytes",
    lambda value: _is_text(value) and 1 <= len(value.encode("utf-8", "replace")) <= 55,
)
_SWITCH = Kind("True or False", lambda value: isinstance(value, bool))
_SECONDS = Kind("a number of seconds, 0 or more", _is_number, float)
_COUNT = Kind("a number, 0 or more", lambda value: _is_number(value) and value == int(value), int)
_TEXTS = Kind("a list of strings", _is_list(_is_text), tuple)
_PATHS = Kind(
    "a list of paths", _is_list(_is_path), lambda value: tuple(os.fspath(path) for path in value)
)
_SCHEMAS = Kind(
    "True, False or a list of schema names",
    lambda value: isinstance(value, bool) or _is_list(_is_text)(value),
    lambda value: value if isinstance(value, bool) else tuple(value),
)
_ARGUMENTS = Kind(
    "a dict of arguments by name, or a function that returns one",
    lambda value: isinstance(value, Mapping) or callable(value),
)
_PLUGINS = Kind("True, False or a list of entry points' names", _SCHEMAS.accepts, _SCHEMAS.keep)
_HOOKS = Kind(
    "a list of command lines, or of dicts with 'type' exec and 'executable', module and 'module', "
    "or console_scripts and 'entrypoint'",
    _is_list(_is_hook),
    tuple,
)
_CONVENTION = Kind(
    "a dict of naming patterns by kind of constraint",
    lambda value: isinstance(value, Mapping) and all(map(_is_text, value.values())),
    dict,
)


def _one_of(*choices: str) -> Kind:
    return Kind(" or ".join(map(repr, choices)), lambda value: value in choices)


def _key(default: T, kind: Kind, text: str) -> T:
    """Declare a key; the dataclass sees a field, type checkers see its default."""
    declared: Any = field(default=default, metadata={"kind": kind, "text": text})
    return declared  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Config:
    """What the app's config says, checked; a field ``name`` is the key ``SCHEMAMIGRATE_NAME``."""

    directory: str = _key(
        "migrations",
        _PATH,
        "The folder of the revisions, which are the files in its `versions` folder. A relative "
        "path is under the project root (the folder that holds the app's package or module); if "
        "there is none there and one under the current directory, that one is used.",
    )
    version_locations: tuple[str, ...] = _key(
        (),
        _PATHS,
        "Folders to read revisions from instead of `<directory>/versions`; new revisions go to "
        "the first. Relative paths are under the project root, `package:folder` is a folder in an "
        "importable package.",
    )
    plugins: bool | tuple[str, ...] = _key(
        True,
        _PLUGINS,
        "Whether the revisions that installed packages bring are read too (entry points of the "
        "group `flask_schemamigrate.revisions`): all of them, none, or those of the names listed.",
    )
    recursive: bool = _key(
        False, _SWITCH, "Whether revisions are also read from folders inside these folders."
    )
    file_template: str = _key(
        "%(year)d%(month).2d%(day).2d_%(hour).2d%(minute).2d%(second).2d_%(rev)s_%(slug)s",
        _TEXT,
        "The name of a new revision's file, without `.py`: Alembic's tokens rev, slug, epoch, "
        "year, month, day, hour, minute and second.",
    )
    timezone: str | None = _key(
        None,
        _TEXT,
        "The time zone of dates in files and their names, such as `Europe/Vienna` or `UTC`; None "
        "for that of the computer.",
    )
    template: str | None = _key(
        None,
        _PATH,
        "Your own Mako template for new revisions; a relative path is under the project root.",
    )
    history_table: str = _key(
        "schemamigrate_history", _HISTORY, "The table that has a row per applied revision."
    )
    history_schema: str | None = _key(
        None, _TEXT, "The database schema that table is in; None for the connection's default."
    )
    lock: str = _key(
        "auto",
        _one_of("auto", "session", "lease"),
        "What keeps two migrations apart: a lock of the database `session`, a `lease` kept in a "
        "table for databases behind a pooler that shares sessions, or `auto` to find out.",
    )
    lock_wait: float = _key(
        60.0, _SECONDS, "How many seconds to wait for another migration to end before giving up."
    )
    lock_timeout: float = _key(
        5.0,
        _SECONDS,
        "How many seconds a statement may wait for others before it is tried again. With 0 it "
        "waits without end on PostgreSQL, and on other databases as short as they can.",
    )
    lock_retries: int = _key(
        10, _COUNT, "How often what gave up waiting for others is tried again, ever more slowly."
    )
    statement_timeout: float | None = _key(
        None,
        _SECONDS,
        "How many seconds a statement may take, where the database knows such a rule (MySQL does "
        "for SELECT only); None leaves the rule it has.",
    )
    exclude: tuple[str, ...] = _key(
        (),
        _TEXTS,
        "What is never compared: names of tables or `table.name` of their parts, `*` and `?` "
        "standing for any letters, such as `spatial_ref_sys` or `audit_*`.",
    )
    include_schemas: bool | tuple[str, ...] = _key(
        False,
        _SCHEMAS,
        "Whether schemas besides the default one are compared: all of them, or those listed.",
    )
    compare_column_order: bool = _key(
        False, _SWITCH, "Whether columns in another order than the model's are a difference."
    )
    naming_convention: Mapping[str, str] | None = _key(
        None,
        _CONVENTION,
        "How constraints without a name are named in new revisions, where the metadata's own "
        "naming_convention does not say: SQLAlchemy's patterns under ix, uq, ck, fk and pk.",
    )
    post_write_hooks: tuple[str | Mapping[str, str], ...] = _key(
        (),
        _HOOKS,
        "What to run on a new revision's file, in order: command lines such as `ruff format`, to "
        "which the path is added, or dicts in Alembic's terms.",
    )
    head_file: bool = _key(
        True,
        _SWITCH,
        "Whether the heads are kept in the file `<directory>/head`, so that two people who add a "
        "revision at once get a conflict from git rather than two heads.",
    )
    cache: bool = _key(
        True, _SWITCH, "Whether what was read of the revision files is kept for the next command."
    )
    keep_alembic_version: bool = _key(
        True,
        _SWITCH,
        "Whether Alembic's version table, where there is one, is kept in step, so that an app that "
        "still uses it can be rolled back to. The table itself is never dropped.",
    )
    alembic_version_table: str = _key(
        "alembic_version", _TEXT, "The name of Alembic's version table."
    )
    alembic_version_schema: str | None = _key(
        None, _TEXT, "The database schema that table is in; None for the connection's default."
    )
    ignored_hooks: tuple[str, ...] = _key(
        (),
        _TEXTS,
        "Functions of an Alembic `env.py` in the folder of the revisions that decided what is "
        "compared (`include_object`, `include_name`) and are not needed any more. As long as one "
        "is neither given to the extension nor listed here, nothing is compared.",
    )
    revision_arguments: Mapping[str, Any] | Callable[[], Mapping[str, Any]] | None = _key(  # noqa: RUF009 - a field, as all the others
        None,
        _ARGUMENTS,
        "What revisions get whose upgrade() and downgrade() take arguments, by the arguments' "
        "names; or a function that returns it when revisions are about to run.",
    )

    @classmethod
    def read(cls, mapping: Mapping[str, Any], **in_code: Any) -> Config:
        """What an app's config says; ``in_code`` are fields that the extension was given in code.

        Raises :exc:`UnknownConfigKey` for a key of our namespace that means nothing, and
        :exc:`BadConfigValue` for a value that a key cannot have.
        """
        declared = {PREFIX + item.name.upper(): item for item in fields(cls)}
        values = in_code
        for name in mapping:
            if isinstance(name, str) and name.startswith(PREFIX):
                if name not in declared:
                    raise _unknown(name, [*declared])
                values[declared[name].name] = _checked(name, mapping[name], declared[name])
        return cls(**values)


def keys() -> Iterator[Key]:
    """Every key there is, in the order of the reference page."""
    for item in fields(Config):
        kind: Kind = item.metadata["kind"]
        name = PREFIX + item.name.upper()
        yield Key(name, item.default, kind.expected, item.metadata["text"])


def _checked(name: str, value: Any, item: Field[Any]) -> Any:
    """The value as it is kept, if the key can have it."""
    kind: Kind = item.metadata["kind"]
    if value is None and item.default is None:
        return None
    if not kind.accepts(value):
        # Errors are imported where they are raised: an app that starts well pays for none.
        from .errors import BadConfigValue

        raise BadConfigValue(
            name, value, kind.expected + (", or None" if item.default is None else "")
        )
    return kind.keep(value)


def _unknown(name: str, known: list[str]) -> Exception:
    from difflib import get_close_matches

    from .errors import UnknownConfigKey

    # The prefix would make any two keys alike.
    near = get_close_matches(name.removeprefix(PREFIX), [key.removeprefix(PREFIX) for key in known])
    return UnknownConfigKey(name, near=PREFIX + near[0] if near else None, known=known)
