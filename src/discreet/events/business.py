"""Events of the business: what happened, in the words of those whose business it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from discreet.events.emitting import CATEGORY, emit, severity_of
from discreet.events.names import event_name
from discreet.events.values import merged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry._logs import SeverityNumber

SCOPE: Final = "discreet.business"


def event(
    name: str,
    /,
    *,
    severity: str | SeverityNumber = "info",
    body: Any = None,
    attributes: Mapping[str, Any] | None = None,
    **more: Any,
) -> None:
    """Log what happened in the business: an OpenTelemetry event of category business, in the current trace.

    ``discreet.event("order.placed", items=3, attributes={"order.id": "A-17"})``. Any value is taken; what is private
    in it is redacted like all else. Nothing happens where no logger provider is set.

    Args:
        name: What happened: lower-case words joined by dots, such as ``order.placed``.
        severity: "trace", "debug", "info", "warn", "error", "fatal", or a `SeverityNumber` of OpenTelemetry.
        body: A text for people, or whatever else.
        attributes: Attributes whose names are no identifiers, such as ``{"order.id": 1}``.
        **more: Attributes.

    Raises:
        ValueError: When name or severity is none: the code is wrong, whatever the values.
    """
    number = severity_of(severity)
    emit(SCOPE, event_name(name), number, body, {**merged(attributes, more), CATEGORY: "business"})
