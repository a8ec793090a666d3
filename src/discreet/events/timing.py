"""How long something takes: a histogram, and an event on the current span."""

from __future__ import annotations

import functools
import inspect
from contextvars import ContextVar
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from opentelemetry import trace

from discreet.events.emitting import CATEGORY
from discreet.events.instruments import DURATIONS, SCOPE
from discreet.events.names import timer_name
from discreet.events.values import kind_of, measurable, merged
from discreet.metrics import COUNTS
from discreet.policy import StrictError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from types import TracebackType

F = TypeVar("F", bound="Callable[..., Any]")

EVENT: Final = "discreet.timed"
NAME: Final = "discreet.timed.name"
DURATION: Final = "discreet.timed.duration"
ERROR_TYPE: Final = "error.type"
PERFORMANCE: Final = "performance"


class _Run:
    """One time that something is timed."""

    __slots__ = ("begin", "done", "span", "timer")

    def __init__(self, timer: timed) -> None:
        self.timer, self.done, self.begin = timer, False, 0.0
        self.span: AbstractContextManager[Any] | None = None

    def __enter__(self) -> None:
        if self.timer.with_span:
            self.span = _span(self.timer)
        self.begin = perf_counter()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace_of_it: TracebackType | None
    ) -> None:
        seconds, self.done = perf_counter() - self.begin, True
        timer, span = self.timer, self.span
        attributes = timer.attributes if kind is None else {**timer.attributes, ERROR_TYPE: kind_of(kind)}
        _attempt("metric", _measure, timer.name, seconds, attributes)
        if span is None:
            _attempt("span", _tell, timer.name, seconds, attributes)
        else:
            _attempt("span", span.__exit__, kind, error, trace_of_it)


_running: ContextVar[tuple[_Run, ...]] = ContextVar("discreet_timed", default=())


class timed:  # noqa: N801 - it reads as a verb, with a block or over a function
    """Measure how long a block or a function takes.

    ``with discreet.timed("checkout", shop="north"): ...`` or ``@discreet.timed("checkout")`` over a function, sync or
    async, records to the histogram ``checkout.duration`` in seconds, with the attributes and, where an exception left,
    ``error.type``; and adds the event ``discreet.timed`` to the span that is current. Each set of attributes makes
    series of its own: give few, of few values. Raises nothing of what values do; without providers it does nothing.
    One object may be entered again while it is entered, in any thread and task.

    Args:
        name: What is timed: lower-case words joined by dots.
        span: Whether to open a span of that name, of category performance, in the place of the event.
        attributes: Attributes whose names are no identifiers, such as ``{"shop.region": "north"}``.
        **more: Attributes.

    Raises:
        ValueError: When the name is none.
        TypeError: When it is put over something that cannot be timed, such as a generator function.
    """

    def __init__(
        self, name: str, /, *, span: bool = False, attributes: Mapping[str, Any] | None = None, **more: Any
    ) -> None:
        self.name = timer_name(name)
        self.with_span = span
        self.attributes: dict[str, Any] = measurable(merged(attributes, more)) if attributes or more else {}
        self._entered: list[_Run] = []

    def __enter__(self) -> None:
        """Begin to measure."""
        run = _Run(self)
        _running.set((*(other for other in _running.get() if not other.done), run))
        self._entered.append(run)
        run.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace_of_it: TracebackType | None
    ) -> None:
        """Record what was measured since this was last entered here; an exception goes on."""
        run = self._latest()
        if run is not None:
            run.__exit__(kind, error, trace_of_it)

    def _latest(self) -> _Run | None:
        """Give what was entered last in this thread or task; where none was, what was entered last anywhere."""
        here = [run for run in _running.get() if run.timer is self and not run.done]
        try:
            run = here[-1] if here else self._entered[-1]
            self._entered.remove(run)
        except (IndexError, ValueError):  # it was never entered
            return None
        return run

    def __call__(self, function: F) -> F:
        """Give the function that is measured at each call."""
        _refuse(function)
        if _is_async(function):

            @functools.wraps(function)
            async def measured_async(*args: Any, **kwargs: Any) -> Any:
                with _Run(self):
                    return await function(*args, **kwargs)

            return cast("F", measured_async)

        @functools.wraps(function)
        def measured(*args: Any, **kwargs: Any) -> Any:
            with _Run(self):
                return function(*args, **kwargs)

        return cast("F", measured)


def _is_async(function: Any) -> bool:
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(type(function).__call__)


def _refuse(function: object) -> None:
    """Say what cannot be timed, and what to do."""
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise TypeError(
            "discreet.timed cannot time a generator function, which runs as its caller asks for values. "
            "Put `with discreet.timed(...)` inside of it, or round the loop over it."
        )
    if isinstance(function, (classmethod, staticmethod)):
        raise TypeError("discreet.timed goes below @classmethod and @staticmethod: put it next to the function.")
    if inspect.isclass(function) or not callable(function):
        raise TypeError("discreet.timed goes over a function. For anything else, use `with discreet.timed(...)`.")


def _measure(name: str, seconds: float, attributes: dict[str, Any]) -> None:
    DURATIONS.named(name).record(seconds, attributes)


def _tell(name: str, seconds: float, attributes: dict[str, Any]) -> None:
    span = trace.get_current_span()
    if span.is_recording():
        span.add_event(EVENT, {**attributes, NAME: name, DURATION: seconds, CATEGORY: PERFORMANCE})


def _span(timer: timed) -> AbstractContextManager[Any] | None:
    opened: list[AbstractContextManager[Any]] = []
    _attempt("span", _open, timer, opened)
    return opened[0] if opened else None


def _open(timer: timed, opened: list[AbstractContextManager[Any]]) -> None:
    attributes = {**timer.attributes, CATEGORY: PERFORMANCE}
    span = trace.get_tracer(SCOPE).start_as_current_span(timer.name, attributes=attributes)
    span.__enter__()
    opened.append(span)


def _attempt(signal: str, function: Callable[..., Any], *args: Any) -> None:
    """Call something of OpenTelemetry for code that is timed; what it raises is nothing to that code, and counted."""
    try:
        function(*args)
    except StrictError:
        raise
    except Exception:
        COUNTS.withheld(signal, "dropped")
