"""Where a point of the guard cannot be armed, what it guards does not leave raw: names are taken away one by one."""

from __future__ import annotations

import importlib
import logging
from typing import Any

import pytest
from opentelemetry import baggage, propagate
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, TraceState, set_span_in_context

from discreet import guard
from discreet.guard.points import POINTS, Point
from discreet.metrics.counts import COUNTS
from tests.guard.memory import EMAIL, Kept, logged, measured, traced

pytestmark = pytest.mark.seams


def _takes_away(point: Point, patch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module(point.module)
    owner = getattr(module, point.owner) if point.owner else module
    method = vars(owner)[point.name]
    patch.setattr(owner, f"{point.name}_moved", method, raising=False)
    patch.delattr(owner, point.name)


def _armed_without(owner: str, name: str, patch: pytest.MonkeyPatch) -> Point:
    (point,) = (row for row in POINTS if (row.owner, row.name) == (owner, name))
    _takes_away(point, patch)
    guard.install()
    return point


def test_no_span_leaves_without_its_point(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Spans that begin later and those that are open already stay in the process; it is said once and counted."""
    COUNTS.reset()
    provider, kept = traced()
    simple = Kept()
    provider.add_span_processor(SimpleSpanProcessor(simple))
    tracer = provider.get_tracer("t")
    still_open = tracer.start_span(EMAIL)
    point = _armed_without("SynchronousMultiSpanProcessor", "on_end", monkeypatch)
    # As an SDK would that calls it by another name.
    monkeypatch.setattr("opentelemetry.sdk.trace.SynchronousMultiSpanProcessor.on_end", _moved_on_end, raising=False)
    still_open.end()
    with tracer.start_as_current_span(EMAIL) as span:
        span.set_attribute("to", EMAIL)
    provider.force_flush()
    assert kept.records == simple.records == []
    assert guard.unguarded() == [point]
    lines = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert len(lines) == 1
    assert "not active for span" in lines[0]
    assert "nothing of it leaves" in lines[0]
    assert COUNTS.snapshot()["withheld"]["span", "unguarded"] == 2


def _moved_on_end(self: Any, span: Any) -> None:
    for processor in self._span_processors:
        processor.on_end(span)


def test_no_log_record_leaves_without_its_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """Log records stay in the process, and emitting them raises nothing."""
    provider, kept = logged()
    logger = provider.get_logger("t")
    _armed_without("SynchronousMultiLogRecordProcessor", "on_emit", monkeypatch)
    logger.emit(body=EMAIL)
    provider.force_flush()
    assert kept.records == []
    assert COUNTS.snapshot()["withheld"]["log", "unguarded"] >= 1


@pytest.mark.parametrize(
    ("owner", "name"), [("SynchronousMeasurementConsumer", "consume_measurement"), ("MetricReaderStorage", "collect")]
)
def test_no_metric_leaves_without_its_point(monkeypatch: pytest.MonkeyPatch, owner: str, name: str) -> None:
    """Readers of every kind collect nothing."""
    provider, reader = measured()
    provider.get_meter("m").create_counter("c").add(1, {"to": EMAIL})
    _armed_without(owner, name, monkeypatch)
    assert reader.get_metrics_data() is None


def test_batches_are_cleaned_in_thread_without_their_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the worker's point no processor is handed a raw record any more, so that batches are clean as queued."""
    _armed_without("BatchProcessor", "_export", monkeypatch)
    (module,) = {point.module for point in POINTS if point.name == "_export"}
    batch_processor = importlib.import_module(module).BatchProcessor
    monkeypatch.setattr(batch_processor, "_export", batch_processor._export_moved, raising=False)
    provider, kept = traced()
    logs, kept_logs = logged()
    provider.get_tracer("t").start_span(EMAIL).end()
    logs.get_logger("t").emit(body=EMAIL)
    provider.force_flush()
    logs.force_flush()
    assert [span.name for span in kept.records] == ["[REDACTED:email]"]
    assert [record.log_record.body for record in kept_logs.records] == ["[REDACTED:email]"]


@pytest.mark.parametrize(
    ("owner", "name"), [("TraceContextTextMapPropagator", "inject"), ("W3CBaggagePropagator", "inject")]
)
def test_headers_are_ids_only_without_their_point(monkeypatch: pytest.MonkeyPatch, owner: str, name: str) -> None:
    """Neither baggage nor trace state rides in headers."""
    inner = importlib.import_module("opentelemetry.propagators.composite").CompositePropagator(
        list(propagate.get_global_textmap()._propagators)  # type: ignore[attr-defined]
    )
    carrier: dict[str, str] = {}
    span = NonRecordingSpan(SpanContext(1, 1, False, TraceFlags(1), TraceState([("vendor", "x")])))
    context = set_span_in_context(span, baggage.set_baggage("who", EMAIL))
    point = _armed_without(owner, name, monkeypatch)
    if owner == "TraceContextTextMapPropagator":  # it goes on under another name
        propagator = getattr(importlib.import_module(point.module), owner)
        monkeypatch.setattr(propagator, "inject", propagator.inject_moved, raising=False)
    inner.inject(carrier, context)
    assert carrier == {"traceparent": "00-00000000000000000000000000000001-0000000000000001-01"}


def test_everything_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taking the guard away opens what was shut."""
    with monkeypatch.context() as patch:
        _armed_without("SynchronousMultiSpanProcessor", "on_end", patch)
        guard.uninstall()
    guard.install()
    provider, kept = traced()
    provider.get_tracer("t").start_span("s").end()
    provider.force_flush()
    assert [span.name for span in kept.records] == ["s"]


def test_a_wrapper_round_ours_that_names_it_is_no_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    """A later wrapper that says what it wraps leaves the point guarded; one that does not is named."""
    guard.install()
    from opentelemetry.sdk.trace import SynchronousMultiSpanProcessor as Multi

    ours = Multi.on_end

    def outer(self: Any, span: Any) -> None:
        ours(self, span)

    with monkeypatch.context() as patch:
        patch.setattr(Multi, "on_end", outer)
        assert [point.name for point in guard.unguarded()] == ["on_end"]
        outer.__wrapped__ = ours  # type: ignore[attr-defined]
        assert guard.armed()
