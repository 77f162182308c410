"""Running synchronous code on asynchronous drivers, in an event loop that lasts as long as it."""

from __future__ import annotations

import asyncio
import contextvars
import sys
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy.util import greenlet_spawn

from ..errors import GreenletNotInstalled

Y = TypeVar("Y")
S = TypeVar("S")
R = TypeVar("R")

Call: TypeAlias = Callable[[Callable[[], Any]], Any]


@dataclass(frozen=True)
class _Yielded(Generic[Y]):
    value: Y


@dataclass(frozen=True)
class _Returned(Generic[R]):
    value: R


def drive(generator: Generator[Y, S, R], *, needed: bool) -> Generator[Y, S, R]:
    """The same generator, with each of its steps run where an asynchronous driver can wait.

    Without need, and inside another drive, it is simply gone through. All steps run in one event
    loop and one copy of the caller's context; in a thread, if the caller has a running loop.
    """
    if not needed or _is_driven():
        return (yield from generator)
    with _event_loop() as call:
        try:
            step = partial(next, generator)
            while isinstance(outcome := call(partial(_outcome, step)), _Yielded):
                try:
                    sent = yield outcome.value
                except GeneratorExit:
                    raise
                except BaseException as error:
                    step = partial(generator.throw, error)
                else:
                    step = partial(generator.send, sent)
            return outcome.value  # type: ignore[no-any-return]
        finally:
            # What the generator still holds open has to be closed in the same loop.
            call(generator.close)


def run(function: Callable[[], R], *, needed: bool) -> R:
    """What a function returns that is run where an asynchronous driver can wait."""
    if not needed or _is_driven():
        return function()
    with _event_loop() as call:
        result: R = call(function)
        return result


def _outcome(step: Callable[[], Y]) -> _Yielded[Y] | _Returned[Any]:
    """What a step of a generator led to; a StopIteration cannot leave a coroutine."""
    try:
        return _Yielded(step())
    except StopIteration as end:
        return _Returned(end.value)


def _is_driven() -> bool:
    """Whether this code already runs where an asynchronous driver can wait."""
    greenlets = sys.modules.get("greenlet")
    if greenlets is None:
        return False
    current = greenlets.getcurrent()
    # Early versions of SQLAlchemy 2.0 put no mark on their greenlets.
    is_marked: bool = getattr(current, "__sqlalchemy_greenlet_provider__", False)
    return is_marked or type(current).__module__.startswith("sqlalchemy.")


@contextmanager
def _event_loop() -> Iterator[Call]:
    """A way to call functions, one after the other, in an event loop made for them.

    Raises :exc:`GreenletNotInstalled`.
    """
    if find_spec("greenlet") is None:
        raise GreenletNotInstalled
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        with asyncio.Runner() as runner:
            yield partial(_called, runner)
        return
    # A loop cannot be entered twice in one thread, so the functions go to another one and take the
    # context (the current app, for one) with them.
    context = contextvars.copy_context()
    with ThreadPoolExecutor(1, thread_name_prefix="schemamigrate") as thread:
        runner = thread.submit(context.run, asyncio.Runner).result()
        try:
            yield lambda function: thread.submit(context.run, _called, runner, function).result()
        finally:
            thread.submit(context.run, runner.close).result()


def _called(runner: asyncio.Runner, function: Callable[[], Any]) -> Any:
    async def spawned() -> Any:
        return await greenlet_spawn(function)

    return runner.run(spawned())
