"""Headers of outgoing calls: baggage and trace state leave clean."""

from __future__ import annotations

from typing import Any

import pytest
from opentelemetry import baggage, context, propagate, trace
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.propagators.textmap import TextMapPropagator
from opentelemetry.trace import SpanContext, TraceFlags, TraceState
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from discreet import guard
from discreet.policy import current
from tests.guard.memory import EMAIL

pytestmark = pytest.mark.seams


@pytest.fixture(autouse=True)
def _armed() -> None:
    guard.install()


def _context() -> context.Context:
    state = TraceState([("vendor", EMAIL), ("fine", "ok")])
    span = trace.NonRecordingSpan(SpanContext(1, 2, False, TraceFlags(1), state))
    ctx = trace.set_span_in_context(span, context.Context())
    for key, value in (("who", EMAIL), ("password", "abc"), ("tenant", "north")):
        ctx = baggage.set_baggage(key, value, ctx)
    return ctx


def test_the_global_propagator_writes_clean_headers() -> None:
    """Private baggage entries and trace state members are left out; ids and the rest go on."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier, context=_context())
    assert carrier["baggage"] == "tenant=north"
    assert carrier["tracestate"] == "fine=ok"
    assert carrier["traceparent"].split("-")[1] == f"{1:032x}"


@pytest.mark.parametrize("propagator", [W3CBaggagePropagator(), TraceContextTextMapPropagator()], ids=["bag", "trace"])
def test_a_propagator_called_by_itself_writes_clean_headers(propagator: TextMapPropagator) -> None:
    """Code that goes past the global propagator is covered for the standard ones."""
    carrier: dict[str, str] = {}
    propagator.inject(carrier, context=_context())
    assert "canary" not in str(carrier)
    assert carrier


def test_a_propagator_set_later_is_covered() -> None:
    """Whichever propagator the app sets, it is handed a clean context."""

    class Spelling(TextMapPropagator):
        def extract(self, *args: Any, **kwargs: Any) -> context.Context:
            return context.Context()

        def inject(self, carrier: Any, context: Any = None, setter: Any = None) -> None:
            carrier["x"] = str(baggage.get_all(context))

        @property
        def fields(self) -> set[str]:
            return {"x"}

    before = propagate.get_global_textmap()
    propagate.set_global_textmap(CompositePropagator([Spelling()]))
    carrier: dict[str, str] = {}
    propagate.inject(carrier, context=_context())
    propagate.set_global_textmap(before)
    assert carrier["x"] == "{'tenant': 'north'}"


def test_no_baggage_leaves_when_redaction_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails closed: without a verdict there is no baggage, and the ids still go on."""

    def broken(*_: object) -> None:
        raise RuntimeError(EMAIL)

    monkeypatch.setattr(type(current().redactor), "attributes", broken)
    carrier: dict[str, str] = {}
    propagate.inject(carrier, context=_context())
    assert "baggage" not in carrier
    assert "traceparent" in carrier
