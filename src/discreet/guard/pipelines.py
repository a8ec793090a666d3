"""Pipelines of the probe's own, of the SDK's classes, that end in memory: what is said there passes the live guard.

The guard sits on classes, so it holds for these as it does for the app's pipelines. They are made once in a process
and kept: the SDK registers each provider for forks, and never forgets one.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import logging
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from opentelemetry import baggage, propagate
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.context import Context
from opentelemetry.metrics import NoOpMeterProvider
from opentelemetry.sdk._logs import LoggerProvider, LogRecordProcessor, ReadableLogRecord
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import NonRecordingSpan, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from discreet.guard.inventory import OWN
from discreet.guard.sayings import Instruments, context_with

if TYPE_CHECKING:
    from collections.abc import Callable

_OTLP = "opentelemetry.exporter.otlp.proto.common"

_NEVER = 3_600_000.0
"""Milliseconds between two batches; the probe flushes by itself, in its own thread."""


class Capture(SpanExporter):
    """An exporter of spans or log records that keeps what it is handed: as JSON, and as OTLP where that is loaded."""

    def __init__(self, signal: str) -> None:
        self._signal = signal
        self.taken: list[bytes] = []

    def export(self, batch: Any) -> Any:
        """Keep the bytes; what cannot be encoded would not leave either."""
        with contextlib.suppress(Exception):
            self.taken.append(_written(self._signal, list(batch)))
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Nothing to do."""


_ENCODERS = {
    "span": ("trace_encoder", "encode_spans"),
    "log": ("_log_encoder", "encode_logs"),
    "metric": ("metrics_encoder", "encode_metrics"),
}


def load_encoders() -> None:
    """Load the OTLP encoders, which cost more than all else here where no exporter has loaded them."""
    for module, _ in _ENCODERS.values():
        importlib.import_module(f"{_OTLP}.{module}")


def _written(signal: str, batch: Any) -> bytes:
    """Give records as the console's JSON and, where the encoder is loaded, as OTLP; either may be impossible."""
    written: list[bytes] = []
    with contextlib.suppress(Exception):
        written += [record.to_json().encode() for record in (batch if isinstance(batch, list) else [batch])]
    module, name = _ENCODERS[signal]
    with contextlib.suppress(Exception):
        written.append(getattr(sys.modules[f"{_OTLP}.{module}"], name)(batch).SerializeToString())
    return b"\n".join(written)


class ForeignSpanProcessor(SpanProcessor):
    """A span processor as an app may have one: it exports at the start and at the end of a span."""

    def __init__(self, capture: Capture) -> None:
        self._capture = capture

    def on_start(self, span: Any, parent_context: Any = None) -> None:  # noqa: ARG002
        """Export what there is."""
        self._capture.export([span._readable_span()])

    def _on_ending(self, span: Any) -> None:
        self._capture.export([span._readable_span()])

    def on_end(self, span: Any) -> None:
        """Export the span."""
        self._capture.export([span])


class ForeignLogRecordProcessor(LogRecordProcessor):
    """A log record processor as an app may have one."""

    def __init__(self, capture: Capture) -> None:
        self._capture = capture

    def on_emit(self, log_record: Any) -> None:
        """Export the record, as the SDK's own simple processor does."""
        readable = ReadableLogRecord(
            log_record.log_record, log_record.resource, log_record.instrumentation_scope, log_record.limits
        )
        self._capture.export([readable])

    def shutdown(self) -> None:
        """Nothing to do."""

    def force_flush(self, timeout_millis: int = 30_000) -> bool:  # noqa: ARG002
        """Nothing to do."""
        return True


class OwnMultiSpanProcessor(ForeignSpanProcessor):
    """Given to a provider in place of the SDK's multi processor, so that a front has to stand before it."""


class OwnMultiLogRecordProcessor(ForeignLogRecordProcessor):
    """The same for log records."""


class Pipeline:
    """One way out.

    Attributes:
        signal: ``span``, ``log``, ``metric``, ``headers`` or ``output``.
        net: What it passes, in words.
        to: What is said to: a provider, instruments, a handler, a propagator.
    """

    def __init__(self, signal: str, net: str, to: Any, read: Callable[[], bytes]) -> None:
        self.signal, self.net, self.to, self.read = signal, net, to, read


def _quiet(cls: Any, *args: Any, **kwargs: Any) -> Any:
    """Make an object of the SDK that reports on itself to nobody, where it would."""
    if "meter_provider" in inspect.signature(cls).parameters:
        kwargs["meter_provider"] = NoOpMeterProvider()
    made = cls(*args, **kwargs)
    if cls in (TracerProvider, LoggerProvider, MeterProvider):
        OWN.add(made)
    return made


