"""For logging libraries that write by themselves: what to put into their pipelines. Neither is imported here."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from discreet.guard.containment import withhold
from discreet.guard.records import clean_record, traceback_of, triple_of
from discreet.guard.writing import WITHHELD, clean, clean_value
from discreet.policy import current

__all__ = ["loguru_patcher", "structlog_processor"]

_OF_PROCESSOR_FORMATTER = ("_record", "_from_structlog")


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
    try:
        if not current().output:
            return event_dict
        if isinstance(event_dict, str):
            return clean(event_dict, WITHHELD)
        return clean_value(event_dict, plain=True) if isinstance(event_dict, bytes) else _event(event_dict)
    except Exception:
        withhold("log", "redaction_failed")
        if isinstance(event_dict, str):
            return WITHHELD
        level = event_dict.get("level") if isinstance(event_dict, Mapping) else None
        return {"event": WITHHELD, **({"level": level} if isinstance(level, str) else {})}


def _event(event_dict: Mapping[str, Any]) -> dict[str, Any]:
    event = dict(event_dict)
    kept = {name: event.pop(name) for name in _OF_PROCESSOR_FORMATTER if name in event}
    if isinstance(kept.get("_record"), logging.LogRecord):
        kept["_record"] = clean_record(kept["_record"])
    exception = _told(event.pop("exc_info", None))
    if exception:
        event["exception"] = exception
    return {**_mapping(event), **kept}


def _told(exc_info: Any) -> str:
    """Give the traceback of whatever structlog takes for an exception; empty where there is none."""
    triple = triple_of(exc_info)
    return traceback_of(triple) if triple else ""


def loguru_patcher(record: Any) -> None:
    """Take what is private out of a loguru record: ``logger.configure(patcher=loguru_patcher)`` covers every sink.

    Message, ``extra`` and names of thread and process are cleaned. An exception becomes text beneath the message, since
    loguru would show values of variables with it (``diagnose``). It never raises: where redaction fails, the message is
    ``[discreet: withheld]``.

    Args:
        record: The record of one message, which loguru made for its sinks to read.
    """
    try:
        if not current().output:
            return
        changes = _patched(record)
    except Exception:
        withhold("log", "redaction_failed")
        changes = {"message": WITHHELD, "extra": {}, "exception": None}
    record.update(changes)


def _patched(record: Mapping[str, Any]) -> dict[str, Any]:
    exception = _told(record["exception"])
    message = f"{record['message']}\n{exception}" if exception else record["message"]
    changes = {"message": clean_value(message), "extra": _mapping(record["extra"]), "exception": None}
    for part in ("thread", "process"):
        about = record[part]
        name = clean_value(about.name)
        if name != about.name:
            changes[part] = type(about)(about.id, name)
    return changes


def _mapping(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give a mapping of plain types.

    Raises:
        TypeError: When it was withheld as a whole.
    """
    cleaned = clean_value(dict(values), plain=True)
    if not isinstance(cleaned, dict):
        raise TypeError("withheld")
    return cleaned
