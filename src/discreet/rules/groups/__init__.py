"""The rules, a module for each question, in the order of the documentation."""

from typing import Final

from discreet.rules.groups.capacity import CAPACITY, SATURATION
from discreet.rules.groups.collector import COLLECTOR, WATCHDOG
from discreet.rules.groups.privacy import HEALTH, REDACTION
from discreet.rules.groups.requests import AVAILABILITY, ERRORS, LATENCY
from discreet.rules.groups.security import SECURITY
from discreet.rules.groups.timers import TIMERS
from discreet.rules.model import Group

GROUPS: Final[tuple[Group, ...]] = (
    AVAILABILITY,
    ERRORS,
    LATENCY,
    TIMERS,
    SATURATION,
    CAPACITY,
    HEALTH,
    REDACTION,
    SECURITY,
    COLLECTOR,
    WATCHDOG,
)

__all__ = ["GROUPS"]
