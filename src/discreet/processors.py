"""Processors for pipelines that must not be touched at class level: they clean what the next one is handed.

They need no armed guard and arm none. What they do is what the guard does, by the policy in force; where there is none
yet, by that of the environment. Beside an armed guard they change nothing more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.sdk._logs import LogRecordProcessor
from opentelemetry.sdk.trace import SpanProcessor

from discreet.guard.fronts import LogFront, SpanFront
from discreet.runtime import follow_environment

if TYPE_CHECKING:
    from opentelemetry.sdk._logs import ReadWriteLogRecord
    from opentelemetry.sdk.trace import ReadableSpan, Span


class RedactingSpanProcessor(SpanProcessor):
    """Hands clean spans to the next span processor, on the thread that ends the span.

    A span that has not ended is handed on as a view: it reads clean, and what is written reaches the span. A span
    whose redaction fails is handed on as a skeleton. What the next processor raises while it is handed spans is
    counted, and does not reach the app.

    Args:
        next: The span processor to hand clean spans to, such as ``BatchSpanProcessor(exporter)``.
    """

    def __init__(self, next: SpanProcessor) -> None:  # noqa: A002 - what it is
        follow_environment()
        self._next = next
        self._front = SpanFront(next)

    def on_start(self, span: Span, parent_context: Any = None) -> None:
        """Hand on a clean view of a span that begins."""
        self._front.on_start(span, parent_context=parent_context)

    def _on_ending(self, span: Span) -> None:
        self._front._on_ending(span)

    def on_end(self, span: ReadableSpan) -> None:
        """Hand on the clean copy of a span that ended."""
        self._front.on_end(span)

    def shutdown(self) -> None:
        """Shut the next processor down."""
        self._next.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Flush the next processor; give what it gives."""
        return self._next.force_flush(timeout_millis)


class RedactingLogRecordProcessor(LogRecordProcessor):
    """Hands clean log records to the next log record processor, on the thread that emits the record.

    The next processor gets a copy, so what it changes is not seen by processors beside this one. A record whose
    redaction fails is handed on as a skeleton. What the next processor raises while it is handed records is counted,
    and does not reach the app.

    Args:
        next: The log record processor to hand clean records to, such as ``BatchLogRecordProcessor(exporter)``.
    """

    def __init__(self, next: LogRecordProcessor) -> None:  # noqa: A002 - what it is
        follow_environment()
        self._next = next
        self._front = LogFront(next)

    def on_emit(self, log_record: ReadWriteLogRecord) -> None:
        """Hand on the clean copy of a record."""
        self._front.on_emit(log_record)

    def enabled(self, **about: Any) -> bool:
        """Say what the next processor says."""
        ask = getattr(self._next, "enabled", None)  # OpenTelemetry 1.40 has no such method
        return True if ask is None else bool(ask(**about))

    def shutdown(self) -> None:
        """Shut the next processor down."""
        self._next.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Flush the next processor; give what it gives."""
        return bool(self._next.force_flush(timeout_millis))
