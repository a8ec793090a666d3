"""OTLP requests by hand: any value at any place, past every SDK."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import requests
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, InstrumentationScope, KeyValue, KeyValueList
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric, ResourceMetrics, ScopeMetrics
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PATHS = {
    ExportTraceServiceRequest: "/v1/traces",
    ExportLogsServiceRequest: "/v1/logs",
    ExportMetricsServiceRequest: "/v1/metrics",
}


def value(given: Any) -> AnyValue:
    """Give the OTLP value of a Python one; an empty value for None."""
    if given is None:
        return AnyValue()
    if isinstance(given, bool):
        return AnyValue(bool_value=given)
    if isinstance(given, (list, tuple)):
        return AnyValue(array_value=ArrayValue(values=[value(item) for item in given]))
    if isinstance(given, dict):
        return AnyValue(kvlist_value=KeyValueList(values=attributes(given)))
    kinds = {str: "string_value", int: "int_value", float: "double_value", bytes: "bytes_value"}
    return AnyValue(**{kinds[type(given)]: given})


def attributes(given: Mapping[str, Any]) -> list[KeyValue]:
    """Give OTLP attributes of a mapping."""
    return [KeyValue(key=key, value=value(item)) for key, item in given.items()]


def span(name: str = "work", given: Mapping[str, Any] | None = None, **fields: Any) -> Span:
    """Give a span that has just ended."""
    now = time.time_ns()
    return Span(
        **{
            "trace_id": os.urandom(16),
            "span_id": os.urandom(8),
            "name": name,
            "kind": Span.SPAN_KIND_INTERNAL,
            "start_time_unix_nano": now - 1_000_000,
            "end_time_unix_nano": now,
            "attributes": attributes(given or {}),
            **fields,
        }
    )


def log(body: Any = "hello", given: Mapping[str, Any] | None = None, **fields: Any) -> LogRecord:
    """Give a log record of now."""
    return LogRecord(
        **{"time_unix_nano": time.time_ns(), "body": value(body), "attributes": attributes(given or {}), **fields}
    )


def spans_request(
    *records: Span, scope: InstrumentationScope | None = None, resource: Mapping[str, Any] | None = None
) -> ExportTraceServiceRequest:
    """Give the request that sends spans."""
    scoped = ScopeSpans(scope=scope or InstrumentationScope(name="app"), spans=records)
    return ExportTraceServiceRequest(resource_spans=[ResourceSpans(resource=_resource(resource), scope_spans=[scoped])])


def logs_request(
    *records: LogRecord, scope: InstrumentationScope | None = None, resource: Mapping[str, Any] | None = None
) -> ExportLogsServiceRequest:
    """Give the request that sends log records."""
    scoped = ScopeLogs(scope=scope or InstrumentationScope(name="app"), log_records=records)
    return ExportLogsServiceRequest(resource_logs=[ResourceLogs(resource=_resource(resource), scope_logs=[scoped])])


def metrics_request(
    *records: Metric, scope: InstrumentationScope | None = None, resource: Mapping[str, Any] | None = None
) -> ExportMetricsServiceRequest:
    """Give the request that sends metrics."""
    scoped = ScopeMetrics(scope=scope or InstrumentationScope(name="app"), metrics=records)
    resources = [ResourceMetrics(resource=_resource(resource), scope_metrics=[scoped])]
    return ExportMetricsServiceRequest(resource_metrics=resources)


def _resource(given: Mapping[str, Any] | None) -> Resource:
    return Resource(attributes=attributes({"service.name": "shop", **(given or {})}))


def send(endpoint: str, *messages: Any) -> Sequence[int]:
    """Send requests over OTLP/HTTP, and give the status of each answer."""
    return [
        requests.post(
            endpoint + _PATHS[type(message)],
            data=message.SerializeToString(),
            headers={"Content-Type": "application/x-protobuf"},
            timeout=30,
        ).status_code
        for message in messages
    ]
