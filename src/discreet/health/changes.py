"""An event for each check whose status is another than in the round before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from opentelemetry._logs import SeverityNumber

from discreet.events.emitting import CATEGORY, emit
from discreet.health.results import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discreet.health.results import Result

EVENT: Final = "discreet.health.changed"
_SCOPE: Final = "discreet.health"
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
            body = f"{name}: {result.output or result.status.value}"
            emit(_SCOPE, EVENT, _SEVERITIES[result.status], body, _attributes(result, was))


def _attributes(result: Result, was: Status) -> dict[str, Any]:
    return {
        CATEGORY: "system",
        "discreet.health.check": result.name,
        "discreet.health.status": result.status.value,
        "discreet.health.previous_status": was.value,
        "discreet.health.critical": result.critical,
    }
