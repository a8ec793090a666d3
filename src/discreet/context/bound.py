"""What is bound to the current context, in OpenTelemetry's own: it goes wherever that one goes, and no further."""

from __future__ import annotations

import functools
import inspect
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from opentelemetry.context import attach, create_key, get_current, set_value

from discreet.context.request import Request, request_of
from discreet.metrics.counts import COUNTS

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator, Mapping

    from opentelemetry.context import Context
    from typing_extensions import Self

    Function = TypeVar("Function", bound=Callable[..., Any])

_KEY = create_key("discreet.bound")
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(slots=True)
class Bound:
    """What holds in a context, with all that was bound round it.

    Attributes:
        said: Attributes by which records are classified.
        who: Attributes of a user; None where none is bound.
        request: The request in which the user was bound: the next one is somebody else's.
        owner: What bound it.
        before: The context round it; None once the block has ended, so that tasks begun in it hold no chain of blocks.
    """

    said: Mapping[str, Any]
    who: Mapping[str, Any] | None
    request: Request | None
    owner: Binding
    before: Context | None


def bound_in(context: Context) -> Bound | None:
    """Give what is bound in a context, None for nothing."""
    bound: Bound | None = context.get(_KEY)  # type: ignore[assignment]
    return bound


class Binding:
    """Binds attributes for a ``with`` block, in tasks and threads begun there too. May be entered often, and at once.

    What was bound in another context, as by a dependency that ran in a thread pool, is left alone when the block ends
    elsewhere.
    """

    def __init__(self, said: Mapping[str, Any] = NOTHING, who: Mapping[str, Any] | None = None) -> None:
        self._said, self._who = said, who

    def __enter__(self) -> Self:
        """Bind."""
        try:
            attach(self._within(get_current()))
        except Exception:
            COUNTS.withheld("attributes", "guard_failed")
        return self

    def __exit__(self, *_: object) -> None:
        """Put back what was bound before."""
        try:
            entry = self._entry(get_current())
            if entry is not None:
                attach(set_value(_KEY, None) if entry.before is None else entry.before)
                entry.before = None
        except Exception:
            COUNTS.withheld("attributes", "guard_failed")

    async def __aenter__(self) -> Self:
        """Bind, as ``with`` does."""
        return self.__enter__()

    async def __aexit__(self, *_: object) -> None:
        """Put back what was bound before."""
        self.__exit__()

    def __call__(self, function: Function) -> Function:
        """Give a function, a coroutine function or a generator function that runs as if in a ``with`` block."""
        return cast("Function", functools.wraps(function)(self._wrapper(function)(function)))

    def _within(self, before: Context) -> Context:
        outer = bound_in(before)
        said = {**outer.said, **self._said} if outer else self._said
        who, request = (outer.who, outer.request) if outer else (None, None)
        if self._who is not None:
            who, request = self._who, request_of(before)
        return set_value(_KEY, Bound(said, who, request, self, before), before)

    def _entry(self, context: Context) -> Bound | None:
        """Give the innermost place where this bound something in a context."""
        entry = bound_in(context)
        while entry is not None and entry.owner is not self:
            entry = None if entry.before is None else bound_in(entry.before)
        return entry

    def _wrapper(self, function: Any) -> Callable[[Any], Any]:
        if inspect.isasyncgenfunction(function):
            return self._async_generator
        if inspect.isgeneratorfunction(function):
            return self._generator
        return self._coroutine if inspect.iscoroutinefunction(function) else self._plain

    def _plain(self, function: Any) -> Any:
        def run(*args: Any, **kwargs: Any) -> Any:
            with self:
                return function(*args, **kwargs)

        return run

    def _coroutine(self, function: Any) -> Any:
        async def run(*args: Any, **kwargs: Any) -> Any:
            with self:
                return await function(*args, **kwargs)

        return run

    def _generator(self, function: Any) -> Any:
        def run(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
            inner = function(*args, **kwargs)
            steps = _Steps(self)
            step, value = inner.send, None
            while True:
                try:
                    with steps:
                        given = step(value)
                except StopIteration as end:
                    return end.value
                try:
                    step, value = inner.send, (yield given)
                except GeneratorExit:
                    with steps:
                        inner.close()
                    raise
                except BaseException as error:
                    step, value = inner.throw, error

        return run

    def _async_generator(self, function: Any) -> Any:
        async def run(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
            inner = function(*args, **kwargs)
            steps = _Steps(self)
            step, value = inner.asend, None
            while True:
                try:
                    with steps:
                        given = await step(value)
                except StopAsyncIteration:
                    return
                try:
                    step, value = inner.asend, (yield given)
                except GeneratorExit:
                    with steps:
                        await inner.aclose()
                    raise
                except BaseException as error:
                    step, value = inner.athrow, error

        return run


class _Steps:
    """One step of a generator after the other: its context is its own, and whoever iterates over it keeps theirs."""

    def __init__(self, binding: Binding) -> None:
        self._binding = binding
        self._inside: Context | None = None

    def __enter__(self) -> None:
        self._outside = get_current()
        try:
            attach(self._binding._within(self._outside) if self._inside is None else self._inside)
        except Exception:
            COUNTS.withheld("attributes", "guard_failed")

    def __exit__(self, *_: object) -> None:
        try:
            now = get_current()
            if self._binding._entry(now) is not None:
                self._inside = now
                attach(self._outside)
        except Exception:
            COUNTS.withheld("attributes", "guard_failed")
