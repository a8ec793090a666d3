"""Readers and exporters that people add themselves: a Prometheus scrape, the console, and memory in an app's tests."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry._logs import LogRecord
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import (
    BatchLogRecordProcessor,
    ConsoleLogRecordExporter,
    InMemoryLogRecordExporter,
    SimpleLogRecordProcessor,
)
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import ConsoleMetricExporter, PeriodicExportingMetricReader
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import REGISTRY, generate_latest

from discreet import guard
from tests.guard.memory import EMAIL, Kept

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.seams

RESOURCE = Resource({"owner": EMAIL}, f"https://example.org/{EMAIL}")


@pytest.fixture(autouse=True)
def _armed() -> None:
    guard.install()


@pytest.fixture
def scraped() -> Iterator[PrometheusMetricReader]:
    reader = PrometheusMetricReader()
    yield reader
    reader.shutdown()
    assert "who=" not in generate_latest(REGISTRY).decode()


def _measure(provider: MeterProvider) -> None:
    meter = provider.get_meter(f"lib.{EMAIL}", EMAIL, f"https://example.org/{EMAIL}")
    for who in (EMAIL, f"adam.{EMAIL}"):
        meter.create_counter("visits", "of " + EMAIL, f"visits of {EMAIL}").add(1, {"who": who, EMAIL: "key"})
        meter.create_histogram("spread").record(3, {"who": who})
    meter.create_observable_gauge("level", [])


def test_a_prometheus_scrape_is_clean(scraped: PrometheusMetricReader) -> None:
    """Labels, names, help and scope of a scrape hold markers, and two addresses are one series."""
    provider = MeterProvider([scraped], RESOURCE, shutdown_on_exit=False)
    _measure(provider)
    page = generate_latest(REGISTRY).decode()
    assert "canary" not in page
    (line,) = [line for line in page.splitlines() if line.startswith("spread_count")]
    assert 'who="[REDACTED:email]"' in line
    assert line.endswith(" 2.0")


def _scrape_failure() -> str:
    """Give what a scrape of an exponential histogram raises."""
    view = View(instrument_name="spread", aggregation=ExponentialBucketHistogramAggregation())
    reader = PrometheusMetricReader()
    try:
        provider = MeterProvider([reader], views=[view], shutdown_on_exit=False)
        provider.get_meter("t").create_histogram("spread").record(3)
        with pytest.raises(AttributeError) as raised:
            list(reader._collector.collect())
        return str(raised.value)
    finally:
        reader.shutdown()


def test_an_exponential_histogram_fails_a_scrape_as_it_does_without_us() -> None:
    """The reader knows no exponential histogram: what it raises is its own, and the same with the guard."""
    guarded = _scrape_failure()
    guard.uninstall()
    assert guarded == _scrape_failure()


def test_console_exporters_print_clean_data() -> None:
    """What the three console exporters print holds markers, through simple and batch processors alike."""
    out = io.StringIO()
    traced = TracerProvider(resource=RESOURCE, shutdown_on_exit=False)
    traced.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter(out=out)))
    traced.add_span_processor(BatchSpanProcessor(ConsoleSpanExporter(out=out)))
    with traced.get_tracer("t").start_as_current_span(f"GET /{EMAIL}", attributes={"who": EMAIL}):
        pass
    logged = LoggerProvider(RESOURCE, shutdown_on_exit=False)
    logged.add_log_record_processor(SimpleLogRecordProcessor(ConsoleLogRecordExporter(out=out)))
    logged.add_log_record_processor(BatchLogRecordProcessor(ConsoleLogRecordExporter(out=out)))
    logged.get_logger("t").emit(LogRecord(body={"to": [EMAIL]}))
    reader = PeriodicExportingMetricReader(ConsoleMetricExporter(out=out), 60_000)
    measured = MeterProvider([reader], RESOURCE, shutdown_on_exit=False)
    _measure(measured)
    for provider in (traced, logged, measured):
        provider.force_flush()
        provider.shutdown()
    printed = out.getvalue()
    assert printed.count('"name": "GET /[REDACTED:email]"') == 2
    assert printed.count('"to"') == 2
    assert '"visits"' in printed
    assert "canary" not in printed


def test_exporters_in_an_apps_own_tests_see_redacted_data() -> None:
    """Documented: an app that asserts on what its telemetry holds finds markers, category and level there."""
    spans, logs = InMemorySpanExporter(), InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
    traced, logged = TracerProvider(shutdown_on_exit=False), LoggerProvider(shutdown_on_exit=False)
    traced.add_span_processor(SimpleSpanProcessor(spans))
    logged.add_log_record_processor(SimpleLogRecordProcessor(logs))
    traced.get_tracer("t").start_span("s", attributes={"who": EMAIL}).end()
    logged.get_logger("t").emit(LogRecord(body=f"hello {EMAIL}"))
    (span,), (log,) = spans.get_finished_spans(), logs.get_finished_logs()
    assert dict(span.attributes or {}) == {
        "who": "[REDACTED:email]",
        "discreet.category": "application",
        "discreet.security_level": "confidential",
    }
    assert log.log_record.body == "hello [REDACTED:email]"


def test_the_schema_url_of_a_resource_is_clean() -> None:
    """Spans and log records leave with a resource whose schema URL and attributes are clean."""
    kept = Kept()
    traced, logged = TracerProvider(resource=RESOURCE, shutdown_on_exit=False), LoggerProvider(RESOURCE)
    traced.add_span_processor(BatchSpanProcessor(kept))
    exporter: Any = kept
    logged.add_log_record_processor(BatchLogRecordProcessor(exporter))
    traced.get_tracer("t").start_span("s").end()
    logged.get_logger("t").emit(LogRecord(body="b"))
    traced.force_flush()
    logged.force_flush()
    logged.shutdown()
    assert [record.resource.schema_url for record in kept.records] == ["https://example.org/[REDACTED:email]"] * 2
    assert "canary" not in repr([dict(record.resource.attributes) for record in kept.records])
