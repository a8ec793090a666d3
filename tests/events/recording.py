"""Global providers of a test: the helpers ask for them at each call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from opentelemetry import trace

from discreet.events import emitting, instruments
from tests.guard.memory import Kept, logged, measured, points, traced

if TYPE_CHECKING:
    from opentelemetry.sdk._logs import LoggerProvider
    from opentelemetry.sdk.trace import TracerProvider


class Recorded(NamedTuple):
    """Providers that are the global ones for a test, and what they exported."""

    logger_provider: LoggerProvider
    logs: Kept
    tracer_provider: TracerProvider
    spans: Kept
    reader: Any

    def log_records(self) -> list[Any]:
        self.logger_provider.force_flush()
        return [record.log_record for record in self.logs.records]

    def one_log(self) -> Any:
        (record,) = self.log_records()
        return record

    def ended(self) -> list[Any]:
        self.tracer_provider.force_flush()
        return self.spans.records

    def metrics(self) -> dict[str, list[Any]]:
        return points(self.reader)

    def span(self, name: str = "request") -> Any:
        return self.tracer_provider.get_tracer("t").start_as_current_span(name)


def recorded(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    (logger_provider, logs), (tracer_provider, spans), (meter_provider, reader) = logged(), traced(), measured()
    monkeypatch.setattr(emitting, "get_logger_provider", lambda: logger_provider)
    monkeypatch.setattr(instruments, "get_meter_provider", lambda: meter_provider)
    monkeypatch.setattr(trace, "get_tracer", tracer_provider.get_tracer)
    return Recorded(logger_provider, logs, tracer_provider, spans, reader)
