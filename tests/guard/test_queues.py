"""The queues of batch processors are seen: how full they are, what they dropped, and what arrived."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, InMemoryLogRecordExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from discreet import guard
from discreet.guard import queues
from discreet.metrics.counts import COUNTS

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.seams


@pytest.fixture(autouse=True)
def _anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    import weakref

    monkeypatch.setattr(queues, "_watched", weakref.WeakKeyDictionary())
    COUNTS.reset()
    yield
    COUNTS.reset()


class Backend(SpanExporter):
    """An exporter that waits before it answers."""

    def __init__(self, result: Any = SpanExportResult.SUCCESS) -> None:
        self.result, self.entered, self.go = result, threading.Event(), threading.Event()

    def export(self, spans: Any) -> Any:
        """Wait, and answer."""
        self.entered.set()
        self.go.wait(20)
        return self.result


def test_a_full_queue_is_seen_and_what_it_drops_is_counted() -> None:
    """To the record, where the SDK tells of it; size and capacity are of all processors of a signal that still work."""
    guard.install()
    backend = Backend()
    processor = BatchSpanProcessor(backend, max_queue_size=4, max_export_batch_size=1)
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(processor)
    tracer = provider.get_tracer("t")
    tracer.start_span("first").end()
    assert backend.entered.wait(20)
    for _ in range(7):
        tracer.start_span("s").end()
    assert (queues.sizes(), queues.capacities()) == ({("span",): 4}, {("span",): 4})
    if hasattr(processor._batch_processor, "_metrics"):
        assert COUNTS.snapshot()["dropped"]["span", "queue_full"] == 3
    backend.go.set()
    provider.shutdown()
    assert (queues.sizes(), queues.capacities()) == ({}, {})


def test_what_arrived_and_the_time_of_the_guard_are_counted() -> None:
    """By signal; what does not say that it failed arrived."""
    guard.install()
    backend = Backend(SpanExportResult.FAILURE)
    backend.go.set()
    traces, logs = TracerProvider(shutdown_on_exit=False), LoggerProvider(shutdown_on_exit=False)
    traces.add_span_processor(BatchSpanProcessor(backend))
    exporter: Any = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
    logs.add_log_record_processor(BatchLogRecordProcessor(exporter))
    traces.get_tracer("t").start_span("s").end()
    logs.get_logger("l").emit(body="said", severity_text="INFO")
    traces.force_flush()
    logs.force_flush()
    counts = COUNTS.snapshot()
    outcomes = {key: count for key, count in counts["exports"].items() if count}
    assert outcomes == {("span", "failure"): 1, ("log", "success"): 1}
    assert min(COUNTS.seconds().values()) > 0
    traces.shutdown()
    logs.shutdown()


def test_a_processor_that_is_another_is_left_alone() -> None:
    """Nothing is known of it, and nothing raised."""
    queues.watch(object())
    queues.watch(None)
    assert queues.sizes() == {}
