"""Which environment this is: ``deployment.environment.name`` of the resource, by which overlays are chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ATTRIBUTES: Final = ("deployment.environment.name", "deployment.environment")
"""The resource attribute, and its name before version 1.27 of the semantic conventions."""

VARIABLE: Final = "OTEL_RESOURCE_ATTRIBUTES"


class Environment(NamedTuple):
    """The environment of this process, and where its name came from; no name where nobody says it."""

    name: str = ""
    origin: str = ""


def attributes_of(text: str) -> dict[str, str]:
    """Give the attributes of a text as ``OTEL_RESOURCE_ATTRIBUTES`` has it: ``name=value``, with commas between."""
    pairs = (part.partition("=") for part in text.split(","))
    return {name.strip(): unquote(value.strip()) for name, equals, value in pairs if equals}


def environment(
    resource: Mapping[str, Any], declared: Iterable[Mapping[str, str]], environ: Mapping[str, str]
) -> Environment:
    """Give the environment that an argument says, else a declarative file, else the variable."""
    sources: tuple[tuple[str, Mapping[str, Any]], ...] = (
        ("configure(resource=...)", resource),
        *(("OTEL_CONFIG_FILE", attributes) for attributes in declared),
        (VARIABLE, attributes_of(environ.get(VARIABLE, ""))),
    )
    for origin, attributes in sources:
        for attribute in ATTRIBUTES:
            name = attributes.get(attribute)
            if isinstance(name, str) and name:
                return Environment(name, origin)
    return Environment()
