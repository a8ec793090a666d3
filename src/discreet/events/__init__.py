"""Typed helpers for what people log: events of the business, events of security, and how long something took."""

from discreet.events.business import event
from discreet.events.securing import security
from discreet.events.timing import timed

__all__ = ["event", "security", "timed"]
