"""Text that stdlib logging writes to stdout, stderr and files: redacted on output, the record itself untouched."""

from __future__ import annotations

import contextlib
import logging
import sys
from typing import TYPE_CHECKING, Any

from opentelemetry import trace

from discreet.guard.containment import report, withhold
from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Callable


def handler_format(original: Callable[..., str]) -> Callable[..., str]:
    """Wrap ``logging.Handler.format``, which every handler that writes text calls for each record."""

    def guarded(self: logging.Handler, record: logging.LogRecord) -> str:
        text = original(self, record)
        policy = current()
        if not policy.output:
            return text
        found: set[str] = set()
        try:
            clean: str = policy.redactor.text(text, found)
            if found:
                report(found, "log")
        except Exception:
            withhold("log", "redaction_failed")
            return f"{record.levelname} {record.name} [discreet: withheld]"
        return _correlated(clean) if policy.log_correlation and not _exports(self) else clean

    return guarded


def _exports(handler: logging.Handler) -> bool:
    """Say whether a handler hands records to OpenTelemetry, which correlates by fields of their own."""
    return type(handler).__module__.startswith("opentelemetry.")


def _correlated(text: str) -> str:
    """Give the line with the trace id of the current span at the end of its first line.

    A line that has it already stays as it is, and so does a JSON object, whose writer decides on its fields.
    """
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return text
    trace_id = trace.format_trace_id(context.trace_id)
    if trace_id in text or text.startswith("{"):
        return text
    first, newline, rest = text.partition("\n")
    return f"{first} trace_id={trace_id}{newline}{rest}"


def handle_error(original: Callable[..., None]) -> Callable[..., None]:
    """Wrap ``logging.Handler.handleError``, which prints message and arguments of a record that cannot be formatted."""

    def guarded(self: logging.Handler, record: logging.LogRecord) -> None:
        if not current().output:
            original(self, record)
            return
        if logging.raiseExceptions and sys.stderr is not None:
            error: Any = sys.exc_info()[0]
            kind = error.__name__ if error else "Error"
            # As the standard library does: where that fails as well, there is nothing left to write to.
            with contextlib.suppress(Exception):
                sys.stderr.write(
                    f"--- Logging error --- {kind} at {record.pathname}:{record.lineno}, logger {record.name}; "
                    "message and arguments are withheld\n"
                )

    return guarded
