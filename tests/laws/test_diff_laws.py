"""Laws of the difference: it leads there, its reverse leads back, its source says the same."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from sqlalchemy.dialects import postgresql

from flask_schemamigrate import dialects
from flask_schemamigrate.autogenerate import Difference, Options, render, resolve
from flask_schemamigrate.autogenerate.downgrade import flat
from flask_schemamigrate.autogenerate.names import named
from flask_schemamigrate.autogenerate.refilling import refilled
from flask_schemamigrate.operations import CreateIndex, CreateTable, Execute, Operation, bound, op
from flask_schemamigrate.schema import Schema
from tests.autogenerate.room import Room
from tests.databases.servers import KINDS
from tests.laws.random_models import metadata, models

DIALECT = dialects.for_dialect(postgresql.dialect())


def schema(drawn: Any) -> Schema:
    """Random models as a schema in which everything has a name, as in a database."""
    found = DIALECT.spelling.schema([metadata(drawn)])
    tables = {key: named(table, 63)[0] for key, table in found.tables.items()}
    return Schema(tables=tables, enums=found.enums)


def resolved(before: Schema, after: Schema) -> Any:
    """What leads from one to the other, with nothing asked."""
    difference = Difference(before, after, said=after)
    return resolve(difference, None, dialect=DIALECT, options=Options())


def after(operations: list[Operation], before: Schema) -> Schema:
    """The schema after these operations."""
    return reduce(lambda state, operation: operation.apply(state), operations, before)


class Collecting:
    """A sink that keeps what it is given."""

    spelling = DIALECT.spelling
    naming_convention: Any = None
    context: Any = None

    def __init__(self) -> None:
        self.operations: list[Operation] = []

    def take(self, operation: Operation) -> None:
        self.operations.append(operation)

    def bind(self) -> sa.Connection:
        raise NotImplementedError


def said_again(lines: list[str], imports: tuple[str, ...]) -> list[Operation]:
    """The operations that source says."""
    names: dict[str, Any] = {}
    exec("\n".join(imports), names)
    names["op"] = op
    sink = Collecting()
    with bound(sink):
        exec("\n".join(lines), names)
    return list(flat(sink.operations))


def spread(operations: list[Operation]) -> list[Operation]:
    """The operations as a file says them: the indexes of a new table for themselves."""
    found: list[Operation] = []
    for operation in flat(operations):
        if isinstance(operation, CreateTable):
            table = operation.table
            found.append(replace(operation, table=replace(table, indexes={})))
            found += [
                CreateIndex(table.name, table.schema, index) for index in table.indexes.values()
            ]
        else:
            found.append(operation)
    return found


@given(models, models)
@settings(max_examples=300, deadline=None)
def test_the_difference_leads_from_one_to_the_other(one, two):
    before, wanted = schema(one), schema(two)
    assert after(resolved(before, wanted).operations, before) == wanted


@given(models, models)
@settings(max_examples=300, deadline=None)
def test_the_reverse_leads_back(one, two):
    before, wanted = schema(one), schema(two)
    found = resolved(before, wanted)
    assert after(found.reversed, wanted) == before


@given(models, models)
@settings(max_examples=200, deadline=None)
def test_the_source_says_the_same_operations_again(one, two):
    before, wanted = schema(one), schema(two)
    found = resolved(before, wanted)
    source = render(found, DIALECT)
    assert said_again(source.upgrade, source.imports) == spread(found.operations)
    backwards = refilled(found.reversed, after(found.operations, before), DIALECT)
    assert said_again(source.downgrade, source.imports) == [
        Execute(item.statement) if isinstance(item, Execute) else item for item in spread(backwards)
    ]


@given(models)
@settings(max_examples=50, deadline=None)
def test_equal_models_differ_in_nothing(one):
    assert resolved(schema(one), schema(one)).operations == ()


@given(models, models)
@settings(max_examples=100, deadline=None)
def test_the_order_of_tables_does_not_matter(one, two):
    turned = dict(reversed(list(two.items())))
    source = render(resolved(schema(one), schema(two)), DIALECT)
    assert render(resolved(schema(one), schema(turned)), DIALECT) == source


@pytest.mark.parametrize("kind", KINDS)
def test_random_models_run_up_and_down_and_up_again(kind, new_database):
    room = Room(kind, new_database(kind).engine())

    @given(models, models)
    @settings(
        max_examples=20 if kind == "sqlite" else 12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def holds(one, two):
        room.clear()
        room.reach(metadata(one)) if one else None
        first = room.read()
        if two.keys().isdisjoint(one):
            return  # Models without any known table are refused, and another test's affair.
        difference = room.compared(metadata(two))
        with room.open() as (dialect, _):
            found = resolve(difference, None, dialect=dialect, options=room.options)
        source = room.written(found)
        room.run(source.upgrade, source.imports)
        assert room.compared(metadata(two)).changed == ()
        room.run(source.downgrade, source.imports)
        assert room.read() == first
        room.run(source.upgrade, source.imports)
        assert room.compared(metadata(two)).changed == ()

    holds()
