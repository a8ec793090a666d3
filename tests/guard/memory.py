"""Providers of the SDK that keep what an exporter would have sent."""

from __future__ import annotations

from typing import Any

from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

EMAIL = "zoe.canary@example.org"
CARD = "4111111111111111"


class Kept(SpanExporter):
    """An exporter of spans or log records that keeps what it is handed."""

    def __init__(self) -> None:
        self.records: list[Any] = []

    def export(self, batch: Any) -> Any:
        self.records.extend(batch)
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        pass

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return True


def traced(resource: Resource | None = None) -> tuple[TracerProvider, Kept]:
    provider, kept = TracerProvider(resource=resource, shutdown_on_exit=False), Kept()
    provider.add_span_processor(BatchSpanProcessor(kept))
    return provider, kept


def logged() -> tuple[LoggerProvider, Kept]:
    provider, kept = LoggerProvider(shutdown_on_exit=False), Kept()
    provider.add_log_record_processor(BatchLogRecordProcessor(kept))  # type: ignore[arg-type]
    return provider, kept


def measured() -> tuple[MeterProvider, InMemoryMetricReader]:
    reader = InMemoryMetricReader()
    return MeterProvider([reader], shutdown_on_exit=False), reader


def points(reader: InMemoryMetricReader) -> dict[str, list[Any]]:
    """Give the data points by the metric's name."""
    data = reader.get_metrics_data()
    return {
        metric.name: list(metric.data.data_points)
        for resource in (data.resource_metrics if data else [])
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }
