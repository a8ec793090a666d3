"""Policies by options, and providers of both signals whose records have every level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, SimpleLogRecordProcessor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

from discreet.policy import Policy, put_in_force, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable

LEVELS = ("public", "internal", "confidential", "restricted")
PROCESSORS: dict[tuple[str, str], Any] = {
    ("span", "batch"): BatchSpanProcessor,
    ("span", "simple"): SimpleSpanProcessor,
    ("log", "batch"): BatchLogRecordProcessor,
    ("log", "simple"): SimpleLogRecordProcessor,
}


def enforce(**options: Any) -> None:
    """Put a policy of these options in force; they must be right."""
    settings, problems = resolve(arguments=options)
    assert problems == []
    put_in_force(Policy.compiled(settings))


def provider_of(signal: str, *processors: Any) -> Any:
    """Give a provider with processors."""
    if signal == "span":
        tracers = TracerProvider(shutdown_on_exit=False)
        for processor in processors:
            tracers.add_span_processor(processor)
        return tracers
    loggers = LoggerProvider(shutdown_on_exit=False)
    for processor in processors:
        loggers.add_log_record_processor(processor)
    return loggers


def say(provider: Any, levels: Iterable[str] = LEVELS, *, scope: str = "app", **attributes: Any) -> None:
    """Emit a record of each level, which is its name, and flush."""
    for level in levels:
        held = {"discreet.security_level": level, **attributes}
        if isinstance(provider, TracerProvider):
            provider.get_tracer(scope).start_span(level, attributes=held).end()
        else:
            record = LogRecord(body=f"body of {level}", event_name=level, severity_number=SeverityNumber.INFO)
            record.attributes = held
            provider.get_logger(scope).emit(record)
    provider.force_flush()


def named(records: Iterable[Any]) -> list[str]:
    """Give the names of spans or log records."""
    return [record.name if hasattr(record, "name") else record.log_record.event_name for record in records]


def held_by(record: Any) -> dict[str, Any]:
    """Give the attributes of a span or log record."""
    return dict(record.attributes if hasattr(record, "name") else record.log_record.attributes)
