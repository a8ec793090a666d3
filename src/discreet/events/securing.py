"""Events of security: who tried what, and with what outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from discreet.classification import Level
from discreet.events.emitting import CATEGORY, emit, severity_of
from discreet.events.names import event_name
from discreet.events.values import merged, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry._logs import SeverityNumber

SCOPE: Final = "discreet.security"
PREFIX: Final = "security."
OUTCOME: Final = "security.outcome"
WARNED_OF: Final = frozenset({"failure", "denied"})
"""Outcomes that are of severity WARN where nothing else is said."""
_LEVEL: Final = "discreet.security_level"


def security(
    name: str,
    /,
    *,
    outcome: str | None = None,
    severity: str | SeverityNumber | None = None,
    body: Any = None,
    attributes: Mapping[str, Any] | None = None,
    **more: Any,
) -> None:
    """Log what matters to security: an OpenTelemetry event of category security, in the current trace.

    ``discreet.security("login.failed", outcome="failure", attributes={"user.id": "u-7"})`` gives the event
    ``security.login.failed``. Its level is confidential, or restricted where the attribute ``discreet.security_level``
    or what is found says so. Any value is taken; what is private in it is redacted like all else. Nothing happens
    where no logger provider is set.

    Args:
        name: What happened: lower-case words joined by dots. ``security.`` is put before it unless it is there.
        outcome: "success", "failure", "denied", or any other word: the attribute ``security.outcome``.
        severity: As for `discreet.event`; else "warn" for the outcomes failure and denied, "info" for all others.
        body: A text for people, or whatever else.
        attributes: Attributes whose names are no identifiers, such as ``{"user.id": "u-7"}``.
        **more: Attributes.

    Raises:
        ValueError: When name or severity is none: the code is wrong, whatever the values.
    """
    full = f"{PREFIX}{name}" if isinstance(name, str) and not name.startswith(PREFIX) else name
    warned = outcome is not None and text_of(outcome).lower() in WARNED_OF
    number = severity_of(severity if severity is not None else "warn" if warned else "info")
    held = merged(attributes, more)
    if outcome is not None:
        held[OUTCOME] = outcome
    held.update({CATEGORY: "security", _LEVEL: _level(held.get(_LEVEL)).label})
    emit(SCOPE, event_name(full), number, body, held)


def _level(said: object) -> Level:
    """Give the level that was said, and confidential where it is lower or none."""
    try:
        return max(Level.CONFIDENTIAL, Level.parse(said))
    except ValueError:
        return Level.CONFIDENTIAL
