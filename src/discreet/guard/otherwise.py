"""What a caller gets where code of ours fails at a point: nothing that could be raw, and the fault is counted."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from opentelemetry.context import Context, get_current
from opentelemetry.propagators.textmap import TextMapPropagator, default_setter
from opentelemetry.trace import NonRecordingSpan, SpanContext, get_current_span, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from discreet.guard import containment, lines
from discreet.guard.containment import say_strict, withhold
from discreet.guard.writing import WITHHELD

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable


def _nothing(
    signal: str, reason: str, withhold: Callable[[str, str], None] = containment.withhold
) -> Callable[..., None]:
    """Give what gives nothing on, and counts that; with `say_strict` where no thread of the app waits."""

    def otherwise(*_: Any, **__: Any) -> None:
        withhold(signal, reason)

    return otherwise


unseen_span = _nothing("span", "guard_failed")
"""A processor does not see a span begin or about to end; the span itself goes its way."""

no_metrics = _nothing("metric", "guard_failed", say_strict)
"""One collection gives nothing; sums and histograms go on in the next."""


def bare(context: Context) -> Context:
    """Give a context with the ids of the current span only: no baggage, no trace state, nothing else."""
    there = get_current_span(context).get_span_context()
    ids = SpanContext(there.trace_id, there.span_id, there.is_remote, there.trace_flags)
    return set_span_in_context(NonRecordingSpan(ids), Context())


def bare_headers(original: Any, self: Any, carrier: Any, context: Any = None, setter: Any = default_setter) -> None:
    """Write the ids of the current span: no baggage, no trace state."""
    original(self, carrier, context=bare(get_current() if context is None else context), setter=setter)
    withhold("headers", "guard_failed")


def bare_propagator(*_: Any) -> TextMapPropagator:
    """Give the propagator that carries ids only; the guard stands at its ``inject`` too."""
    withhold("headers", "guard_failed")
    return TraceContextTextMapPropagator()


def no_attributes(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
    """Hold no attributes, within the limits that were asked for."""
    named = dict(zip(("maxlen", "attributes", "immutable", "max_value_len"), args, strict=False)) | kwargs
    original(self, named.get("maxlen"), None, named.get("immutable", True), named.get("max_value_len"))
    withhold("attributes", "guard_failed")


def withheld_line(_original: Any, _handler: Any, record: logging.LogRecord) -> str:
    """Give a line that says of the record no more than its level and logger."""
    withhold("log", "guard_failed")
    with contextlib.suppress(Exception):
        line = lines.withheld_line(record)
        if line is not None:
            return line
    return f"{record.levelname} {record.name} {WITHHELD}"


def itself(*_: Any) -> None:
    """Say that a replacement contains itself: one that is called for every attribute, and does next to nothing."""


OTHERWISE: dict[str, Callable[..., Any]] = {
    "span": _nothing("span", "dropped"),
    "log": _nothing("log", "dropped"),
    "metric": _nothing("metric", "dropped"),
    "batch": _nothing("span", "guard_failed", say_strict),
    "handler": _nothing("log", "dropped"),
    "headers": bare_headers,
    "limits": _nothing("attributes", "guard_failed"),
    "output": _nothing("log", "guard_failed", say_strict),
}
"""By what a point guards, where its row says nothing else."""
