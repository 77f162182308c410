"""Operations that a plugin or a project brings along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from .base import Operation
from .directives.base import Directives

REGISTERED: dict[str, Callable[..., Any]] = {}
REGISTERED_IN_BATCH: dict[str, Callable[..., Any]] = {}
IMPLEMENTATIONS: dict[type, Callable[[Any, Any], Any]] = {}

# Whose an operation is likely to be that nobody registered.
PLUGINS = {
    **dict.fromkeys(("sync_enum_values", "add_enum_value"), "alembic-postgresql-enum"),
    **dict.fromkeys(("create_entity", "drop_entity", "replace_entity"), "alembic_utils"),
    **dict.fromkeys(
        (
            "add_geospatial_column",
            "create_geospatial_constraints",
            "create_geospatial_index",
            "create_geospatial_table",
            "drop_geospatial_column",
            "drop_geospatial_constraints",
            "drop_geospatial_index",
            "drop_geospatial_table",
        ),
        "GeoAlchemy2",
    ),
    "run_ddl_script": "alembic-dddl",
    **dict.fromkeys(
        ("create_view", "replace_view", "drop_view", "create_or_replace_sp", "drop_sp"),
        "a module that env.py imported (the recipe 'Replaceable Objects')",
    ),
}

Registered = TypeVar("Registered", bound=type)
Function = TypeVar("Function", bound=Callable[..., Any])
Kind = TypeVar("Kind", bound="type[CustomOperation]")


class CustomOperation(Operation):
    """An operation that brings its own statements and its own source.

    A subclass is a frozen dataclass that defines `statements` and, for autogenerate, `source`. ::

        @register_operation("create_view")
        @dataclass(frozen=True)
        class CreateView(CustomOperation):
            name: str
            query: str

            def statements(self, dialect):
                yield f"CREATE VIEW {self.name} AS {self.query}"
    """

    def statements(self, dialect: Any) -> Iterator[Any]:
        """SQL texts, or SQLAlchemy expressions, in the order in which they run."""
        raise NotImplementedError

    def source(self) -> str:
        """The call that says this operation in a revision file."""
        raise NotImplementedError

    @classmethod
    def say(cls, operations: Directives, *args: Any, **kwargs: Any) -> Any:
        """What ``op.name(...)`` does: makes the operation and carries it out."""
        return operations.invoke(cls(*args, **kwargs))


def register_operation(name: str) -> Callable[[Kind], Kind]:
    """Make a `CustomOperation` available as ``op.<name>``."""

    def register(kind: Kind) -> Kind:
        REGISTERED[name] = kind.say
        return kind

    return register


class MigrateOperation:
    """An operation of a plugin in Alembic's shape: any attributes, and a function that does it. ::

    @Operations.register_operation("create_view")
    class CreateView(MigrateOperation):
        def __init__(self, name): ...

        @classmethod
        def create_view(cls, operations, name):
            return operations.invoke(cls(name))


    @Operations.implementation_for(CreateView)
    def create_view(operations, operation):
        operations.execute(...)
    """

    def reverse(self) -> MigrateOperation:
        """The operation that undoes this one."""
        raise NotImplementedError


def register_in(names: dict[str, Callable[..., Any]]) -> Any:
    """Alembic's class decorator ``register_operation(name, sourcename)`` for these names."""

    def register_operation(
        cls: type, name: str, sourcename: str | None = None
    ) -> Callable[[Registered], Registered]:
        """Make a class's method of that name, or ``sourcename``, available as ``op.<name>``."""

        def register(kind: Registered) -> Registered:
            names[name] = getattr(kind, sourcename or name)
            return kind

        return register

    return register_operation


def implementation_for(
    cls: type, kind: type, replace: bool = False
) -> Callable[[Function], Function]:
    """Register the function that carries out a `MigrateOperation`."""

    def register(function: Function) -> Function:
        IMPLEMENTATIONS[kind] = function
        return function

    return register


def implementation_of(operation: object) -> Callable[[Any, Any], Any] | None:
    """What carries out an operation, if a plugin registered it for its class or one above."""
    found = (IMPLEMENTATIONS.get(kind) for kind in type(operation).__mro__)
    return next((function for function in found if function is not None), None)
