"""Reading a database and holding its models against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from .. import collecting
from ..dialects.base import Dialect
from ..errors.setup import NoModelsSeen
from ..schema import Domain, Enum, Schema, Table
from . import (
    domains,
    ends,
    facts,
    lengths,
    misfits,
    moves,
    names,
    namespaces,
    ownership,
    referents,
    twins,
)
from .difference import Difference
from .filters import Filter
from .home import Named, default_schema, home_key
from .options import Options
from .restating import restated
from .unchanged import unchanged


@dataclass
class Pairing:
    """The tables on which models and database were found to differ.

    ``refused`` says why the database would not spell some of them.
    """

    wanted: dict[str, Table] = field(default_factory=dict)
    said: dict[str, Table] = field(default_factory=dict)
    refused: str | None = None


def compare(
    dialect: Dialect,
    connection: sa.Connection,
    metadatas: Iterable[sa.MetaData],
    *,
    options: Options = Options(),  # noqa: B008 -- a frozen value
) -> Difference:
    """What models want of a database, which is only read.

    Raises `NoModelsSeen` where following the models would leave nothing of what is known, and
    `SameName` where they give one name twice.
    """
    metadatas = tuple(metadatas)
    with collecting.paused(stays=True):
        home = default_schema(connection)
        twins.refuse(dialect, metadatas, options)
        tables = models_tables(metadatas, home)
        filtering = Filter(dialect, connection, tables, options)
        models, apart = misfits.spelled(dialect, metadatas, home, filtering)
        schemas = namespaces.to_read(models, options, connection, home)
        before = dialect.read(connection, schemas=schemas)
        refuse_nothing(models, before, options)
        models = dialect.with_unsaid(without_views(models, before), before)
        in_order = options.compare_column_order and moves.can_move(dialect)
        same = unchanged(before, dialect.spelled(models), in_order=in_order)
        models, wanted, given = prepared(dialect, models, {} if options.everything else same)
        if not filtering.is_idle:
            wanted, models = misfits.filtered(filtering, before, wanted, models, apart)
        unmanaged = ownership.unmanaged(before, wanted, options)
        pairing = paired((before, wanted, models), given, in_order=in_order)
        if options.everything:
            pairing.said = everything((before, wanted, models), given) | pairing.said
        gone = before.tables.keys() - wanted.tables.keys() - unmanaged.keys()
        pairing, wanted = echoed(dialect, connection, pairing, (before, wanted), all_=bool(gone))
        pairing = settled(pairing, before, given)
        pairing.wanted |= restated(dialect, connection, pairing.wanted, before, wanted)
        pairing.wanted = seen(filtering, before, wanted, pairing)
        changed = [table for key, table in tables.items() if key in pairing.wanted]
        lengths.refuse(dialect, changed)
        referents.refuse(changed, (before, wanted, pairing.wanted), connection, home)
        difference = Difference(
            before=before,
            wanted=whole(before, wanted, pairing, unmanaged, options),
            said=replace(models, tables=pairing.said),
            unmanaged=unmanaged,
            given=given,
            hints=facts.hints(changed, home),
            suggestions=facts.suggestions(changed, home),
            column_order=in_order,
            refused=pairing.refused,
        )
        ends.refuse(dialect, before, difference.wanted, pairing.wanted)
        nulls = facts.with_nulls(dialect, connection, difference, options.renamed)
        return replace(difference, with_nulls=nulls)


def models_tables(metadatas: Iterable[sa.MetaData], home: str | None) -> dict[str, sa.Table]:
    """The models' own tables by their keys in a `Schema`."""
    tables = (table for metadata in metadatas for table in metadata.tables.values())
    return {home_key(table, home): table for table in tables}


def refuse_nothing(models: Schema, before: Schema, options: Options) -> None:
    """Raise `NoModelsSeen` if there are models for none of the tables that are known.

    The only table of a bind may go where another comes, and all of them where one is renamed.
    """
    if any(old in before.tables and new in models.tables for old, new in options.renamed.items()):
        return
    known = [key for key in before.tables if ownership.reason(key, before, options) is None]
    may_go = 1 if models.tables else 0
    if len(known) > may_go and not any(key in models.tables for key in before.tables):
        raise NoModelsSeen(options.bind, modules=options.modules, vanishing=known)


def prepared(
    dialect: Dialect, models: Schema, same: Mapping[str, Table]
) -> tuple[Schema, Schema, dict[str, frozenset[str]]]:
    """The models' schema with a name on everything, twice, and by table the names that were given.

    It is in the models' own words without the tables that are the same in the database, and as the
    database spells it with them.
    """
    limit = dialect.spelling.longest_name
    given: dict[str, frozenset[str]] = {}
    tables = {}
    for key, table in models.tables.items():
        if key not in same:
            tables[key], found = names.named(table, limit)
            if found:
                given[key] = found
    said = replace(models, tables=tables)
    wanted = dialect.spelled(said)
    together = {key: same.get(key) or wanted.tables[key] for key in models.tables}
    return said, replace(wanted, tables=together), given


def without_views(wanted: Schema, before: Schema) -> Schema:
    """The models' schema without the views that are mapped as tables."""
    tables = {key: table for key, table in wanted.tables.items() if key not in before.views}
    return replace(wanted, tables=tables)


