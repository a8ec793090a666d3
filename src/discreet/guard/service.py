"""Whose records these are: the attributes of the resource that every line names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from opentelemetry import _logs, trace
from opentelemetry.sdk.resources import Resource

from discreet.guard.parts import clean_resource
from discreet.policy import current
from discreet.policy.overlays import ATTRIBUTES, VARIABLE, attributes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVICE: Final = ("service.name", "service.version", ATTRIBUTES[0])
"""The attributes that a line has."""

_NAME: Final = "OTEL_SERVICE_NAME"

_given: dict[str, Any] = {}
_declared: tuple[object, Resource] | None = None
_known: tuple[object, object, dict[str, Any]] | None = None


def give(attributes: Mapping[str, Any]) -> None:
    """Say the attributes that code gave, for where no provider was built with them."""
    global _given, _declared
    _given, _declared = dict(attributes), None


def service() -> dict[str, Any]:
    """Give name, version and environment of this service, clean: of its providers, else as code or variables say.

    The mapping is shared: it is not to be changed.
    """
    global _known  # noqa: PLW0603 - what was made of the resource last
    found, policy, known = resource(), current(), _known
    if known is None or known[0] is not found or known[1] is not policy:
        attributes = clean_resource(found, policy).attributes
        _known = known = found, policy, {name: attributes[name] for name in SERVICE if attributes.get(name)}
    return known[2]


def resource() -> Resource:
    """Give the resource of the global providers, raw; else what code or variables say of it."""
    for provider in (trace.get_tracer_provider, _logs.get_logger_provider):
        found = getattr(provider(), "resource", None)
        if isinstance(found, Resource):
            return found
    return _of_environment()


def _of_environment() -> Resource:
    """Give the resource that the variables say, where no provider has one; they are read once for a policy."""
    global _declared  # noqa: PLW0603 - made anew with each policy
    if _declared is None or _declared[0] is not current():
        attributes: dict[str, Any] = {"service.name": "unknown_service", **attributes_of(os.environ.get(VARIABLE, ""))}
        if name := os.environ.get(_NAME):
            attributes["service.name"] = name
        _declared = current(), Resource({**attributes, **_given})
    return _declared[1]
