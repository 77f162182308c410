"""Operations carried out or stated by a dialect alone, as a runner does it with revisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.dialects.base import Dialect, Live
from flask_schemamigrate.dialects.statement import BeginUnguarded, Statement, Step
from flask_schemamigrate.operations import Collector, Nothing, Operation, bound
from flask_schemamigrate.schema import Known, Schema
from flask_schemamigrate.schema.from_sqlalchemy import Spelling


class TestSink:
    """A sink that carries out each operation at once, or only states it where nothing is live."""

    __test__ = False

    def __init__(
        self, dialect: Dialect, connection: sa.Connection | None, known: Known | None = None
    ) -> None:
        self.done: list[Operation] = []
        self.dialect = dialect.within(self.done)
        self.connection = connection
        self.known: Known = known if known is not None else Schema()
        if connection is not None:
            self.known = Live(dialect, connection)
        self.statements: list[str] = []
        self.reverses: list[Operation] = []
        self.naming_convention: Mapping[str, str] | None = None
        self.context: Any = None

    @property
    def spelling(self) -> Spelling:
        return self.dialect.spelling

    def bind(self) -> sa.Connection:
        assert self.connection is not None
        return self.connection

    def before(self) -> Known:
        """What reverses are made of."""
        return self.known

    def take(self, operation: Operation) -> Any:
        try:
            self.reverses.insert(0, operation.reverse(self.before()))
        except Exception as error:
            self.reverses.insert(0, _Unreversed(error))
        result = None
        steps = list(self.dialect.statements(operation, self.known))
        if not steps and isinstance(self.reverses[0], _Unreversed):
            self.reverses[0] = Nothing()
        for step in steps:
            if isinstance(step, Statement):
                self.statements.append(step.sql)
            if self.connection is not None:
                result = self._carried_out(step, self.connection)
            elif not isinstance(step, Statement):
                self.statements += self.dialect.written(step)
        if self.connection is None and isinstance(self.known, Schema):
            self.known = operation.apply(self.known)
        self.done.append(operation)
        return result

    def _carried_out(self, step: Step, connection: sa.Connection) -> Any:
        """Do a step, outside of the transaction if it must be."""
        if isinstance(step, Statement) and step.outside:
            with self.dialect.autocommit(connection):
                return self.dialect.carry_out(step, connection)
        return self.dialect.carry_out(step, connection)


class _Unreversed(Operation):
    """Stands for a reverse that there is not, and says why when it is wanted."""

    def __init__(self, error: Exception) -> None:
        object.__setattr__(self, "error", error)


class Done:
    """What was carried out, and what undoes it."""

    def __init__(self, engine: sa.Engine, sink: TestSink) -> None:
        self._engine = engine
        self.statements = sink.statements
        self.reverses = sink.reverses

    def undone(self) -> Done:
        """Carry out the reverses."""
        for reverse in self.reverses:
            if isinstance(reverse, _Unreversed):
                raise reverse.error  # type: ignore[attr-defined]
        return carried_out(self._engine, *self.reverses)


def carried_out(engine: sa.Engine, *said: Callable[[], object] | Operation) -> Done:
    """Carry out what functions say to ``op``, or operations, and commit."""
    with engine.connect() as connection:
        sink = TestSink(for_engine(engine), connection)
        with bound(sink) as op:
            for item in said:
                if isinstance(item, Operation):
                    op.invoke(item)
                else:
                    item()
        connection.commit()
    return Done(engine, sink)


def revised_by(
    engine: sa.Engine, say: Callable[[Any], object], made: Callable[[sa.Connection], TestSink]
) -> TestSink:
    """Let a revision say its operations to ``op`` as the runner does, and commit.

    It is in a transaction, which is begun again if need be, with a sink ``made`` anew.
    """
    with engine.connect() as connection:
        for unguarded in (False, True):
            sink = made(connection)
            try:
                with (
                    sink.dialect.transaction(connection, unguarded=unguarded),
                    bound(sink) as op,
                ):
                    say(op)
            except BeginUnguarded:
                continue
            return sink
    raise AssertionError("begun twice")


def stated(
    dialect: Dialect, *said: Callable[[], object] | Operation, known: Schema | None = None
) -> list[str]:
    """The SQL of what functions say to ``op``, with only ``known`` to ask."""
    sink = TestSink(dialect, None, known)
    with bound(sink) as op:
        for item in said:
            if isinstance(item, Operation):
                op.invoke(item)
            else:
                item()
    return sink.statements


def stated_alone(dialect: Dialect, say: Callable[[], object]) -> list[str]:
    """The SQL of operations on tables that nobody knows."""
    collector = Collector(TestSink(dialect, None))
    with bound(collector):
        say()
    return [
        step.sql
        for operation in collector.operations
        for step in dialect.statements(operation, Schema())
        if isinstance(step, Statement)
    ]


def script(statements: Iterable[str]) -> str:
    """Statements as a script for a database's client program."""
    return "".join(f"{statement};\n\n" for statement in statements)
