"""Whose records these are: the attributes of the resource that every line names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from opentelemetry import _logs, trace
from opentelemetry.sdk.resources import Resource

from discreet.guard.parts import clean_resource
from discreet.policy.overlays import ATTRIBUTES, VARIABLE, attributes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVICE: Final = ("service.name", "service.version", ATTRIBUTES[0])
"""The attributes that a line has."""

_NAME: Final = "OTEL_SERVICE_NAME"

_given: dict[str, Any] = {}
_of_environment: tuple[tuple[str, str], Resource] | None = None
_known: tuple[Resource, dict[str, Any]] | None = None


def give(attributes: Mapping[str, Any]) -> None:
    """Say the attributes that code gave, for where no provider was built with them."""
    global _given, _of_environment
    _given, _of_environment = dict(attributes), None


def service() -> dict[str, Any]:
    """Give name, version and environment of this service, clean: of its providers, else as code or variables say.

    The mapping is shared: it is not to be changed.
    """
    global _known  # noqa: PLW0603 - what was made of the resource last
    resource = clean_resource(_resource())
    if _known is None or _known[0] is not resource:
        _known = resource, {name: resource.attributes[name] for name in SERVICE if resource.attributes.get(name)}
    return _known[1]


def _resource() -> Resource:
    for provider in (trace.get_tracer_provider, _logs.get_logger_provider):
        resource = getattr(provider(), "resource", None)
        if isinstance(resource, Resource):
            return resource
    return _declared()


def _declared() -> Resource:
    """Give the resource that the variables say, where no provider has one."""
    global _of_environment  # noqa: PLW0603 - made anew when the variables change
    said = os.environ.get(VARIABLE, ""), os.environ.get(_NAME, "")
    if _of_environment is None or _of_environment[0] != said:
        attributes: dict[str, Any] = {"service.name": "unknown_service", **attributes_of(said[0])}
        if said[1]:
            attributes["service.name"] = said[1]
        _of_environment = said, Resource({**attributes, **_given})
    return _of_environment[1]
