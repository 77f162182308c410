"""The CREATE TABLE texts that SQLite keeps, taken apart with every place known.

The grammar is https://www.sqlite.org/lang_createtable.html as the parser really accepts it: commas
between table constraints may be missing, DEFERRABLE is a clause of its own, types may be absent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from .index_text import parse_term
from .tokens import NotUnderstood, Walk, parts

ENDS_TYPE = frozenset(
    ["CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "ON"]
) | frozenset(["REFERENCES", "AS", "DEFERRABLE"])
BEGINS_CONSTRAINT = frozenset(["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"])


@dataclass(frozen=True, slots=True)
class Reference:
    """What follows REFERENCES."""

    table: str
    columns: tuple[str, ...] = ()
    ondelete: str | None = None
    onupdate: str | None = None
    match: str | None = None
    deferrable: bool = False
    initially: str | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One constraint, of a column or of the table, from its first character to its last.

    ``text`` is a condition, a default, an expression or a collation's name; ``terms`` what is
    written after each column of a key, where anything is.
    """

    kind: str
    start: int = 0
    end: int = 0
    name: str | None = None
    columns: tuple[str, ...] = ()
    text: str = ""
    terms: tuple[str, ...] = ()
    conflict: str | None = None
    reference: Reference | None = None
    autoincrement: bool = False
    stored: bool = False
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ColumnText:
    """A column's definition; ``comma`` is the place of the comma after it, or -1."""

    name: str
    start: int
    end: int
    name_end: int
    type: str
    type_end: int
    clauses: tuple[Clause, ...]
    comma: int = -1

    def clause(self, kind: str) -> Clause | None:
        """Its last clause of that kind, which is the one that counts."""
        return next((item for item in reversed(self.clauses) if item.kind == kind), None)


@dataclass(frozen=True, slots=True)
class TableText:
    """A CREATE TABLE text. ``commas`` are the places of the commas after its constraints, or -1."""

    text: str
    name: str
    name_start: int
    name_end: int
    columns: tuple[ColumnText, ...]
    constraints: tuple[Clause, ...]
    commas: tuple[int, ...]
    close: int
    options: frozenset[str]

    @property
    def clauses(self) -> Iterator[tuple[ColumnText | None, Clause]]:
        """All clauses in their order, with the column they stand on."""
        for column in self.columns:
            yield from ((column, clause) for clause in column.clauses)
        yield from ((None, clause) for clause in self.constraints)

    def column(self, name: str) -> ColumnText:
        """The column of that name; SQLite does not care about case."""
        found = next((item for item in self.columns if item.name.lower() == name.lower()), None)
        if found is None:
            raise NotUnderstood(f"no column {name}")
        return found


def parse_table(text: str) -> TableText:
    """Take a CREATE TABLE text apart. Raises `NotUnderstood`."""
    walk = Walk(text)
    walk.need("CREATE")
    walk.skip("TEMP")
    walk.skip("TEMPORARY")
    walk.need("TABLE")
    walk.skip("IF", "NOT", "EXISTS")
    name = walk.name()
    if walk.skip("."):
        name = walk.name()
    name_token = walk.last
    walk.need("(")
    columns: list[ColumnText] = []
    constraints: list[Clause] = []
    commas: list[int] = []
    while walk.word != ")":
        if walk.word in BEGINS_CONSTRAINT:
            constraints.append(_constraint(walk))
            commas.append(walk.last.start if walk.skip(",") else -1)
        elif constraints:
            raise NotUnderstood(f"{walk.word} after the constraints")
        else:
            column = _column(walk)
            comma = walk.last.start if walk.skip(",") else -1
            columns.append(replace(column, comma=comma))
            if comma < 0 and walk.word != ")" and walk.word not in BEGINS_CONSTRAINT:
                raise NotUnderstood(f"{walk.word} after column {column.name}")
    close = walk.take().start
    return TableText(
        text=text,
        name=name,
        name_start=name_token.start,
        name_end=name_token.end,
        columns=tuple(columns),
        constraints=tuple(constraints),
        commas=tuple(commas),
        close=close,
        options=frozenset(_options(walk)),
    )


@lru_cache(maxsize=4096)
def parse_constraint(text: str) -> Clause:
    """Take one table constraint apart. Raises `NotUnderstood`."""
    walk = Walk(text)
    clause = _constraint(walk)
    if walk.place < len(walk.tokens):
        raise NotUnderstood(f"{walk.take().text} after a constraint")
    return clause


def _options(walk: Walk) -> Iterator[str]:
    while walk.place < len(walk.tokens):
        if walk.skip("WITHOUT", "ROWID"):
            yield "WITHOUT ROWID"
        elif walk.skip("STRICT"):
            yield "STRICT"
        elif not (walk.skip(",") or walk.skip(";")):
            raise NotUnderstood(f"{walk.take().text} after the columns")


def _column(walk: Walk) -> ColumnText:
    start = walk.start
    name = walk.name()
    name_end = walk.last.end
    type_start = walk.start
    while walk.word not in (",", ")", "(") and walk.word not in ENDS_TYPE:
        if walk.word == "GENERATED" and walk.word_after() == "ALWAYS":
            break
        walk.name()
    if walk.word == "(" and walk.last.end != name_end:
        walk.parenthesised()
    type_end = walk.last.end
    type_ = walk.text[type_start:type_end] if type_end > name_end else ""
    clauses: list[Clause] = []
    while walk.word not in (",", ")"):
        at = walk.start
        label = walk.name() if walk.skip("CONSTRAINT") else None
        if label is not None and walk.word in (",", ")", "CONSTRAINT"):
            continue
        if clauses and clauses[-1].reference and walk.word in ("DEFERRABLE", "NOT"):
            reference = _deferring(walk, clauses[-1].reference)
            if reference is not None:
                clauses[-1] = replace(clauses[-1], reference=reference, end=walk.last.end)
                continue
        clause = _column_clause(walk)
        clauses.append(replace(clause, start=at, end=walk.last.end, name=label, columns=(name,)))
    return ColumnText(name, start, walk.last.end, name_end, type_, type_end, tuple(clauses))