def paired(
    schemas: tuple[Schema, Schema, Schema],
    given: Mapping[str, frozenset[str]],
    *,
    in_order: bool,
) -> Pairing:
    """Which tables are new, or seem to differ from what was read, be it in their columns' order."""
    before, wanted, models = schemas
    pairing = Pairing()
    for key, table in wanted.tables.items():
        old = before.tables.get(key)
        if old is table:
            continue
        if old is not None and (not in_order or [*old.columns] == [*table.columns]):
            aligned, _ = names.aligned(old, table, given.get(key, frozenset()))
            if old == aligned:
                continue
        pairing.wanted[key] = table
        pairing.said[key] = models.tables.get(key, table)
    return pairing


def everything(
    schemas: tuple[Schema, Schema, Schema], given: Mapping[str, frozenset[str]]
) -> dict[str, Table]:
    """The tables that are there and wanted, in their models' words under the database's names."""
    before, wanted, models = schemas
    return {
        key: names.together(old, table, models.tables[key], given.get(key, frozenset()))[1]
        for key, table in wanted.tables.items()
        if key in models.tables
        and (old := before.tables.get(key)) is not None
        # What the app excludes from the comparison is the database's own table here.
        and old is not table
    }


def echoed(
    dialect: Dialect,
    connection: sa.Connection,
    pairing: Pairing,
    schemas: tuple[Schema, Schema],
    *,
    all_: bool,
) -> tuple[Pairing, Schema]:
    """The same tables, and the wanted schema's domains, as the database spells them.

    New ones are not compared with anything, unless one of them may be another under a new name.
    """
    before, wanted = schemas
    doubtful = {key: table for key, table in pairing.wanted.items() if all_ or key in before.tables}
    if not doubtful and not any(
        before.domains.get(key, domain) != domain for key, domain in wanted.domains.items()
    ):
        return pairing, wanted
    used = users(Schema(tables=doubtful))
    enums = {key: enum for key, enum in wanted.enums.items() if key in used}
    echo = dialect.echo(connection, replace(wanted, tables=doubtful, enums=enums))
    tables = {key: echo.tables.get(key, table) for key, table in pairing.wanted.items()}
    pairing = replace(pairing, wanted=tables, refused=dialect.echo_refused)
    return pairing, replace(wanted, domains=echo.domains)


def settled(pairing: Pairing, before: Schema, given: Mapping[str, frozenset[str]]) -> Pairing:
    """The tables under the database's names for what models left without one."""
    for key, table in pairing.wanted.items():
        old = before.tables.get(key)
        if old is not None:
            loose = given.get(key, frozenset())
            pairing.wanted[key], pairing.said[key] = names.together(
                old, table, pairing.said[key], loose
            )
    return pairing


def seen(filtering: Filter, before: Schema, wanted: Schema, pairing: Pairing) -> dict[str, Table]:
    """The tables with what the app's filters leave of them."""
    if filtering.is_idle:
        return pairing.wanted
    left = filtering.schema(before, replace(wanted, tables=pairing.wanted))
    return {key: left.tables[key] for key in pairing.wanted}


def whole(
    before: Schema,
    wanted: Schema,
    pairing: Pairing,
    unmanaged: Mapping[str, str],
    options: Options,
) -> Schema:
    """All that shall be there in the end."""
    tables: dict[str, Table] = {}
    for key, table in before.tables.items():
        if key in pairing.wanted:
            echo = pairing.wanted[key]
            tables[key] = table if echo == table and not options.compare_column_order else echo
        elif key in wanted.tables or key in unmanaged:
            tables[key] = table
    for key in wanted.tables:
        if key not in tables:
            tables[key] = pairing.wanted.get(key, wanted.tables[key])
    result = replace(before, tables=tables)
    result = replace(
        result,
        enums=_enums(before, wanted, result),
        sequences=_owned(before.sequences, wanted.sequences, options),
        domains=_domains(before, wanted, result, options),
    )
    there = before.namespaces - namespaces.emptied(before, result, options)
    return replace(result, namespaces=there | wanted.namespaces)


def _enums(before: Schema, wanted: Schema, result: Schema) -> dict[str, Enum]:
    """The models' enums, and those of the database that did not just lose their last column."""
    used = users(before)
    still = users(result)
    kept = {key: enum for key, enum in before.enums.items() if key not in used or key in still}
    return {**kept, **wanted.enums}


def users(schema: Schema) -> set[str]:
    """The keys of the enums that a schema's columns use."""
    return {
        column.type.enum
        for table in schema.tables.values()
        for column in table.columns.values()
        if column.type.enum
    }


def _owned(
    before: Mapping[str, Named], wanted: Mapping[str, Named], options: Options
) -> dict[str, Named]:
    """The models' sequences or domains, and those of the database that no revision created."""
    kept = {key: item for key, item in before.items() if not options.owned(key)}
    excluded = {key: item for key, item in before.items() if options.excludes(key)}
    return {**kept, **wanted, **excluded}


def _domains(before: Schema, wanted: Schema, result: Schema, options: Options) -> dict[str, Domain]:
    """The domains that shall be there: no column may lose its own."""
    used = domains.used(result) if before.domains else set()
    kept = {key: item for key, item in before.domains.items() if key in used}
    return {**kept, **_owned(before.domains, wanted.domains, options)}
