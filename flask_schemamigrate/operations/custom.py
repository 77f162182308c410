"""Operations that a plugin or a project brings along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from .base import Operation
from .directives.base import Directives

REGISTERED: dict[str, Callable[..., Any]] = {}

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
