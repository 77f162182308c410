"""Writing a new revision file."""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from secrets import token_hex
from typing import Any

from ..errors.files import (
    InvalidFileTemplate,
    TemplateFailed,
    TemplateIncomplete,
    UnknownTimezone,
)
from ..errors.revisions import InvalidId, UnreadableRevision
from . import disk, header, spelling
from .identifiers import WORDS

FILE_TEMPLATE = "%(year)d%(month).2d%(day).2d_%(hour).2d%(minute).2d%(second).2d_%(rev)s_%(slug)s"
FILE_TOKENS = ("rev", "slug", "epoch", "year", "month", "day", "hour", "minute", "second")
DEFAULT_TEMPLATE = Path(__file__).with_name("revision.py.mako")

_ID = re.compile(r"[\w.]{1,255}")


@dataclass(frozen=True)
class NewRevision:
    """All that a new revision file says.

    ``bodies`` has for each bind, None being the default one, the code of its upgrade and its
    downgrade, without indentation; empty code becomes ``pass``.
    """

    id: str
    parents: tuple[str, ...]
    created: datetime
    message: str = ""
    depends_on: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    bodies: Mapping[str | None, tuple[str, str]] = field(default_factory=dict)
    imports: tuple[str, ...] = ()


def new_id(taken: Container[str] = ()) -> str:
    """Twelve random hex digits that are not taken."""
    while (id := token_hex(6)) in taken:
        continue
    return id


def check_id(id: str, what: str = "revision id") -> None:
    """Raise ``InvalidId`` for what may not be the id or the label of a new revision."""
    if _ID.fullmatch(id) is None or id in WORDS:
        raise InvalidId(id, what=what)


def now(timezone: str | None = None) -> datetime:
    """The present second in the named time zone.

    None is UTC, so that file names sort by creation for a team in several zones.
    """
    return datetime.now(_zone(timezone)).replace(microsecond=0)


def slug(message: str, length: int = 40) -> str:
    """The words of the message for a file name, as many whole ones as fit into ``length``."""
    words = re.findall(r"[^\W_]\w*", message.lower())
    short = words[0][:length] if words else ""
    for word in words[1:]:
        if len(short) + 1 + len(word) > length:
            break
        short += f"_{word}"
    return short


def file_name(new: NewRevision, template: str = FILE_TEMPLATE) -> str:
    """The name for the file of a new revision; with a "/" in the template, a path."""
    at = new.created
    facts = {
        "rev": new.id,
        "slug": slug(new.message),
        "epoch": int(at.timestamp()),
        **{name: getattr(at, name) for name in FILE_TOKENS[3:]},
    }
    try:
        name = (template % facts).rstrip("_- ")
    except (KeyError, ValueError, TypeError) as error:
        raise InvalidFileTemplate(template, FILE_TOKENS) from error
    if not facts["slug"] and template.startswith("%(slug)"):
        # What divides the words of a message from the rest divides nothing without one.
        name = name.lstrip("_- ")
    parts = name.split("/")
    if any(part.startswith((".", "_")) or not part for part in parts) or "\\" in name:
        raise InvalidFileTemplate(template, FILE_TOKENS)
    return f"{name}.py"


def text(new: NewRevision, template: Path = DEFAULT_TEMPLATE) -> str:
    """The source of a new revision file.

    A project's own template gets the names that Alembic's templates use as well. It has to say
    all that the revision is; ``TemplateIncomplete`` is raised if it does not.
    """
    rendered = _rendered(template, _facts(new))
    missing = list(_missing(new, rendered))
    if missing:
        raise TemplateIncomplete(template, missing)
    return rendered


def write(new: NewRevision, path: Path, template: Path = DEFAULT_TEMPLATE) -> Path:
    """Write a new revision file, folders included; never over a file that is there."""
    return put(text(new, template), path)


def put(source: str, path: Path) -> Path:
    """Write the source of a revision into a new file. Raises `FileExists` or `CannotWrite`."""
    disk.create(path, source.encode())
    return path


def functions(new: NewRevision) -> list[str]:
    """The functions of a revision: two for the default bind, and a decorated pair for any other."""
    names: set[str] = set()
    found = []
    for bind, bodies in {None: ("", ""), **new.bodies}.items():
        suffix = "" if bind is None else f"_{_unique(bind, names)}"
        for direction, code in zip(("upgrade", "downgrade"), bodies, strict=True):
            mark = "" if bind is None else f"@op.{direction}({spelling.literal(bind)})\n"
            body = spelling.indented(code or "pass")
            found.append(f"{mark}def {direction}{suffix}() -> None:\n{body}")
    return found


