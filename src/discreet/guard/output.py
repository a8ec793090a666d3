"""What the handlers of stdlib logging write and send: redacted on output, the record itself untouched."""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import sys
from typing import TYPE_CHECKING, Any, Final

from opentelemetry import trace

from discreet.guard import lines
from discreet.guard.containment import withhold
from discreet.guard.records import clean_record
from discreet.guard.writing import WITHHELD, clean
from discreet.policy import StrictError, current

if TYPE_CHECKING:
    from collections.abc import Callable

_SAFE: Final[tuple[tuple[type[logging.Handler], str], ...]] = (
    (logging.StreamHandler, "format"),
    (logging.FileHandler, "format"),
    (logging.handlers.BaseRotatingHandler, "format"),
    (logging.handlers.SysLogHandler, "format"),
    (logging.handlers.SocketHandler, "makePickle"),
    (logging.handlers.HTTPHandler, "mapLogRecord"),
    (logging.handlers.MemoryHandler, "flush"),
)
"""Handlers of the standard library, and the method through which all goes that they write: ours in each, or that of
`MemoryHandler`, which hands records on to another handler. Theirs are the raw records."""


def handler_handle(original: Callable[..., Any]) -> Callable[..., Any]:
    """Replace ``logging.Handler.handle``: a handler that may write by means of its own emits a clean record.

    The rest is as in the standard library, where filters come first and may, since Python 3.12, give another record.
    """
    emit = _emitting()

    def guarded(self: logging.Handler, record: logging.LogRecord) -> Any:
        try:
            left_alone = not current().output or _is_safe(self)
        except Exception:
            left_alone = False
        if left_alone:
            return original(self, record)
        passed: Any = self.filter(record)
        if isinstance(passed, logging.LogRecord):
            record = passed
        if passed:
            emit(self, record)
        return passed

    return guarded


def _emitting() -> Callable[[logging.Handler, logging.LogRecord], None]:
    def emit(handler: logging.Handler, record: logging.LogRecord) -> None:
        """Have the record emitted under the handler's lock; what its clean copy makes fail is the handler's error."""
        try:
            seen = clean_record(record)
        except StrictError:
            raise
        except Exception:
            withhold("log", "dropped")
            return
        handler.acquire()
        try:
            handler.emit(seen)
        except Exception:
            if seen is record:
                raise
            handler.handleError(seen)
        finally:
            handler.release()

    return emit


def _is_safe(handler: logging.Handler) -> bool:
    cls, own = type(handler), vars(handler)
    for owner, method in _SAFE:
        if cls.emit is owner.emit and getattr(cls, method) is getattr(owner, method):
            return method not in own and "emit" not in own
    return _exports(handler)


def handler_format(original: Callable[..., str]) -> Callable[..., str]:
    """Wrap ``logging.Handler.format``, which every handler that writes lines calls for each record."""

    def guarded(self: logging.Handler, record: logging.LogRecord) -> str:
        line = lines.written(self, record)
        if line is not None:
            return line
        text = original(self, record)
        policy = current()
        if not policy.output:
            return text
        written = clean(text, f"{record.levelname} {record.name} {WITHHELD}")
        return _correlated(written) if policy.log_correlation and not _exports(self) else written

    return guarded


def sent_record(original: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap ``SocketHandler.makePickle`` and ``HTTPHandler.mapLogRecord``, which send the record's fields, not a line.

    What is sent is of plain types, so that no object takes along what its text does not show.
    """

    def guarded(self: logging.Handler, record: logging.LogRecord) -> Any:
        return original(self, clean_record(record, plain=True) if current().output else record)

    return guarded


def _exports(handler: logging.Handler) -> bool:
    """Say whether a handler hands records to OpenTelemetry, which redacts and correlates by fields of their own."""
    return any(cls.__module__.startswith("opentelemetry.") for cls in type(handler).__mro__)


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
                line = lines.withheld_line(record, kind) or (
                    f"--- Logging error --- {kind} at {record.pathname}:{record.lineno}, logger {record.name}; "
                    "message and arguments are withheld"
                )
                sys.stderr.write(f"{line}\n")

    return guarded
