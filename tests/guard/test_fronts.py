"""Processors that a provider was given whole: custom multi processors, one processor in place of many, wrappers."""

from __future__ import annotations

import gc
import os
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry._logs import LogRecord
from opentelemetry.sdk._logs import LoggerProvider, LogRecordProcessor
from opentelemetry.sdk._logs._internal import ConcurrentMultiLogRecordProcessor, SynchronousMultiLogRecordProcessor
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, SimpleLogRecordProcessor
from opentelemetry.sdk.trace import (
    ConcurrentMultiSpanProcessor,
    SpanProcessor,
    SynchronousMultiSpanProcessor,
    TracerProvider,
)
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

from discreet import guard
from discreet.guard.fronts import Front
from discreet.metrics.counts import COUNTS
from tests.guard.memory import EMAIL, Kept

pytestmark = pytest.mark.seams


def _told(span: Any) -> str:
    return f"{span.name} {dict(span.attributes)} {span.to_json()}"


class OwnMultiSpan(SynchronousMultiSpanProcessor):
    """A multi processor that reads what it dispatches, and exports a pending span at the start."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.seen: list[str] = []

    def on_start(self, span: Any, parent_context: Any = None) -> None:
        is_span = isinstance(span, trace.Span)
        assert is_span
        self.seen.append(_told(span))
        span.set_attribute("from.multi", "yes")
        super().on_start(span, parent_context)

    def on_end(self, span: Any) -> None:
        self.seen.append(_told(span))
        super().on_end(span)


class OwnConcurrentSpan(OwnMultiSpan, ConcurrentMultiSpanProcessor):
    """The same over the concurrent one."""

    def __init__(self) -> None:
        ConcurrentMultiSpanProcessor.__init__(self, 2)
        self.seen = []


class NotEvenASubclass:
    """A multi processor by its methods alone."""

    __slots__ = ("inner", "seen")

    def __init__(self) -> None:
        self.inner, self.seen = SynchronousMultiSpanProcessor(), list[str]()  # type: ignore[no-untyped-call]

    def on_start(self, span: Any, parent_context: Any = None) -> None:
        self.seen.append(_told(span))
        span.set_attribute("from.multi", "yes")
        self.inner.on_start(span, parent_context)

    def _on_ending(self, span: Any) -> None:
        self.seen.append(_told(span))

    def on_end(self, span: Any) -> None:
        self.seen.append(_told(span))
        self.inner.on_end(span)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class OwnMultiLog(SynchronousMultiLogRecordProcessor):
    """A multi processor that reads what it dispatches."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.seen: list[str] = []

    def on_emit(self, log_record: Any) -> None:
        self.seen.append(repr(vars(log_record.log_record)))
        super().on_emit(log_record)


class OwnConcurrentLog(OwnMultiLog, ConcurrentMultiLogRecordProcessor):
    """The same over the concurrent one."""

    def __init__(self) -> None:
        ConcurrentMultiLogRecordProcessor.__init__(self, 2)
        self.seen = []


def _span(provider: TracerProvider) -> None:
    with provider.get_tracer("t").start_as_current_span(f"GET /{EMAIL}", attributes={"who": EMAIL}):
        pass


def _log(provider: LoggerProvider) -> None:
    provider.get_logger("t").emit(LogRecord(body=f"hello {EMAIL}", attributes={"who": EMAIL}))


@pytest.mark.parametrize("multi_type", [OwnMultiSpan, OwnConcurrentSpan, NotEvenASubclass])
@pytest.mark.parametrize("older", [False, True], ids=["newer", "older"])
def test_a_multi_span_processor_of_the_apps_own_sees_clean_spans(multi_type: Any, older: bool) -> None:
    """A multi processor given to the provider sees clean data, and so does what it hands on to; its writes count."""
    if not older:
        guard.install()
    multi, simple, batched = multi_type(), Kept(), Kept()
    provider = TracerProvider(active_span_processor=multi, shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(simple))
    provider.add_span_processor(BatchSpanProcessor(batched))
    tracer = provider.get_tracer("older tracer")
    still_open = tracer.start_span("open")
    guard.install()
    multi.seen.clear()
    still_open.set_attribute("who", EMAIL)
    still_open.end()
    tracer.start_span(f"from an older tracer, of {EMAIL}").end()
    _span(provider)
    assert provider.force_flush()
    assert len(multi.seen) >= 5
    assert len(simple.records) == len(batched.records) == 3
    assert "canary" not in " ".join([*multi.seen, *map(_told, simple.records + batched.records)])
    assert simple.records[-1].name == "GET /[REDACTED:email]"
    assert simple.records[-1].attributes["from.multi"] == "yes"
    provider.shutdown()


@pytest.mark.parametrize("multi_type", [OwnMultiLog, OwnConcurrentLog])
@pytest.mark.parametrize("older", [False, True], ids=["newer", "older"])
def test_a_multi_log_processor_of_the_apps_own_sees_clean_records(multi_type: Any, older: bool) -> None:
    """The same for log records, whichever of the two is older."""
    if not older:
        guard.install()
    multi, simple, batched = multi_type(), Kept(), Kept()
    provider = LoggerProvider(multi_log_record_processor=multi, shutdown_on_exit=False)
    provider.add_log_record_processor(SimpleLogRecordProcessor(simple))  # type: ignore[arg-type]
    provider.add_log_record_processor(BatchLogRecordProcessor(batched))  # type: ignore[arg-type]
    logger = provider.get_logger("older")
    guard.install()
    logger.emit(LogRecord(body=EMAIL))
    _log(provider)
    assert provider.force_flush()
    records = simple.records + batched.records
    assert len(multi.seen) == 2
    assert len(records) == 4
    assert "canary" not in " ".join([*multi.seen, *(repr(vars(record.log_record)) for record in records)])
    provider.shutdown()


