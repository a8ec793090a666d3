"""For logging libraries that write by themselves: what to put into their pipelines. None of them is imported here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from discreet.classification import Subject
from discreet.guard.belonging import of_line
from discreet.guard.containment import report, withhold
from discreet.guard.entries import severity_number, sort_of
from discreet.guard.ids import current_ids, exceptions_ids
from discreet.guard.records import clean_record, traceback_of, triple_of
from discreet.guard.service import service
from discreet.guard.writing import WITHHELD, clean, clean_value, redacting
from discreet.policy import current

__all__ = ["loguru_context", "loguru_patcher", "structlog_context", "structlog_processor"]

_OF_PROCESSOR_FORMATTER: Final[tuple[str, ...]] = ("_record", "_from_structlog")
_ALSO_CALLED: Final = {"warn": "warning", "exception": "error", "fatal": "critical"}
_EVENTS: Final = ("otel.event.name", "event.name")

_Sorted = Callable[[Mapping[str, Any], Any, set[str]], dict[str, Any]]
"""Gives what is added to clean values, from them, the exception and the kinds that were found in them."""


def structlog_processor(logger: Any, method_name: str, event_dict: Any) -> Any:  # noqa: ARG001 - structlog's signature
    """Give the event dict without what is private: a processor for structlog, last before the renderer.

    The exception of ``exc_info`` becomes text under ``exception``, as structlog's own ``format_exc_info`` gives it, so
    that no renderer shows values of variables. Behind a renderer it cleans the rendered text. It never raises: where
    redaction fails, the level is left, and ``[discreet: withheld]`` as the event.

    Args:
        logger: Not looked at.
        method_name: Not looked at.
        event_dict: What the processors before it made of the event; it is not changed.
    """
    return _structlog(event_dict, _nothing)


def structlog_context(logger: Any, method_name: str, event_dict: Any) -> Any:
    """Give what `structlog_processor` gives, with what a line of `log_format` ``json`` says of a record.

    That is, under the same names: ``trace_id``, ``span_id`` and ``trace_flags`` of the current span,
    ``discreet.category``, ``discreet.security_level``, and the service. It takes the place of `structlog_processor`.

    Args:
        logger: Its name counts for the category, if it has one and the event says none.
        method_name: Its severity counts for the rules of the configuration.
        event_dict: What the processors before it made of the event; it is not changed.
    """

    def sort(event: Mapping[str, Any], error: Any, found: set[str]) -> dict[str, Any]:
        name = event.get("logger") or getattr(logger, "name", "")
        return _context(str(name or ""), method_name, event, error, found)

    return _structlog(event_dict, sort)


def _structlog(event_dict: Any, sort: _Sorted) -> Any:
    try:
        if not current().output:
            return event_dict
        if isinstance(event_dict, str):
            return clean(event_dict, WITHHELD)
        return clean_value(event_dict, plain=True) if isinstance(event_dict, bytes) else _event(event_dict, sort)
    except Exception:
        withhold("log", "redaction_failed")
        if isinstance(event_dict, str):
            return WITHHELD
        level = event_dict.get("level") if isinstance(event_dict, Mapping) else None
        return {"event": WITHHELD, **({"level": level} if isinstance(level, str) else {})}


def _event(event_dict: Mapping[str, Any], sort: _Sorted) -> dict[str, Any]:
    event = dict(event_dict)
    kept = {name: event.pop(name) for name in _OF_PROCESSOR_FORMATTER if name in event}
    if isinstance(kept.get("_record"), logging.LogRecord):
        kept["_record"] = clean_record(kept["_record"])
    triple = triple_of(event.pop("exc_info", None))
    if triple:
        event["exception"] = traceback_of(triple)
    found: set[str] = set()
    event = _mapping(_with_context(event, sort), found)
    return {**event, **sort(event, triple and triple[1], found), **kept}


def _with_context(values: Mapping[str, Any], sort: _Sorted) -> Mapping[str, Any]:
    """Give the values with what the context says beneath them, where more than the values is asked for."""
    return values if sort is _nothing else {**of_line(values), **values}


def _nothing(_values: Mapping[str, Any], _error: Any, found: set[str]) -> dict[str, Any]:
    report(found, "log")
    return {}


def _context(logger: str, level: str, values: Mapping[str, Any], error: Any, found: set[str]) -> dict[str, Any]:
    ids = (current_ids() or exceptions_ids(error)) if current().log_correlation else None
    name = next((str(values[key]) for key in _EVENTS if key in values), "")
    word = _ALSO_CALLED.get(level.lower(), level)
    number = severity_number(logging.getLevelName(word.upper()))
    about = Subject("log", logger, name, None, values, "", number)
    return {**(ids.told() if ids else {}), **sort_of(about, found, current()), **service()}


def loguru_patcher(record: Any) -> None:
    """Take what is private out of a loguru record: ``logger.configure(patcher=loguru_patcher)`` covers every sink.

    Message, ``extra`` and names of thread and process are cleaned. An exception becomes text beneath the message, since
    loguru would show values of variables with it (``diagnose``). It never raises: where redaction fails, the message is
    ``[discreet: withheld]``.

    Args:
        record: The record of one message, which loguru made for its sinks to read.
    """
    _loguru(record, _nothing)


def loguru_context(record: Any) -> None:
    """Do what `loguru_patcher` does, and put into ``extra`` what a line of `log_format` ``json`` says of a record.

    That is, under the same names: ``trace_id``, ``span_id`` and ``trace_flags`` of the current span,
    ``discreet.category``, ``discreet.security_level``, and the service. It takes the place of `loguru_patcher`.

    Args:
        record: The record of one message, which loguru made for its sinks to read.
    """

    def sort(extra: Mapping[str, Any], error: Any, found: set[str]) -> dict[str, Any]:
        return _context(str(record["name"] or ""), str(record["level"].name), extra, error, found)

    _loguru(record, sort)


def _loguru(record: Any, sort: _Sorted) -> None:
    try:
        if not current().output:
            return
        changes = _patched(record, sort)
    except Exception:
        withhold("log", "redaction_failed")
        changes = {"message": WITHHELD, "extra": {}, "exception": None}
    record.update(changes)


def _patched(record: Mapping[str, Any], sort: _Sorted) -> dict[str, Any]:
    triple, found = triple_of(record["exception"]), set[str]()
    message = f"{record['message']}\n{traceback_of(triple)}" if triple else record["message"]
    clean = redacting(current().redactor.value, message, None, found)
    extra = _mapping(_with_context(record["extra"], sort), found)
    added = sort(extra, triple and triple[1], found)
    changes: dict[str, Any] = {"message": clean, "extra": {**extra, **added}, "exception": None}
    for part in ("thread", "process"):
        about = record[part]
        name = clean_value(about.name)
        if name != about.name:
            changes[part] = type(about)(about.id, name)
    return changes


def _mapping(values: Mapping[str, Any], found: set[str]) -> dict[str, Any]:
    """Give a mapping of plain types.

    Raises:
        TypeError: When it was withheld as a whole.
    """
    cleaned = redacting(current().redactor.value, dict(values), None, found)
    if not isinstance(cleaned, dict):
        raise TypeError("withheld")
    return cleaned
