"""Baggage and trace state of a context, without what is private."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry import baggage, trace
from opentelemetry.context import get_current

from discreet.guard.containment import report, withhold
from discreet.guard.otherwise import bare
from discreet.guard.parts import clean_span_context, tells
from discreet.policy import current

if TYPE_CHECKING:
    from opentelemetry.context import Context


def clean_context(context: Context | None) -> Context | None:
    """Give the context without baggage entries and trace state members in which something private was found.

    Where that cannot be told, there is neither baggage nor trace state.
    """
    if context is not None and not context:  # what a batch processor keeps
        return context
    try:
        return _clean_span(_clean_baggage(context))
    except Exception:
        withhold("headers", "guard_failed")
        return bare(get_current() if context is None else context)


def _clean_baggage(context: Context | None) -> Context | None:
    redactor, found = current().redactor, set[str]()
    for key, value in baggage.get_all(context).items():
        if redactor.attributes({key: value}, found) != {key: value} or tells(key, value):
            context = baggage.remove_baggage(key, context)
    report(found, "headers")
    return context


def _clean_span(context: Context | None) -> Context | None:
    span = trace.get_current_span(context)
    before = span.get_span_context()
    after = clean_span_context(before)
    if after is before or after is None:
        return context
    return trace.set_span_in_context(trace.NonRecordingSpan(after), context)
