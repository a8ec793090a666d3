"""What a line of log says: the fields of OpenTelemetry's logs data model, clean, from a record of stdlib logging."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from datetime import datetime, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from opentelemetry._logs import SeverityNumber

from discreet.classification import Level, Subject, classify, level_of
from discreet.guard import proven, servers
from discreet.guard.belonging import of_line
from discreet.guard.containment import report, withhold
from discreet.guard.ids import Ids, ids_of, without_suffix
from discreet.guard.parts import CATEGORY, SECURITY_LEVEL
from discreet.guard.parts import WITHHELD as IS_WITHHELD
from discreet.guard.records import OWN, traceback_of, triple_of
from discreet.guard.service import SERVICE, service
from discreet.guard.writing import WITHHELD, redacting
from discreet.policy import current
from discreet.redaction import withheld

if TYPE_CHECKING:
    import logging

    from discreet.policy import Policy

EXCEPTION: Final[tuple[str, ...]] = ("exception.type", "exception.message", "exception.stacktrace")
_EVENTS: Final = ("otel.event.name", "event.name")
_STACK: Final = "code.stacktrace"

FIELDS: Final[Mapping[str, str]] = {
    "timestamp": "when it was logged: RFC 3339, UTC, microseconds",
    "severity_text": "TRACE, DEBUG, INFO, WARN, ERROR, FATAL, or a level of your own",
    "severity_number": "1 to 24 by the logs data model: INFO is 9, ERROR 17",
    "body": "the message; an object or a list where the app logged one",
    "logger": "name of the logger",
    "event_name": "what the app gave as `otel.event.name`",
    "trace_id": "32 hexadecimal digits, within a trace",
    "span_id": "16 hexadecimal digits",
    "trace_flags": "of W3C trace context, 2 hexadecimal digits: odd where the trace is sampled",
    CATEGORY: "what the record is about, as on exported records",
    SECURITY_LEVEL: "how widely it may be shown, as on exported records",
    **dict.fromkeys(SERVICE, "of the resource"),
    "process.pid": "the process, which tells workers apart",
    "exception.type": "name of the exception's class",
    "exception.message": "its message",
    "exception.stacktrace": "its traceback, causes included",
    IS_WITHHELD: "true where the record could not be redacted: body, attributes and exception are left out",
    "attributes": "fields of `extra=`; what the context says, such as the user; what access logs tell of a request;"
    " `code.stacktrace` of `stack_info=`",
}
"""The fields of a line in their order; one that has no value is left out."""

_TEXTS: Final = {"WARNING": "WARN", "CRITICAL": "FATAL"}
_DEBUG: Final = 10  # logging.DEBUG; what is below has no number, as on exported records
_HIGHEST_NUMBER: Final = 24
_STEPS: Final = 3
_HIGHEST_LEVEL: Final = max(Level).label

_NO_ATTRIBUTES: Final = OWN | {
    "color_message",  # uvicorn's template for a terminal
    "otelTraceID", "otelSpanID", "otelTraceSampled", "otelServiceName",
}  # fmt: skip
_OF_STRUCTLOG: Final = ("_logger", "_name")
_SAID_ALREADY: Final = ("level", "logger", "timestamp", "_record", "_from_structlog")


class _Told(NamedTuple):
    """What a record says, raw and taken apart."""

    body: Any
    attributes: dict[str, Any]
    exc_info: Any
    exc_text: Any
    stack: Any


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """Give the fields of a record, in the order of `FIELDS` and clean; the record is not changed.

    Values are of plain types: what JSON knows, and bytes and numbers that are none.

    Raises:
        Exception: Where it cannot be redacted; `skeleton` gives what is left then.
    """
    told, policy = _told(record), current()
    body, queued = without_suffix(told.body) if _was_queued(record) else (told.body, None)
    triple, found = triple_of(told.exc_info), set[str]()
    own = {**told.attributes, **servers.request(record), **_exception(triple, told.exc_text)}
    raw = {**of_line(own), **own}
    if told.stack:
        raw[_STACK] = told.stack
    clean = redacting(_clean, record, body, raw, found, policy)
    ids = ids_of(record, triple[1] if triple else None) or queued
    return _ordered(record, clean, ids if policy.log_correlation else None, found, policy)


def sort_of(about: Subject, found: set[str], policy: Policy) -> dict[str, str]:
    """Give category and level as attributes, the level raised by what was found; a value that failed is counted."""
    category, level = classify(about, policy.classify)[:2]
    if found:
        level = max(level, level_of(found, policy.levels))
        report(found, "log")
    return {CATEGORY: category, SECURITY_LEVEL: level.label}


def skeleton(record: logging.LogRecord) -> dict[str, Any]:
    """Give what is left of a record that could not be redacted: time, severity and logger. Never raises."""
    made: dict[str, Any] = {}
    for seconds in (time.time(), getattr(record, "created", None)):
        with contextlib.suppress(Exception):
            made["timestamp"] = _timestamp(seconds)
    with contextlib.suppress(Exception):
        number = severity_number(getattr(record, "levelno", None))
        made["severity_text"] = SeverityNumber(number).name  # the level's own name may be anything
        made["severity_number"] = number
    made["body"] = WITHHELD
    with contextlib.suppress(Exception):
        made["logger"] = current().redactor.text(record.name, set())
    return {**made, CATEGORY: "application", SECURITY_LEVEL: _HIGHEST_LEVEL, IS_WITHHELD: True}


def severity_number(level: object) -> int:
    """Give the number of a level of stdlib logging (logs data model, "Displaying Severity"), 0 below DEBUG."""
    if not isinstance(level, int) or level < _DEBUG:
        return 0
    tens, rest = divmod(level, _DEBUG)
    return min(4 * tens + 1 + min(rest, _STEPS), _HIGHEST_NUMBER)


def _timestamp(seconds: Any) -> str:
    whole, millionths = divmod(round(seconds * 1e6), 1_000_000)
    return f"{_second(whole)}.{millionths:06}Z"


@lru_cache(maxsize=4)
def _second(whole: int) -> str:
    return datetime.fromtimestamp(whole, timezone.utc).isoformat()[: -len("+00:00")]


def _told(record: logging.LogRecord) -> _Told:
    held, message = vars(record).copy(), cast("Any", record.msg)
    attributes = {name: value for name, value in held.items() if name not in _NO_ATTRIBUTES}
    if record.args or not isinstance(message, (Mapping, list, tuple)):
        message = _message(record, attributes)
    elif isinstance(message, Mapping) and all(name in held for name in _OF_STRUCTLOG):
        return _of_structlog(dict(message), record)
    return _Told(message, attributes, record.exc_info, record.exc_text, record.stack_info)


def _was_queued(record: logging.LogRecord) -> bool:
    """Say whether `logging.handlers.QueueHandler` formatted the record: nothing else leaves it without arguments so."""
    return record.args is None and type(record.msg) is str and vars(record).get("message") == record.msg


def _message(record: logging.LogRecord, attributes: dict[str, Any]) -> str:
    """Give the message; where its arguments do not fit, that is all that is said, and where it was logged."""
    try:
        return record.getMessage()
    except Exception:
        withhold("log", "unprintable")
        attributes["code.file.path"], attributes["code.line.number"] = record.pathname, record.lineno
        return withheld("unprintable")


def _of_structlog(event: dict[str, Any], record: logging.LogRecord) -> _Told:
    """Take apart the event dict that structlog hands to its `ProcessorFormatter` as the message."""
    for name in _SAID_ALREADY:
        event.pop(name, None)
    body, stack, exc_text = event.pop("event", ""), event.pop("stack", None), event.pop("exception", None)
    return _Told(body, event, event.pop("exc_info", None) or record.exc_info, exc_text, stack)


def _exception(triple: Any, text: object) -> dict[str, Any]:
    if triple is None:
        return {EXCEPTION[2]: text} if text else {}
    try:
        message = "" if triple[1] is None else str(triple[1])
    except Exception:
        message = withheld("unprintable")
    return dict(zip(EXCEPTION, (triple[0].__name__, message, traceback_of(triple)), strict=True))


class _Clean(NamedTuple):
    body: Any
    attributes: dict[str, Any]
    logger: str
    severity_text: str


def _clean(record: logging.LogRecord, body: Any, raw: dict[str, Any], found: set[str], policy: Policy) -> _Clean:
    redactor, severity = policy.redactor, record.levelname
    severity = _TEXTS.get(severity, severity) if type(severity) is str else severity
    return _Clean(
        redactor.value(body, None, found),
        proven.clean(raw, found, policy) if raw else {},
        str(redactor.value(record.name, None, found)),
        str(redactor.value(severity, None, found)),
    )


def _ordered(
    record: logging.LogRecord, clean: _Clean, ids: Ids | None, found: set[str], policy: Policy
) -> dict[str, Any]:
    attributes, number = clean.attributes, severity_number(record.levelno)
    exception = {name: attributes.pop(name) for name in EXCEPTION if name in attributes}
    named = [attributes.pop(name, None) for name in _EVENTS]
    event = next((name for name in named if isinstance(name, str)), "")
    sort = sort_of(Subject("log", clean.logger, event, None, {**attributes, **exception}, "", number), found, policy)
    for name in sort:
        attributes.pop(name, None)
    made: dict[str, Any] = {
        "timestamp": _timestamp(record.created),
        "severity_text": clean.severity_text,
        "severity_number": number,
        "body": clean.body,
        "logger": clean.logger,
    }
    if event:
        made["event_name"] = event
    if ids is not None:
        made |= ids.told()
    made |= sort
    made |= service()
    if type(record.process) is int:
        made["process.pid"] = record.process
    made |= exception
    if attributes:
        made["attributes"] = attributes
    return made