_SPAN_NETS: dict[str, Callable[[Capture], Any]] = {
    "batch worker": lambda capture: _quiet(BatchSpanProcessor, capture, schedule_delay_millis=_NEVER),
    "simple processor": lambda capture: _quiet(SimpleSpanProcessor, capture),
    "other processor": ForeignSpanProcessor,
    "front": OwnMultiSpanProcessor,
}
_LOG_NETS: dict[str, Callable[[Capture], Any]] = {
    "batch worker": lambda capture: _quiet(BatchLogRecordProcessor, capture, schedule_delay_millis=_NEVER),
    "simple processor": lambda capture: _quiet(SimpleLogRecordProcessor, capture),
    "other processor": ForeignLogRecordProcessor,
    "front": OwnMultiLogRecordProcessor,
}


def _reader(capture: Capture, provider: Any) -> Callable[[], bytes]:
    def read() -> bytes:
        provider.force_flush()
        taken = b"".join(capture.taken)
        capture.taken.clear()
        return taken

    return read


def _of_spans(signal: str, net: str) -> Pipeline:
    capture = Capture(signal)
    processor = _SPAN_NETS[net](capture)
    whole = processor if isinstance(processor, OwnMultiSpanProcessor) else None
    provider = _quiet(
        TracerProvider,
        sampler=ALWAYS_ON,
        resource=Resource.get_empty(),
        shutdown_on_exit=False,
        span_limits=SpanLimits(*[SpanLimits.UNSET] * 8),
        active_span_processor=whole,
    )
    if whole is None:
        provider.add_span_processor(processor)
    return Pipeline(signal, net, provider, _reader(capture, provider))


def _of_logs(signal: str, net: str) -> Pipeline:
    capture = Capture(signal)
    processor = _LOG_NETS[net](capture)
    whole = processor if isinstance(processor, OwnMultiLogRecordProcessor) else None
    provider = _quiet(
        LoggerProvider, resource=Resource.get_empty(), shutdown_on_exit=False, multi_log_record_processor=whole
    )
    if whole is None:
        provider.add_log_record_processor(processor)
    return Pipeline(signal, net, provider, _reader(capture, provider))


def _of_metrics(signal: str, net: str) -> Pipeline:
    reader = InMemoryMetricReader()
    provider = _quiet(MeterProvider, [reader], resource=Resource.get_empty(), shutdown_on_exit=False)

    def read() -> bytes:
        data = reader.get_metrics_data()
        return b"" if data is None else _written(signal, data)

    return Pipeline(signal, net, Instruments(provider), read)


class Outgoing:
    """Headers of outgoing calls, as one propagator writes them."""

    def __init__(self, inject: Callable[..., None]) -> None:
        self._inject = inject
        self._written: list[str] = []

    def baggage(self, say: str) -> None:
        """Say something in baggage."""
        self._write(baggage.set_baggage("who", say, baggage.set_baggage("fine", "ok", Context())))

    def trace_state(self, say: str) -> None:
        """Say something in trace state."""
        self._write(set_span_in_context(NonRecordingSpan(context_with(say)), Context()))

    def _write(self, context: Context) -> None:
        carrier: dict[str, str] = {}
        self._inject(carrier, context=context)
        self._written += carrier.values()

    def read(self) -> bytes:
        """Give what was written, read as the other side reads it."""
        written = "\n".join(f"{value}\n{unquote(value)}" for value in self._written)
        self._written.clear()
        return written.encode()


_INJECTORS: dict[str, Callable[..., None]] = {
    "global propagator": propagate.inject,
    "W3C baggage": lambda *args, **kwargs: W3CBaggagePropagator().inject(*args, **kwargs),
    "W3C trace context": lambda *args, **kwargs: TraceContextTextMapPropagator().inject(*args, **kwargs),
}


def _of_headers(signal: str, net: str) -> Pipeline:
    outgoing = Outgoing(_INJECTORS[net])
    return Pipeline(signal, net, outgoing, outgoing.read)


def _of_output(signal: str, net: str) -> Pipeline:
    text = io.StringIO()
    handler = logging.StreamHandler(text)

    def read() -> bytes:
        written = text.getvalue()
        text.seek(0)
        text.truncate()
        return written.encode()

    return Pipeline(signal, net, handler, read)


WAYS: dict[tuple[str, str], Callable[[str, str], Pipeline]] = {
    **dict.fromkeys((("span", net) for net in _SPAN_NETS), _of_spans),
    **dict.fromkeys((("log", net) for net in _LOG_NETS), _of_logs),
    ("metric", "reader"): _of_metrics,
    **dict.fromkeys((("headers", net) for net in _INJECTORS), _of_headers),
    ("output", "logging handler"): _of_output,
}
"""By signal and net, how the pipeline is made."""
