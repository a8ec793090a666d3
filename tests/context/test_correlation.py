"""The correlation id is the trace id."""

from __future__ import annotations

import pytest
from opentelemetry.instrumentation import propagators
from opentelemetry.sdk.trace import TracerProvider

import discreet
from discreet.context import answer_with_trace_id


def test_the_trace_id_is_given_within_a_span() -> None:
    """Within a span it is that span's trace id in hex, outside of one there is none."""
    assert discreet.trace_id() is None
    with TracerProvider(shutdown_on_exit=False).get_tracer("t").start_as_current_span("s") as span:
        assert discreet.trace_id() == f"{span.get_span_context().trace_id:032x}"


def test_a_response_propagator_of_the_apps_own_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the app chose how to answer, that stays; else responses carry traceresponse."""
    monkeypatch.setattr(propagators, "_RESPONSE_PROPAGATOR", None)
    answer_with_trace_id()
    ours = propagators.get_global_response_propagator()  # type: ignore[no-untyped-call]
    assert isinstance(ours, propagators.TraceResponsePropagator)
    answer_with_trace_id()
    assert propagators.get_global_response_propagator() is ours  # type: ignore[no-untyped-call]
