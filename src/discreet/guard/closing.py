"""What is shut where a point of the guard cannot be armed: its signal does not leave, as if it were switched off.

These are public names of OpenTelemetry, further out than the points: what the app itself calls, or what every reader
does. A process then behaves as with ``OTEL_SDK_DISABLED=true`` for that signal.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, NamedTuple

from opentelemetry.trace import NoOpTracer

from discreet.guard import dispatch
from discreet.guard.containment import count
from discreet.guard.otherwise import bare_headers

if TYPE_CHECKING:
    from collections.abc import Callable


class Shutter(NamedTuple):
    """One function that is replaced so that a signal does not leave.

    Attributes:
        module: Where it lives.
        owner: Its class.
        name: Its name.
        wrap: Gives the replacement from the original.
    """

    module: str
    owner: str
    name: str
    wrap: Callable[[Any], Any]


def _no_span(_original: Any) -> Any:
    """Replace ``Tracer.start_span``: the parent's ids are passed on, nothing is recorded."""

    def shut(_self: Any, name: str, context: Any = None, *_: Any, **__: Any) -> Any:
        count("span", "unguarded")
        return NoOpTracer().start_span(name, context)

    return shut


def _nothing(signal: str) -> Callable[[Any], Any]:
    def wrap(_original: Any) -> Any:
        def shut(*_: Any, **__: Any) -> None:
            count(signal, "unguarded")

        return shut

    return wrap


def _bare(original: Any) -> Any:
    def shut(*args: Any, **kwargs: Any) -> None:
        bare_headers(original, *args, **kwargs)

    return shut


SHUTTERS: dict[str, tuple[Shutter, ...]] = {
    "span": (
        Shutter("opentelemetry.sdk.trace", "Tracer", "start_span", _no_span),
        Shutter("opentelemetry.sdk.trace", "Span", "end", _nothing("span")),  # spans that are open already
    ),
    "log": (Shutter("opentelemetry.sdk._logs", "Logger", "emit", _nothing("log")),),
    "metric": (Shutter("opentelemetry.sdk.metrics.export", "MetricReader", "collect", _nothing("metric")),),
    "headers": (
        Shutter("opentelemetry.propagators.composite", "CompositePropagator", "inject", _bare),
        Shutter("opentelemetry.baggage.propagation", "W3CBaggagePropagator", "inject", _nothing("headers")),
    ),
    "cardinality": (),
    "context": (),
}
"""By what a point guards; what is not named here leaks nothing without its point, or has nothing further out."""

_shut: list[tuple[Any, str, Any]] = []


def shut(signal: str) -> bool:
    """Shut a signal; say whether nothing raw can leave. Idempotent.

    Without the point of batches nothing is shut: records are cleaned in the thread that hands them over.
    """
    if signal == "batch":
        dispatch.adopt(yes=False)
        return True
    try:
        for module, owner_name, name, wrap in SHUTTERS[signal]:
            owner = getattr(importlib.import_module(module), owner_name)
            original = getattr(owner, name)
            if (owner, name) not in [known[:2] for known in _shut]:
                shutter = wrap(original)
                shutter.__wrapped__ = original
                _shut.append((owner, name, vars(owner).get(name)))
                setattr(owner, name, shutter)
    except (ImportError, AttributeError, KeyError):
        return False
    return True


def closed() -> set[str]:
    """Give the signals that are shut."""
    known = {(owner.__name__, name) for owner, name, _ in _shut}
    return {
        signal
        for signal, shutters in SHUTTERS.items()
        if shutters and {(shutter.owner, shutter.name) for shutter in shutters} <= known
    }


def reopen() -> None:
    """Put everything back. For tests."""
    dispatch.adopt(yes=True)
    while _shut:
        owner, name, original = _shut.pop()
        if original is None:  # it was inherited
            delattr(owner, name)
        else:
            setattr(owner, name, original)
