"""The table of what the guard replaces in OpenTelemetry and in stdlib logging: the few points that everything passes.

Each is looked up on its class at every call, so that a replaced one holds for every provider, processor, exporter and
reader, older or newer than the guard. Private names are here and nowhere else; each has a test at both ends of the
supported range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from discreet.guard import batches, collection, limits, logs, metrics, output, propagation, spans

if TYPE_CHECKING:
    from collections.abc import Callable


class Point(NamedTuple):
    """One replaced function.

    Attributes:
        module: Where it lives.
        owner: Its class, or the empty text for a function of the module.
        name: Its name.
        wrap: Gives the replacement from the original.
        signal: What cannot be guarded without it.
        why: What passes there.
    """

    module: str
    owner: str
    name: str
    wrap: Callable[[Any], Any]
    signal: str
    why: str


_TRACE = "opentelemetry.sdk.trace"
_LOGS = "opentelemetry.sdk._logs._internal"
_METRICS = "opentelemetry.sdk.metrics._internal"

POINTS: tuple[Point, ...] = (
    Point(_TRACE, "SynchronousMultiSpanProcessor", "on_start", spans.on_start, "span", "spans that begin"),
    Point(_TRACE, "SynchronousMultiSpanProcessor", "_on_ending", spans.on_ending, "span", "spans about to end"),
    Point(_TRACE, "SynchronousMultiSpanProcessor", "on_end", spans.on_end, "span", "spans that ended"),
    Point(_TRACE, "ConcurrentMultiSpanProcessor", "on_start", spans.on_start, "span", "spans that begin"),
    Point(_TRACE, "ConcurrentMultiSpanProcessor", "_on_ending", spans.on_ending, "span", "spans about to end"),
    Point(_TRACE, "ConcurrentMultiSpanProcessor", "on_end", spans.on_end, "span", "spans that ended"),
    Point(
        "opentelemetry.instrumentation.logging.handler", "LoggingHandler", "emit", logs.handler_emit,
        "log", "records of stdlib logging, on their way to OpenTelemetry",
    ),
    Point(
        "opentelemetry.instrumentation.logging.handler", "LoggingHandler", "flush", logs.handler_flush,
        "log", "the flush at exit",
    ),
    Point(_LOGS, "SynchronousMultiLogRecordProcessor", "on_emit", logs.on_emit, "log", "log records"),
    Point(_LOGS, "ConcurrentMultiLogRecordProcessor", "on_emit", logs.on_emit, "log", "log records"),
    Point(
        f"{_METRICS}.measurement_consumer", "SynchronousMeasurementConsumer", "consume_measurement",
        metrics.consume_measurement, "metric", "measurements, before they are aggregated",
    ),
    Point(f"{_METRICS}.instrument", "_Asynchronous", "callback", metrics.callback, "metric", "observations"),
    Point(
        f"{_METRICS}.metric_reader_storage", "MetricReaderStorage", "collect", collection.collect,
        "metric", "scope, resource, name, description, unit; series older than the guard",
    ),
    Point(
        "opentelemetry.sdk._shared_internal", "BatchProcessor", "_export", batches.export,
        "batch", "batches of spans and logs, on their worker",
    ),
    Point("opentelemetry.propagate", "", "get_global_textmap", propagation.get_global_textmap, "headers", "headers"),
    Point(
        "opentelemetry.baggage.propagation", "W3CBaggagePropagator", "inject", propagation.inject,
        "headers", "baggage of code that calls the propagator itself",
    ),
    Point(
        "opentelemetry.trace.propagation.tracecontext", "TraceContextTextMapPropagator", "inject", propagation.inject,
        "headers", "trace state of code that calls the propagator itself",
    ),
    Point(
        "opentelemetry.attributes", "BoundedAttributes", "__init__", limits.bounded_attributes_init,
        "limits", "attributes as they are set: the length limit waits for redaction",
    ),
    Point(
        "opentelemetry.attributes", "BoundedAttributes", "__setitem__", limits.bounded_attributes_setitem,
        "limits", "attributes as they are set one by one",
    ),
    Point("logging", "Handler", "handle", output.handler_handle, "output", "records, on their way to each handler"),
    Point(
        "logging.handlers", "SocketHandler", "makePickle", output.sent_record,
        "output", "records that are sent pickled, over TCP and UDP",
    ),
    Point(
        "logging.handlers", "HTTPHandler", "mapLogRecord", output.sent_record,
        "output", "records whose fields are sent by HTTP",
    ),
    Point("logging", "Handler", "format", output.handler_format, "output", "text that handlers write"),
    Point("logging", "Handler", "handleError", output.handle_error, "output", "records that cannot be formatted"),
)  # fmt: skip
