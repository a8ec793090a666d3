"""Trace and span id of a log record, also where its span is over or another thread writes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from opentelemetry import trace

from discreet.guard import servers

if TYPE_CHECKING:
    import logging

_PARENT: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_TRACE, _SPAN = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{16}")
_SUFFIX: Final = re.compile(r"\A([^\n]*) trace_id=([0-9a-f]{32})(?=\n|\Z)")
_MOST_FRAMES: Final = 256


class Ids(NamedTuple):
    """Ids as hexadecimal digits; empty where one is not known."""

    trace_id: str
    span_id: str = ""
    trace_flags: str = ""

    def told(self) -> dict[str, str]:
        """Give those that are known, by name."""
        if self.span_id and self.trace_flags:
            return {"trace_id": self.trace_id, "span_id": self.span_id, "trace_flags": self.trace_flags}
        return {name: value for name, value in self._asdict().items() if value}


def ids_of(record: logging.LogRecord, error: object) -> Ids | None:
    """Give the ids of the current span, else those that the record, its exception or its response tells of."""
    return current_ids() or _injected(record) or exceptions_ids(error) or _of_response(record)


_last: tuple[trace.SpanContext, Ids] | None = None
"""The span that was asked for last: its records come one after another."""


def current_ids() -> Ids | None:
    """Give the ids of the current span."""
    global _last  # noqa: PLW0603 - one reference, replaced as a whole
    context, last = trace.get_current_span().get_span_context(), _last
    if last is not None and last[0] is context:
        return last[1]
    if not context.is_valid:
        return None
    ids = _of_context(context)
    _last = context, ids
    return ids


def without_suffix(body: str) -> tuple[str, Ids | None]:
    """Give a text that a queue's handler formatted without the trace id that was put at the end of its first line."""
    found = _SUFFIX.match(body)
    return (body, None) if found is None else (found[1] + body[found.end() :], Ids(found[2]))


def _of_context(context: trace.SpanContext) -> Ids:
    return Ids(f"{context.trace_id:032x}", f"{context.span_id:016x}", f"{context.trace_flags:02x}")


def _injected(record: logging.LogRecord) -> Ids | None:
    """Read what OpenTelemetry's instrumentation of logging put on the record as it was made."""
    trace_id, span_id = getattr(record, "otelTraceID", ""), getattr(record, "otelSpanID", "")
    if not _fits(_TRACE, trace_id):
        return None
    sampled = getattr(record, "otelTraceSampled", None)
    flags = f"{int(sampled):02x}" if isinstance(sampled, bool) else ""
    return Ids(trace_id, span_id if _fits(_SPAN, span_id) else "", flags)


def _fits(shape: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and shape.fullmatch(value) is not None and value.strip("0") != ""


def exceptions_ids(error: object) -> Ids | None:
    """Give the ids of the outermost span of an instrumentation that the exception came through: it is over by now."""
    step = error.__traceback__ if isinstance(error, BaseException) else None
    for _ in range(_MOST_FRAMES):
        if step is None:
            break
        frame, step = step.tb_frame, step.tb_next
        if str(frame.f_globals.get("__name__", "")).startswith("opentelemetry."):
            span: Any = frame.f_locals.get("span")
            if isinstance(span, trace.Span) and (context := span.get_span_context()).is_valid:
                return _of_context(context)
    return None


def _of_response(record: logging.LogRecord) -> Ids | None:
    found = _PARENT.fullmatch(servers.trace_parent(record))
    return Ids(*found.groups()) if found else None
