"""What each case says on each kind of database, in text files to read and compare.

``python -m tests.vocabulary.said`` writes them anew; look at the difference.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.errors import SchemaMigrateError
from flask_schemamigrate.errors.operations import NotSupportedHere
from flask_schemamigrate.operations import op
from tests.databases.servers import find
from tests.dialects.sink import stated
from tests.vocabulary.case import KINDS, Case
from tests.vocabulary.cases import FILES
from tests.vocabulary.stage import Stage, brief, stage

FOLDER = Path(__file__).parent / "said"


def expected(file: str) -> dict[tuple[str, str], str]:
    """What is said, by the title of the case and the kind of database."""
    found: dict[tuple[str, str], str] = {}
    title = kind = ""
    for line in (FOLDER / f"{file}.txt").read_text().splitlines():
        if line.startswith("# "):
            title = line[2:]
        elif line and not line.startswith(" "):
            kind = line.rstrip(":")
            found[title, kind] = ""
        elif line:
            found[title, kind] += f"{line}\n"
    return found


def shown(statements: list[str]) -> str:
    """Statements as they stand in a file."""
    lines = [f"    {line}\n" for text in statements for line in text.split("\n")]
    return "".join(lines) or "    (nothing)\n"


def statements(stage: Stage, case: Case) -> list[str]:
    """What a case says here, or that it is refused; carried out as well."""
    stage.ready()
    if case.first is not None:
        first = case.first
        try:
            stage.revision(lambda op: first(op, stage.other))
        except NotSupportedHere as error:
            return [f"refused: {error.message}"]
    try:
        sink = stage.revision(lambda op: case.say(op, stage.other))
    except SchemaMigrateError as error:
        return [f"refused: {error.message}"]
    return brief(sink.statements or in_a_script(stage, case), stage.other)


def in_a_script(stage: Stage, case: Case) -> list[str]:
    """What a case says where rows are written as SQL."""
    return stated(for_engine(stage.engine), lambda: case.say(op, stage.other), known=stage.read())


def write() -> None:
    """Write all files anew."""
    FOLDER.mkdir(exist_ok=True)
    said: dict[tuple[str, str, str], str] = {}
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            url = find(kind, Path(folder)).url if kind != "sqlite" else ""
            with stage(kind, url or "", Path(folder)) as here:
                for file, cases in FILES.items():
                    for title, case in cases.items():
                        said[file, title, kind] = shown(statements(here, case))
    for file, cases in FILES.items():
        text = ""
        for title in cases:
            text += f"# {title}\n"
            for kind in KINDS:
                text += f"{kind}:\n{said[file, title, kind]}"
            text += "\n"
        (FOLDER / f"{file}.txt").write_text(text.rstrip("\n") + "\n")


if __name__ == "__main__":
    write()
