"""Typed helpers for what people log: events of the business, events of security, and how long something took."""

from discreet.events.business import event
from discreet.events.security import security
from discreet.events.timed import timed

__all__ = ["event", "security", "timed"]