def _column_clause(walk: Walk) -> Clause:
    """The constraint at hand in a column's definition."""
    if walk.skip("PRIMARY", "KEY"):
        descending = walk.skip("DESC") or (walk.skip("ASC") and False)
        conflict = _conflict(walk)
        automatic = walk.skip("AUTOINCREMENT")
        return Clause(
            "PRIMARY KEY", conflict=conflict, autoincrement=automatic, descending=descending
        )
    if walk.skip("NOT", "NULL"):
        return Clause("NOT NULL", conflict=_conflict(walk))
    if walk.skip("NULL"):
        return Clause("NULL", conflict=_conflict(walk))
    if walk.skip("UNIQUE"):
        return Clause("UNIQUE", conflict=_conflict(walk))
    if walk.skip("CHECK"):
        return Clause("CHECK", text=walk.parenthesised(), conflict=_conflict(walk))
    if walk.skip("DEFAULT"):
        return Clause("DEFAULT", text=_default(walk))
    if walk.skip("COLLATE"):
        return Clause("COLLATE", text=walk.name())
    if walk.word == "REFERENCES":
        return Clause("FOREIGN KEY", reference=_reference(walk))
    if walk.skip("GENERATED", "ALWAYS", "AS") or walk.skip("AS"):
        expression = walk.parenthesised()
        stored = walk.skip("STORED") or (walk.skip("VIRTUAL") and False)
        return Clause("GENERATED", text=expression, stored=stored)
    raise NotUnderstood(f"{walk.take().text} in a column")


def _default(walk: Walk) -> str:
    start = walk.start
    if walk.word == "(":
        walk.parenthesised()
    else:
        if walk.word in ("+", "-"):
            walk.take()
        walk.take()
    return walk.text[start : walk.last.end]


def _constraint(walk: Walk) -> Clause:
    """The table constraint at hand."""
    start = walk.start
    label = None
    while walk.skip("CONSTRAINT"):
        label = walk.name()
    clause = _bare_constraint(walk)
    return replace(clause, start=start, end=walk.last.end, name=label)


def _bare_constraint(walk: Walk) -> Clause:
    if walk.skip("PRIMARY", "KEY"):
        columns, terms, automatic = _key(walk)
        conflict = _conflict(walk)
        return Clause(
            "PRIMARY KEY",
            columns=columns,
            terms=terms,
            conflict=conflict,
            autoincrement=automatic,
        )
    if walk.skip("UNIQUE"):
        columns, terms, _ = _key(walk)
        return Clause("UNIQUE", columns=columns, terms=terms, conflict=_conflict(walk))
    if walk.skip("CHECK"):
        return Clause("CHECK", text=walk.parenthesised(), conflict=_conflict(walk))
    if walk.skip("FOREIGN", "KEY"):
        columns, _, _ = _key(walk)
        return Clause("FOREIGN KEY", columns=columns, reference=_reference(walk))
    raise NotUnderstood(f"{walk.word or 'nothing'} where a constraint should be")


def _key(walk: Walk) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """The columns of a key, the words after each if there are any, and AUTOINCREMENT."""
    text = walk.parenthesised()
    automatic = False
    names = []
    after = []
    for part in parts(text):
        term = parse_term(part)
        expression = term.expression or ""
        if term.column is None and expression.upper().endswith("AUTOINCREMENT"):
            automatic = True
            term = parse_term(expression[: -len("AUTOINCREMENT")].strip())
        if term.column is None:
            raise NotUnderstood(f"the key ({text})")
        names.append(term.column)
        collation = f'COLLATE "{term.collation}"' if term.collation else ""
        after.append(f"{collation} {term.order}".strip())
    return tuple(names), tuple(after) if any(after) else (), automatic


def _reference(walk: Walk) -> Reference:
    walk.need("REFERENCES")
    table = walk.name()
    columns = _key(walk)[0] if walk.word == "(" else ()
    found = Reference(table, columns)
    while True:
        if walk.skip("ON", "DELETE"):
            found = replace(found, ondelete=_action(walk))
        elif walk.skip("ON", "UPDATE"):
            found = replace(found, onupdate=_action(walk))
        elif walk.skip("MATCH"):
            found = replace(found, match=walk.name().upper())
        else:
            return _deferring(walk, found) or found


def _action(walk: Walk) -> str | None:
    for action in ("SET NULL", "SET DEFAULT", "CASCADE", "RESTRICT", "NO ACTION"):
        if walk.skip(*action.split()):
            return None if action == "NO ACTION" else action
    raise NotUnderstood("an action is missing")


def _deferring(walk: Walk, reference: Reference) -> Reference | None:
    """The reference with the DEFERRABLE clause at hand, or ``None`` if there is none."""
    if walk.skip("NOT", "DEFERRABLE"):
        deferrable = False
    elif walk.skip("DEFERRABLE"):
        deferrable = True
    else:
        return None
    initially = walk.take().word if walk.skip("INITIALLY") else None
    return replace(reference, deferrable=deferrable, initially=initially if deferrable else None)


def _conflict(walk: Walk) -> str | None:
    return walk.take().word if walk.skip("ON", "CONFLICT") else None
