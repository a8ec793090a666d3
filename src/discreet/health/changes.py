"""An event for each check whose status is another than in the round before."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Final

from opentelemetry._logs import LogRecord, SeverityNumber, get_logger

from discreet.health.results import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discreet.health.results import Result

EVENT: Final = "discreet.health.changed"
_SEVERITIES: Final = {
    Status.PASS: SeverityNumber.INFO,
    Status.WARN: SeverityNumber.WARN,
    Status.FAIL: SeverityNumber.ERROR,
}


def say_changes(before: Mapping[str, Result], now: Mapping[str, Result]) -> None:
    """Emit an event for each check whose status changed; one that is new and well is no change. Never raises."""
    for name, result in now.items():
        was = before[name].status if name in before else Status.PASS
        if result.status is not was:
            with contextlib.suppress(Exception):
                _emit(result, was)


def _emit(result: Result, was: Status) -> None:
    number = _SEVERITIES[result.status]
    attributes = {
        "discreet.category": "system",
        "discreet.health.check": result.name,
        "discreet.health.status": result.status.value,
        "discreet.health.previous_status": was.value,
        "discreet.health.critical": result.critical,
    }
    get_logger("discreet.health").emit(
        LogRecord(
            timestamp=time.time_ns(),
            severity_number=number,
            severity_text=number.name,
            body=f"{result.name}: {result.output or result.status.value}",
            attributes=attributes,
            event_name=EVENT,
        )
    )
