"""Log records: a clean copy for whoever exports, from the SDK's own dispatch to every log record processor."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from opentelemetry import trace
from opentelemetry._logs import SeverityNumber
from opentelemetry.sdk.trace import ReadableSpan

from discreet.guard import exceptions, parts, stamps
from discreet.guard.acting import acted_on
from discreet.guard.baggage import clean_context
from discreet.guard.belonging import with_context
from discreet.guard.containment import withhold
from discreet.guard.dispatch import each_processor, hand_on
from discreet.guard.otherwise import bare
from discreet.policy import StrictError, current
from discreet.redaction import withheld

if TYPE_CHECKING:
    from collections.abc import Callable

    from discreet.classification import Subject
    from discreet.policy import Policy

SIGNAL = "log"
_PASSED = "_discreet_passed"
"""On a clean copy, and on the copies that processors make of it: it was counted."""


def clean_log(record: Any, policy: Policy | None = None) -> Any | None:
    """Give the clean copy of a readable or writable log record; a skeleton where redaction fails, else None.

    None too where its level is dropped.

    Args:
        record: The record.
        policy: By which all of it is cleaned; else the one in force now.
    """
    try:
        policy = policy or current()
        clean = _copy(record, policy)
        return acted_on(SIGNAL, clean, policy.level_actions) if policy.level_actions else clean
    except Exception:
        withhold(SIGNAL, "redaction_failed")
    try:
        return _skeleton(record, policy or current())
    except Exception:
        withhold(SIGNAL, "dropped")
        return None


def _copy(record: Any, policy: Policy) -> Any:
    found: set[str] = set()
    original = record.log_record
    clean = parts.shallow(original)
    clean.attributes = parts.clean_attributes(original.attributes, found, policy, immutable=False)
    clean.body = policy.redactor.value(original.body, None, found)
    clean.severity_text = _optional(original.severity_text, found, policy)
    clean.event_name = _optional(original.event_name, found, policy)
    clean.timestamp = parts.clean_time(original.timestamp)
    clean.observed_timestamp = parts.clean_time(original.observed_timestamp)
    clean.exception = None
    if original.context:  # empty in the queue of a batch processor
        clean.context = _without_live_span(clean_context(original.context, policy))
    held = clean.attributes._dict
    again = getattr(original, _PASSED, False)
    setattr(clean, _PASSED, True)
    stamps.stamp(_subject(record, clean.event_name or "", held, policy), held, found, policy, again=again)
    if exceptions.TYPE in held or exceptions.STACKTRACE in held:
        at = clean.observed_timestamp or clean.timestamp or 0
        exceptions.mark_log(held, original.attributes, clean.trace_id or 0, at, again=again)
    return _with(record, clean, policy)


def _without_live_span(context: Any) -> Any:
    """Give the context with the ids of its span in the place of the span, whose attributes are raw."""
    span = trace.get_current_span(context)
    if not isinstance(span, ReadableSpan):
        return context
    return trace.set_span_in_context(trace.NonRecordingSpan(span.get_span_context()), context)


def _optional(value: object, found: set[str], policy: Policy) -> str | None:
    return None if value is None else parts.clean_text(value, found, policy)


def _subject(record: Any, name: str, attributes: dict[str, Any], policy: Policy) -> Subject:
    severity = _severity(record.log_record) if policy.classify else 0  # only rules of the configuration ask for it
    return stamps.subject(SIGNAL, record.instrumentation_scope, name, None, attributes, severity)


def _severity(log_record: Any) -> int:
    number = log_record.severity_number
    return int(number.value) if isinstance(number, SeverityNumber) else 0


def _with(record: Any, clean: Any, policy: Policy) -> Any:
    """Give a copy of the record that holds the clean one; neither ``__init__`` nor its limits run again."""
    twin = parts.shallow(record)
    object.__setattr__(twin, "log_record", clean)
    object.__setattr__(twin, "resource", parts.clean_resource(record.resource, policy))
    object.__setattr__(twin, "instrumentation_scope", parts.clean_scope(record.instrumentation_scope, policy))
    return twin


def _skeleton(record: Any, policy: Policy) -> Any:
    """Give what is left where redaction failed: ids, times, severity number, scope and resource."""
    clean = parts.shallow(record.log_record)
    held = stamps.skeleton(_subject(record, "", {}, policy), policy)
    clean.attributes = parts.bounded(held, immutable=False)
    clean.body = withheld("redaction_failed")
    number = clean.severity_number
    clean.severity_text = number.name if isinstance(number, SeverityNumber) else None
    clean.event_name = None
    clean.exception = None
    clean.context = bare(clean.context) if clean.context else None
    return _with(record, clean, policy)


def handler_emit(original: Callable[..., None]) -> Callable[..., None]:
    """Wrap ``LoggingHandler.emit``, which raises into the logging call where a message cannot be made a text.

    Such a record leaves without its message; where even that fails, the handler says so as the standard library's do.
    """

    def guarded(self: Any, record: Any) -> None:
        try:
            original(self, record)
        except Exception:
            withhold(SIGNAL, "unprintable")
        else:
            return
        try:
            twin = parts.shallow(record)
            twin.msg, twin.args, twin.exc_info, twin.exc_text = withheld("unprintable"), (), None, None
            original(self, twin)
        except StrictError:
            raise
        except Exception:
            self.handleError(record)

    return guarded


def handler_flush(original: Callable[..., None]) -> Callable[..., None]:
    """Wrap ``LoggingHandler.flush``, which starts a thread: CPython 3.12 refuses that at exit, and prints a traceback.

    Nothing is lost: the logger provider flushes at exit by itself.
    """

    def guarded(self: Any) -> None:
        with contextlib.suppress(RuntimeError):
            original(self)

    return guarded


def on_emit(_original: Callable[..., None]) -> Callable[..., None]:
    """Replace the multi-processor's ``on_emit``.

    Log record processors change the record for those after them, so there is one copy, and it is handed on: raw until
    somebody who is not adopted is to see it, clean from there on, and cleaned again before each later one, all by one
    policy.
    """

    def guarded(self: Any, log_record: Any) -> None:
        record, policy = with_context(log_record), current()
        for processor, adopted in each_processor(self._log_record_processors):
            if not adopted:
                record = clean_log(record, policy)
            if record is None:
                return
            hand_on(SIGNAL, processor, "on_emit", record)

    return guarded