def _unique(bind: str, taken: set[str]) -> str:
    """A name for the bind's functions, which need not tell it from others: the decorator does."""
    plain = "_".join(re.findall(r"\w+", bind)) or "bind"
    name, number = plain, 2
    while name in taken:
        name, number = f"{plain}_{number}", number + 1
    taken.add(name)
    return name


def _facts(new: NewRevision) -> dict[str, Any]:
    parents = new.parents[0] if len(new.parents) == 1 else new.parents or None
    created = new.created.isoformat(sep=" ")
    imports = _imports(new)
    upgrades, downgrades = new.bodies.get(None, ("", ""))
    ours = {
        "docstring": spelling.docstring(new.message.strip() or "empty message"),
        "revises": ", ".join(new.parents) or "nothing",
        "created": created,
        "import_block": f"\n{imports}\n" if imports else "",
        "revision": new.id,
        "functions": functions(new),
        "literal": spelling.literal,
    }
    alembics = {
        "message": spelling.docstring(new.message.strip() or "empty message"),
        "up_revision": new.id,
        "down_revision": parents,
        "branch_labels": new.labels or None,
        "depends_on": new.depends_on or None,
        "create_date": created,
        "comma": _with_commas,
        "imports": "\n".join(new.imports),
        "upgrades": spelling.indented(upgrades or "pass").strip(),
        "downgrades": spelling.indented(downgrades or "pass").strip(),
    }
    return ours | alembics


def _imports(new: NewRevision) -> str:
    """The imports that the code uses, or those a person will want who fills in an empty one."""
    codes = [code for pair in new.bodies.values() for code in pair]
    blank = not any(code.strip() for code in codes) and len(new.parents) < 2
    lines = list(new.imports)
    if blank or any(re.search(r"\bsa\.", code) for code in codes):
        lines.append("import sqlalchemy as sa")
    if blank or set(new.bodies) - {None} or any(re.search(r"\bop\.", code) for code in codes):
        lines.append("from flask_schemamigrate import op")
    return spelling.import_block(lines)


def _with_commas(names: str | Sequence[str] | None) -> str:
    """The filter by which Alembic's template writes parents into the docstring."""
    return names if isinstance(names, str) else ", ".join(names or ())


def _rendered(path: Path, facts: Mapping[str, Any]) -> str:
    # Mako takes longer to import than the rest of this package, and only writing needs it.
    from mako import exceptions, template  # type: ignore[import-untyped]

    try:
        compiled = template.Template(filename=str(path), strict_undefined=True)
        # Alembic's templates begin with the imports that every file has.
        own = compiled.source.splitlines()
        further = [line for line in facts["imports"].splitlines() if line not in own]
        rendered: str = compiled.render_unicode(**{**facts, "imports": "\n".join(further)})
    except (exceptions.MakoException, SyntaxError) as error:
        raise TemplateFailed(path, getattr(error, "lineno", None), str(error)) from error
    except Exception as error:
        records = exceptions.RichTraceback(error=error).records
        line = next((record[5] for record in reversed(records) if record[5]), None)
        raise TemplateFailed(path, line, f"{type(error).__name__}: {error}") from error
    return rendered.rstrip() + "\n"


def _missing(new: NewRevision, rendered: str) -> list[str]:
    """What the source does not say although it was given."""
    try:
        found = header.written("", rendered)
    except (header.Computed, UnreadableRevision):
        found = None
    if found is None:
        return ["'revision'"]
    codes = [code for pair in new.bodies.values() for code in pair]
    upgrade, _ = new.bodies.get(None, ("", ""))
    said = {
        "'revision'": found.id == new.id,
        "'down_revision'": found.parents == new.parents,
        "'branch_labels'": found.labels == new.labels,
        "'depends_on'": found.depends_on == new.depends_on,
        "the functions of the binds": all(
            spelling.literal(bind) in rendered for bind in new.bodies if bind is not None
        ),
        "'upgrade()'": "def upgrade(" in rendered and _says(rendered, upgrade),
        # Those of an empty revision are there for a person, who can write them as well.
        "the imports": not any(codes) or _imports_all(rendered, _imports(new)),
    }
    return [name for name, is_said in said.items() if not is_said]


def _says(source: str, code: str) -> bool:
    """Whether a source holds this code, however it is indented."""
    return "".join(code.split()) in "".join(source.split())


def _imports_all(source: str, wanted: str) -> bool:
    """Whether a source imports these names, or all of some module's."""
    names = _imported(source)
    return "*" in names or names >= _imported(wanted)


def _imported(source: str) -> set[str]:
    """The names that a source imports."""
    imports = (
        each
        for each in ast.walk(ast.parse(source))
        if isinstance(each, (ast.Import, ast.ImportFrom))
    )
    return {name.asname or name.name for each in imports for name in each.names}


def _zone(name: str | None) -> tzinfo:
    if name is None or name.upper() == "UTC":
        return UTC
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownTimezone(name) from error
