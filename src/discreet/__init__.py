"""Discreet: an OpenTelemetry distribution that lets nothing private leave the process.

Start an app that exists with ``opentelemetry-instrument``, or call `configure` in code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from discreet import health
    from discreet.context import classify, trace_id, user
    from discreet.errors import ErrorGroup, error_groups
    from discreet.events import event, security, timed
    from discreet.guard.doctor import DoctorReport, doctor
    from discreet.policy import ConfigurationError, Problem, StrictError, redact
    from discreet.processors import RedactingLogRecordProcessor, RedactingSpanProcessor
    from discreet.runtime import Report, configure

__version__ = "0.1.0"
__all__ = [
    "ConfigurationError",
    "DoctorReport",
    "ErrorGroup",
    "Problem",
    "RedactingLogRecordProcessor",
    "RedactingSpanProcessor",
    "Report",
    "StrictError",
    "classify",
    "configure",
    "doctor",
    "error_groups",
    "event",
    "health",
    "redact",
    "security",
    "timed",
    "trace_id",
    "user",
]

_HOMES = {
    "configure": "discreet.runtime",
    "Report": "discreet.runtime",
    "doctor": "discreet.guard.doctor",
    "DoctorReport": "discreet.guard.doctor",
    "redact": "discreet.policy",
    "trace_id": "discreet.context",
    "classify": "discreet.context",
    "user": "discreet.context",
    "event": "discreet.events",
    "security": "discreet.events",
    "timed": "discreet.events",
    "error_groups": "discreet.errors",
    "ErrorGroup": "discreet.errors",
    "ConfigurationError": "discreet.policy",
    "Problem": "discreet.policy",
    "StrictError": "discreet.policy",
    "RedactingLogRecordProcessor": "discreet.processors",
    "RedactingSpanProcessor": "discreet.processors",
}


_ROOMS = ("health",)
"""Rooms that have public names of their own: ``discreet.health.check``."""


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for: importing the package costs nothing and does nothing."""
    from importlib import import_module

    if name in _ROOMS:
        return import_module(f"discreet.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'discreet' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    """Give the public names."""
    return sorted({*__all__, "__version__"})
