"""What can be wrong with an operation that a revision asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .root import OperationError


class NotMigrating(OperationError):
    """``op`` was used while no revision is being carried out."""

    def __init__(self) -> None:
        super().__init__(
            "'op' only works inside a revision's upgrade() or downgrade() while it is carried out.",
            hint="Move the call into one of these functions and run 'flask db upgrade'.",
        )


class Irreversible(OperationError):
    """An operation has no reverse."""

    def __init__(self, operation: str, reason: str) -> None:
        self.operation = operation
        self.reason = reason
        super().__init__(
            f"'{operation}' cannot be reversed: {reason}",
            hint="Write the downgrade() of this revision by hand.",
        )


class UnknownTable(OperationError):
    """A table was named that does not exist at this point."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(
            f"There is no table '{table}' at this point of the history.",
            hint="Check the name, or the order of the operations in the revision.",
        )


class UnknownColumn(OperationError):
    """A column was named that its table does not have."""

    def __init__(self, table: str, column: str, columns: Iterable[str]) -> None:
        self.table = table
        self.column = column
        self.columns = tuple(columns)
        super().__init__(
            f"Table '{table}' has no column '{column}' at this point of the history.",
            hint=f"Its columns are: {', '.join(self.columns)}.",
        )


class UnknownConstraint(OperationError, ValueError):
    """A constraint was named that its table does not have; a ValueError as in Alembic's batches."""

    def __init__(self, table: str, name: str | None, names: Sequence[str]) -> None:
        self.table = table
        self.name = name
        what = "constraint without a name" if name is None else f"constraint '{name}'"
        super().__init__(
            f"Table '{table}' has no {what} at this point of the history.",
            hint=f"Its constraints are: {', '.join(names) or 'none'}.",
        )


class UnknownIndex(OperationError, ValueError):
    """An index was named that its table does not have; a ValueError as in Alembic's batches."""

    def __init__(self, table: str | None, name: str, names: Sequence[str] = ()) -> None:
        self.table = table
        self.name = name
        where = "" if table is None else f" on table '{table}'"
        super().__init__(
            f"There is no index '{name}'{where} at this point of the history.",
            hint=f"The indexes there are: {', '.join(names) or 'none'}.",
        )


class NameNeeded(OperationError, ValueError):
    """A name is needed where none was given; revisions know Alembic's error as a ValueError."""

    def __init__(self, what: str, table: str) -> None:
        super().__init__(
            f"{what} on table '{table}' needs a name.",
            hint="Give it one as the first argument, or set a naming convention on the metadata.",
        )


class NotSupportedHere(OperationError):
    """This database has nothing of that kind."""

    def __init__(self, what: str, database: str, *, hint: str | None = None) -> None:
        self.what = what
        self.database = database
        super().__init__(
            f"{database} does not support {what}.",
            hint=hint or "Leave it out for this database, or write it with op.execute().",
        )


class DottedReferent(OperationError):
    """A foreign key refers to a name with a dot."""

    def __init__(self, column: str, referent: str) -> None:
        self.column = column
        self.referent = referent
        super().__init__(
            f"The foreign key of {column} refers to '{referent}': where a foreign key is written "
            "down, a dot stands between a schema, a table and a column.",
            hint="Give it a name without a dot, or leave the foreign key out.",
        )


class NoSuchReferent(OperationError):
    """A model's foreign key refers to a table or a column that no model of its database has."""

    def __init__(self, column: str, referent: str, *, near: str | None = None) -> None:
        self.column = column
        self.referent = referent
        self.near = near
        super().__init__(
            f"The foreign key of {column} refers to {referent}, which no model of this database "
            "has.",
            hint=f"Did you mean {near}?"
            if near
            else "Import the module of the model. To a table that has no model, and is in the "
            "database, refer from a column with a type.",
        )


class BadRow(OperationError):
    """A row given to ``bulk_insert`` or ``upsert`` does not fit its table."""

    def __init__(self, table: str, row: int, problem: str) -> None:
        self.table = table
        self.row = row
        super().__init__(
            f"Row {row} for table '{table}' {problem.rstrip('.')}.",
            hint="Rows are dictionaries with the same keys, each naming a column of the table.",
        )


class NeedsDatabase(OperationError):
    """An operation needs a live connection while SQL is only being written."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            f"{what} needs a database, and with --sql there is none.",
            hint="Leave it out when 'op.get_context().as_sql' is true, or run without --sql.",
        )


class WrongArgument(OperationError):
    """An argument of an operation makes no sense."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)


class UnknownOperation(OperationError, AttributeError):
    """``op`` was asked for an operation that nobody registered."""

    def __init__(self, name: str, known: Sequence[str] = (), *, plugin: str | None = None) -> None:
        self.name = name
        self.plugin = plugin
        near = f"Did you mean '{known[0]}'? " if known else ""
        if plugin is not None:
            near = f"It is likely that of {plugin}. "
        super().__init__(
            f"There is no operation 'op.{name}'.",
            hint=f"{near}An operation of a plugin is registered with "
            f"flask_schemamigrate.operations.register_operation.",
        )


class UnknownEnum(OperationError):
    """An enum type was named that does not exist at this point."""

    def __init__(self, enum: str) -> None:
        self.enum = enum
        super().__init__(
            f"There is no enum type '{enum}' at this point of the history.",
            hint="Check the name, or create it first with op.create_enum().",
        )


class ValuesInUse(OperationError):
    """An enum type is to lose values that rows still hold."""

    def __init__(self, enum: str, column: str, rows: Sequence[Sequence[object]]) -> None:
        self.enum = enum
        self.column = column
        held = ", ".join(f"'{value}' ({count} rows)" for value, count in rows)
        super().__init__(
            f"Enum type '{enum}' cannot lose values that {column} still holds: {held}.",
            hint="Say what they become with replacing={'old': 'new'}, or change the rows first.",
        )


class ValuesDiffer(OperationError):
    """A column is to be generated, and holds values that its expression would not give."""

    def __init__(self, column: str, expression: str) -> None:
        self.column = column
        super().__init__(
            f"Column {column} holds values that its expression ({expression}) would overwrite.",
            hint="Make them equal to the expression or null first, or drop and add the column.",
        )