def test_one_processor_in_place_of_many_exports_clean_spans() -> None:
    """A simple processor given as the active one is handed clean spans; a batch processor cleans on its worker."""
    guard.install()
    simple, batched = Kept(), Kept()
    for processor in (SimpleSpanProcessor(simple), BatchSpanProcessor(batched)):
        provider = TracerProvider(active_span_processor=processor, shutdown_on_exit=False)  # type: ignore[arg-type]
        _span(provider)
        provider.force_flush()
        assert isinstance(provider.get_tracer("t").span_processor, Front) == (type(processor) is SimpleSpanProcessor)  # type: ignore[attr-defined]
    assert [span.name for span in simple.records + batched.records] == ["GET /[REDACTED:email]"] * 2


def test_the_sdks_own_multi_processors_have_no_front() -> None:
    """Where the SDK dispatches itself, nothing stands between: no span pays for it. Nor does anything stand twice."""
    guard.install()
    for multi in (SynchronousMultiSpanProcessor(), ConcurrentMultiSpanProcessor()):  # type: ignore[no-untyped-call]
        provider = TracerProvider(active_span_processor=multi, shutdown_on_exit=False)
        assert provider.get_tracer("t").span_processor is multi  # type: ignore[attr-defined]
    own = OwnMultiSpan()
    tracer: Any = TracerProvider(active_span_processor=own, shutdown_on_exit=False).get_tracer("t")
    guard.uninstall()
    guard.install()
    assert tracer.span_processor._behind is own
    assert isinstance(tracer.span_processor, OwnMultiSpan)


class Wrapper(SpanProcessor):
    """A processor that holds another."""

    def __init__(self, inner: SpanProcessor) -> None:
        self.inner = inner
        self.seen: list[str] = []

    def on_start(self, span: Any, parent_context: Any = None) -> None:
        self.seen.append(_told(span))
        self.inner.on_start(span, parent_context)

    def on_end(self, span: Any) -> None:
        self.seen.append(_told(span))
        self.inner.on_end(span)

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return self.inner.force_flush(timeout_millis)


class SimpleSubclass(SimpleSpanProcessor):
    """A subclass that reads the span before it exports."""

    seen: list[str] = []

    def on_end(self, span: Any) -> None:
        self.seen.append(_told(span))
        super().on_end(span)


def test_wrappers_and_subclasses_see_clean_spans() -> None:
    """A wrapper round a wrapper round a batch processor, and a subclass of a simple one: all see clean spans, once."""
    guard.install()
    batched, simple = Kept(), Kept()
    inner = Wrapper(BatchSpanProcessor(batched))
    outer, subclass = Wrapper(inner), SimpleSubclass(simple)
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(outer)
    provider.add_span_processor(subclass)
    _span(provider)
    provider.force_flush()
    assert len(inner.seen) == len(outer.seen) == 2
    assert "canary" not in " ".join([*inner.seen, *outer.seen, *subclass.seen])
    assert [span.name for span in batched.records + simple.records] == ["GET /[REDACTED:email]"] * 2


class LogWrapper(LogRecordProcessor):
    """A log record processor that holds another."""

    def __init__(self, inner: LogRecordProcessor) -> None:
        self.inner = inner
        self.seen: list[str] = []

    def on_emit(self, log_record: Any) -> None:
        self.seen.append(repr(vars(log_record.log_record)))
        self.inner.on_emit(log_record)

    def shutdown(self) -> None:
        self.inner.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return bool(self.inner.force_flush(timeout_millis))


def test_log_wrappers_see_clean_records() -> None:
    """A wrapper round a batch log record processor sees clean records, and so does the exporter behind it."""
    guard.install()
    kept = Kept()
    wrapper = LogWrapper(BatchLogRecordProcessor(kept))  # type: ignore[arg-type]
    provider = LoggerProvider(shutdown_on_exit=False)
    provider.add_log_record_processor(wrapper)
    _log(provider)
    provider.force_flush()
    assert kept.records[0].log_record.body == "hello [REDACTED:email]"
    assert "canary" not in wrapper.seen[0]


def test_what_a_multi_processor_raises_is_contained() -> None:
    """A multi processor that raises reaches neither the app nor a later span, and is counted."""

    class Raising(SynchronousMultiSpanProcessor):
        def on_start(self, span: Any, parent_context: Any = None) -> None:
            raise RuntimeError(EMAIL)

        def on_end(self, span: Any) -> None:
            raise RuntimeError(EMAIL)

    guard.install()
    COUNTS.reset()
    _span(TracerProvider(active_span_processor=Raising(), shutdown_on_exit=False))  # type: ignore[no-untyped-call]
    assert COUNTS.snapshot()["foreign_raised"]["span",] == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_keeps_the_front() -> None:
    """A child exports clean spans through a multi processor that was older than the guard."""
    multi = OwnMultiSpan()
    provider = TracerProvider(active_span_processor=multi, shutdown_on_exit=False)
    tracer = provider.get_tracer("t")
    guard.install()
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        tracer.start_span(f"in the child of {EMAIL}").end()
        os.write(write, multi.seen[-1].encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    assert "in the child of [REDACTED:email]" in said


def test_frozen_objects_are_not_found() -> None:
    """What the collector was told to leave alone is not found: the documented limit of covering what is older."""
    multi = OwnMultiSpan()
    tracer: Any = TracerProvider(active_span_processor=multi, shutdown_on_exit=False).get_tracer("t")
    gc.freeze()
    try:
        guard.install()
        assert tracer.span_processor is multi
    finally:
        gc.unfreeze()
