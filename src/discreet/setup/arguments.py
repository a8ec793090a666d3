"""Arguments of `discreet.configure`: checked before anything is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.util._importlib_metadata import entry_points

from discreet.policy import Problem
from discreet.setup.environment import PROTOCOL_NAMES, SIGNALS, is_endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def checked(**arguments: Any) -> list[Problem]:
    """Give what is wrong with the arguments; None stands for not given."""
    return [
        Problem(f"configure({name}=...)", rule, remedy)
        for name, rule, remedy in _wrong({key: value for key, value in arguments.items() if value is not None})
    ]


def _wrong(given: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    if isinstance(given.get("signals"), str) or set(given.get("signals", ())) - set(SIGNALS):
        yield "signals", "must be a collection of signal names", f"Choose from {', '.join(SIGNALS)}"
    protocol = given.get("protocol")
    if protocol is not None and protocol not in PROTOCOL_NAMES:
        yield "protocol", "must be a protocol that OTLP has here", f"Choose from {', '.join(PROTOCOL_NAMES)}"
    endpoint = given.get("endpoint")
    if endpoint is not None and not (isinstance(endpoint, str) and is_endpoint(endpoint, protocol or "")):
        yield "endpoint", "must be a URL with a scheme (http or https) and a host", "Write http://localhost:4318"
    headers = given.get("headers")
    if headers is not None and not _are_headers(headers):
        yield "headers", "must map names to values, both text", 'Write {"api-key": "..."}'
    exporters = given.get("exporters")
    if exporters is not None:
        known = {"otlp", "none", *(entry.name for entry in entry_points(group="opentelemetry_traces_exporter"))}
        if isinstance(exporters, str) or set(exporters) - known:
            yield "exporters", "must be a list of exporters that are installed", f"Known are {', '.join(sorted(known))}"


def _are_headers(headers: Any) -> bool:
    return hasattr(headers, "items") and all(
        isinstance(name, str) and isinstance(value, str) for name, value in headers.items()
    )
