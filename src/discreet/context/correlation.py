"""The correlation id is the trace id: given back to the caller, and to the app for error pages."""

from __future__ import annotations

from opentelemetry import trace
from opentelemetry.instrumentation.propagators import (
    TraceResponsePropagator,
    get_global_response_propagator,
    set_global_response_propagator,
)


def trace_id() -> str | None:
    """Give the trace id of the current span as 32 hex digits, None outside of one."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else None


def answer_with_trace_id() -> None:
    """Answer requests with the ``traceresponse`` header (W3C Trace Context level 2), unless the app chose another."""
    if get_global_response_propagator() is None:  # type: ignore[no-untyped-call]
        set_global_response_propagator(TraceResponsePropagator())  # type: ignore[no-untyped-call]
