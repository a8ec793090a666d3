"""Rules of the configuration on records that leave: category and level are stamped as they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from discreet import guard
from discreet.policy import Policy, put_in_force, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.seams
RULES = [
    {"logger": "shop*", "severity": "error", "category": "audit", "level": "restricted"},
    {"route": "/admin/*", "category": "security"},
]


@pytest.fixture(autouse=True)
def in_force() -> Iterator[None]:
    """Put the rules in force under the guard."""
    settings, problems = resolve(arguments={"classify": RULES})
    assert problems == []
    put_in_force(Policy.compiled(settings))
    guard.install()
    yield
    guard.uninstall()
    put_in_force(None)


def test_a_log_record_is_classified_by_logger_and_severity() -> None:
    """The rule needs both."""
    exporter = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
    provider = LoggerProvider(shutdown_on_exit=False)
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    for name, severity in (("shop.pay", SeverityNumber.ERROR), ("shop.pay", SeverityNumber.INFO), ("x", None)):
        provider.get_logger(name).emit(LogRecord(severity_number=severity, body="no funds"))
    stamped = [data.log_record.attributes or {} for data in exporter.get_finished_logs()]
    assert [(held["discreet.category"], held["discreet.security_level"]) for held in stamped] == [
        ("audit", "restricted"),
        ("application", "internal"),
        ("application", "internal"),
    ]


def test_a_span_is_classified_by_its_route() -> None:
    """The value of the route counts, and the level that the rule leaves open is the built-in one."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    for route in ("/admin/users", "/orders"):
        provider.get_tracer("shop").start_span("GET", attributes={"http.route": route}).end()
    stamped = [span.attributes or {} for span in exporter.get_finished_spans()]
    assert [(held["discreet.category"], held["discreet.security_level"]) for held in stamped] == [
        ("security", "internal"),
        ("application", "internal"),
    ]
