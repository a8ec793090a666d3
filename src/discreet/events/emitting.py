"""Events by the OpenTelemetry API: log records with an event name, in the current trace."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from opentelemetry._logs import Logger, LogRecord, SeverityNumber, get_logger_provider

from discreet.classification import SEVERITIES
from discreet.events.values import loggable
from discreet.metrics import COUNTS
from discreet.policy import StrictError

if TYPE_CHECKING:
    from collections.abc import Mapping

CATEGORY: Final = "discreet.category"

_loggers: dict[str, tuple[object, Logger]] = {}


def severity_of(severity: str | SeverityNumber) -> SeverityNumber:
    """Give the severity number of a name.

    Raises:
        ValueError: When it is none. The message does not quote it.
    """
    if isinstance(severity, SeverityNumber):
        return severity
    number = SEVERITIES.get(severity.lower()) if isinstance(severity, str) else None
    if number is None:
        raise ValueError(f"An event's severity must be one of {', '.join(SEVERITIES)}, or a SeverityNumber.")
    return SeverityNumber(number)


def emit(scope: str, name: str, severity: SeverityNumber, body: Any, attributes: Mapping[str, Any]) -> None:
    """Emit an event. Raises nothing of what values or processors do; an event that is lost so is counted."""
    try:
        record = LogRecord(
            timestamp=time.time_ns(),
            severity_number=severity,
            severity_text=severity.name,
            body=loggable(body),
            attributes={key: loggable(value) for key, value in attributes.items()},
            event_name=name,
        )
        _logger(scope).emit(record)
    except StrictError:
        raise
    except Exception:
        COUNTS.withheld("log", "dropped")


def _logger(scope: str) -> Logger:
    """Give the logger of the global provider, which may be set later than this is first asked."""
    provider = get_logger_provider()
    known = _loggers.get(scope)
    if known is None or known[0] is not provider:
        known = _loggers[scope] = (provider, provider.get_logger(scope))
    return known[1]
