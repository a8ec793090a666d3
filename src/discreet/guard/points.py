"""The table of what the guard replaces in OpenTelemetry and in stdlib logging: the few points that everything passes.

Each is looked up on its class at every call, so that a replaced one holds for every provider, processor, exporter and
reader, older or newer than the guard. Private names are here and nowhere else; each has a test at both ends of the
supported range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from discreet.guard import (
    batches,
    belonging,
    cardinality,
    collection,
    egress,
    fronts,
    limits,
    logs,
    metrics,
    otherwise,
    output,
    propagation,
    spans,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class Point(NamedTuple):
    """One replaced function.

    Attributes:
        module: Where it lives.
        owner: Its class, or the empty text for a function of the module.
        name: Its name.
        wrap: Gives the replacement from the original.
        signal: What cannot be guarded without it; "handler", "limits", "cardinality" and "context" leak nothing by
            themselves.
        why: What passes there.
        otherwise: What the caller gets where code of ours fails there; the signal's row of
            `discreet.guard.otherwise.OTHERWISE` where it is left out.
    """

    module: str
    owner: str
    name: str
    wrap: Callable[[Any], Any]
    signal: str
    why: str
    otherwise: Callable[..., Any] | None = None


_TRACE = "opentelemetry.sdk.trace"
_LOGS = "opentelemetry.sdk._logs._internal"
_METRICS = "opentelemetry.sdk.metrics._internal"

POINTS: tuple[Point, ...] = (
    Point(
        _TRACE, "SynchronousMultiSpanProcessor", "on_start", spans.on_start,
        "span", "spans that begin", otherwise.unseen_span,
    ),
    Point(
        _TRACE, "SynchronousMultiSpanProcessor", "_on_ending", spans.on_ending,
        "span", "spans about to end", otherwise.unseen_span,
    ),
    Point(_TRACE, "SynchronousMultiSpanProcessor", "on_end", spans.on_end, "span", "spans that ended"),
    Point(
        _TRACE, "ConcurrentMultiSpanProcessor", "on_start", spans.on_start,
        "span", "spans that begin", otherwise.unseen_span,
    ),
    Point(
        _TRACE, "ConcurrentMultiSpanProcessor", "_on_ending", spans.on_ending,
        "span", "spans about to end", otherwise.unseen_span,
    ),
    Point(_TRACE, "ConcurrentMultiSpanProcessor", "on_end", spans.on_end, "span", "spans that ended"),
    Point(
        _TRACE, "Tracer", "__init__", fronts.tracer_init,
        "span", "multi processors that are not the SDK's", otherwise.itself,
    ),
    Point(
        _LOGS, "Logger", "__init__", fronts.logger_init,
        "log", "multi processors that are not the SDK's", otherwise.itself,
    ),
    Point(
        "opentelemetry.instrumentation.logging.handler", "LoggingHandler", "emit", logs.handler_emit,
        "handler", "records of stdlib logging, on their way to OpenTelemetry",
    ),
    Point(
        "opentelemetry.instrumentation.logging.handler", "LoggingHandler", "flush", logs.handler_flush,
        "handler", "the flush at exit",
    ),
    Point(_LOGS, "SynchronousMultiLogRecordProcessor", "on_emit", logs.on_emit, "log", "log records"),
    Point(_LOGS, "ConcurrentMultiLogRecordProcessor", "on_emit", logs.on_emit, "log", "log records"),
    Point(
        f"{_METRICS}.measurement_consumer", "SynchronousMeasurementConsumer", "consume_measurement",
        metrics.consume_measurement, "metric", "measurements, before they are aggregated", otherwise.itself,
    ),
    Point(
        f"{_METRICS}._view_instrument_match", "_ViewInstrumentMatch", "consume_measurement",
        cardinality.consume_measurement, "cardinality", "the bound on the series of an instrument", otherwise.itself,
    ),
    Point(f"{_METRICS}.instrument", "_Asynchronous", "callback", metrics.callback, "metric", "observations"),
    Point(
        f"{_METRICS}.metric_reader_storage", "MetricReaderStorage", "collect", collection.collect,
        "metric", "scope, resource, name, description, unit; series older than the guard", otherwise.no_metrics,
    ),
    Point(
        "opentelemetry.sdk._shared_internal", "BatchProcessor", "_export", batches.export,
        "batch", "batches of spans and logs, on their worker",
    ),
    Point(
        f"{_TRACE}.export", "SimpleSpanProcessor", "on_end", egress.simple_on_end,
        "span", "spans, on their way to the exporter of a simple processor",
    ),
    Point(
        f"{_LOGS}.export", "SimpleLogRecordProcessor", "on_emit", egress.simple_on_emit,
        "log", "log records, on their way to the exporter of a simple processor",
    ),
    Point(
        _TRACE, "Tracer", "start_span", belonging.start_span,
        "headers", "client spans: the host of their call; what belongs to a span by its context", otherwise.itself,
    ),
    Point(_TRACE, "Span", "end", belonging.end, "context", "open spans: the user of their request", otherwise.itself),
    Point(
        "opentelemetry.propagate", "", "get_global_textmap", propagation.get_global_textmap,
        "headers", "headers", otherwise.bare_propagator,
    ),
    Point(
        "opentelemetry.baggage.propagation", "W3CBaggagePropagator", "inject", propagation.inject,
        "headers", "baggage of code that calls the propagator itself", otherwise.itself,
    ),
    Point(
        "opentelemetry.trace.propagation.tracecontext", "TraceContextTextMapPropagator", "inject", propagation.inject,
        "headers", "trace state of code that calls the propagator itself", otherwise.itself,
    ),
    Point(
        "opentelemetry.attributes", "BoundedAttributes", "__init__", limits.bounded_attributes_init,
        "limits", "attributes as they are set: the length limit waits for redaction", otherwise.no_attributes,
    ),
    Point(
        "opentelemetry.attributes", "BoundedAttributes", "__setitem__", limits.bounded_attributes_setitem,
        "limits", "attributes as they are set one by one", otherwise.itself,
    ),
    Point(
        "logging", "Handler", "format", output.handler_format,
        "output", "text that handlers write", otherwise.withheld_line,
    ),
    Point(
        "logging", "Handler", "handle", output.handler_handle,
        "output", "records, on their way to each handler", otherwise.itself,
    ),
    Point(
        "logging.handlers", "SocketHandler", "makePickle", output.sent_record,
        "output", "records that are sent pickled, over TCP and UDP",
    ),
    Point(
        "logging.handlers", "HTTPHandler", "mapLogRecord", output.sent_record,
        "output", "records whose fields are sent by HTTP",
    ),
    Point("logging", "Handler", "handleError", output.handle_error, "output", "records that cannot be formatted"),
)  # fmt: skip
