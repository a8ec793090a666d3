"""Spans, log records and metrics of received requests, one flat list each, with the scope and resource they came in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.metrics.v1.metrics_pb2 import (
    ExponentialHistogramDataPoint,
    HistogramDataPoint,
    Metric,
    NumberDataPoint,
    SummaryDataPoint,
)
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from discreet.testing.values import plain_attributes, plain_value

Point: TypeAlias = NumberDataPoint | HistogramDataPoint | ExponentialHistogramDataPoint | SummaryDataPoint


@dataclass(frozen=True)
class SpanItem:
    """One span: its protobuf `record`, and the `scope` and `resource` it came in."""

    record: Span
    scope: InstrumentationScope
    resource: Resource
    scope_schema_url: str = ""
    resource_schema_url: str = ""

    @property
    def name(self) -> str:
        """The span's name."""
        return self.record.name

    @property
    def attributes(self) -> dict[str, Any]:
        """The span's attributes as plain Python."""
        return plain_attributes(self.record.attributes)

    @property
    def trace_id(self) -> str:
        """The trace id in hexadecimal."""
        return self.record.trace_id.hex()


@dataclass(frozen=True)
class LogItem:
    """One log record: its protobuf `record`, and the `scope` and `resource` it came in."""

    record: LogRecord
    scope: InstrumentationScope
    resource: Resource
    scope_schema_url: str = ""
    resource_schema_url: str = ""

    @property
    def body(self) -> Any:
        """The body as plain Python."""
        return plain_value(self.record.body)

    @property
    def attributes(self) -> dict[str, Any]:
        """The record's attributes as plain Python."""
        return plain_attributes(self.record.attributes)

    @property
    def trace_id(self) -> str:
        """The trace id in hexadecimal; empty for a record outside a trace."""
        return self.record.trace_id.hex()


@dataclass(frozen=True)
class MetricItem:
    """One metric of one collection: its protobuf `record` with all points, its `scope` and `resource`."""

    record: Metric
    scope: InstrumentationScope
    resource: Resource
    scope_schema_url: str = ""
    resource_schema_url: str = ""

    @property
    def name(self) -> str:
        """The metric's name."""
        return self.record.name

    @property
    def points(self) -> list[Point]:
        """The data points, whatever their kind."""
        kind = self.record.WhichOneof("data")
        return [] if kind is None else list(getattr(self.record, kind).data_points)

    @property
    def series(self) -> list[dict[str, Any]]:
        """The attributes of each data point as plain Python."""
        return [plain_attributes(point.attributes) for point in self.points]


def spans_of(messages: Iterable[object]) -> list[SpanItem]:
    """Give every span of the trace requests among the messages."""
    resources = chain.from_iterable(m.resource_spans for m in messages if isinstance(m, ExportTraceServiceRequest))
    return [
        SpanItem(record, scope.scope, resource.resource, scope.schema_url, resource.schema_url)
        for resource in resources
        for scope in resource.scope_spans
        for record in scope.spans
    ]


def logs_of(messages: Iterable[object]) -> list[LogItem]:
    """Give every log record of the log requests among the messages."""
    resources = chain.from_iterable(m.resource_logs for m in messages if isinstance(m, ExportLogsServiceRequest))
    return [
        LogItem(record, scope.scope, resource.resource, scope.schema_url, resource.schema_url)
        for resource in resources
        for scope in resource.scope_logs
        for record in scope.log_records
    ]


def metrics_of(messages: Iterable[object]) -> list[MetricItem]:
    """Give every metric of the metric requests among the messages: one entry a metric and collection."""
    return list(_metrics(m for m in messages if isinstance(m, ExportMetricsServiceRequest)))


def _metrics(messages: Iterable[ExportMetricsServiceRequest]) -> Iterator[MetricItem]:
    for resource in chain.from_iterable(m.resource_metrics for m in messages):
        for scope in resource.scope_metrics:
            for record in scope.metrics:
                yield MetricItem(record, scope.scope, resource.resource, scope.schema_url, resource.schema_url)
