"""A look at the standard ``OTEL_*`` variables before they are used: one clear line for each that is wrong."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from opentelemetry.util._importlib_metadata import entry_points

from discreet.policy import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SIGNALS = ("traces", "metrics", "logs")

PROTOCOL_NAMES = ("grpc", "http/protobuf")
_HTTP_PORT = 4318
_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"  # noqa: S105 - RFC 9110 section 5.6.2, "token"
_HEADERS = re.compile(rf"\s*{_TOKEN}\s*=[^,]*(,\s*{_TOKEN}\s*=[^,]*)*,?\s*")


def _per_signal(template: str) -> tuple[str, ...]:
    return (template.format(""), *(template.format(f"{signal.upper()}_") for signal in SIGNALS))


ENDPOINTS = _per_signal("OTEL_EXPORTER_OTLP_{}ENDPOINT")
HEADERS = _per_signal("OTEL_EXPORTER_OTLP_{}HEADERS")
PROTOCOLS = _per_signal("OTEL_EXPORTER_OTLP_{}PROTOCOL")


def set_defaults() -> None:
    """Export all three signals by OTLP unless the environment says otherwise; stands where a distribution may decide.

    Where no protocol is set and the endpoint's port is the one registered for OTLP/HTTP, HTTP is meant.
    """
    for signal in SIGNALS:
        os.environ.setdefault(f"OTEL_{signal.upper()}_EXPORTER", "otlp")
    if PROTOCOLS[0] not in os.environ and _port(os.environ.get(ENDPOINTS[0], "")) == _HTTP_PORT:
        os.environ[PROTOCOLS[0]] = "http/protobuf"


def _port(endpoint: str) -> int | None:
    try:
        return urlsplit(endpoint if "//" in endpoint else f"//{endpoint}").port
    except ValueError:
        return None


def problems(environ: Mapping[str, str]) -> Iterator[Problem]:
    """Give what is wrong with endpoints, headers, protocols and exporters; never their values."""
    for name in ENDPOINTS:
        if environ.get(name) and not is_endpoint(environ[name], _protocol(environ, name)):
            yield Problem(
                name,
                "must be a URL with a scheme (http or https) and a host",
                "Write it as http://localhost:4318; until then nothing is exported there",
            )
    for name in HEADERS:
        if environ.get(name) and not _HEADERS.fullmatch(environ[name]):
            yield Problem(
                name,
                "must be name=value pairs, separated by commas",
                "URL-encode values; the pairs that cannot be read are not sent",
            )
    for name in PROTOCOLS:
        if environ.get(name) and environ[name].strip() not in (*PROTOCOL_NAMES, "http/json"):
            yield Problem(name, f"must be one of {', '.join(PROTOCOL_NAMES)}", "Choose one, or leave it out")
    yield from _exporters(environ)


def _protocol(environ: Mapping[str, str], endpoint: str) -> str:
    own = endpoint.replace("_ENDPOINT", "_PROTOCOL")
    return environ.get(own) or environ.get(PROTOCOLS[0]) or "grpc"


def is_endpoint(value: str, protocol: str) -> bool:
    """Say whether a value can be an OTLP endpoint; gRPC takes a bare host and port as well."""
    try:
        parts = urlsplit(value if "//" in value or protocol != "grpc" else f"http://{value}")
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _exporters(environ: Mapping[str, str]) -> Iterator[Problem]:
    for signal in SIGNALS:
        name = f"OTEL_{signal.upper()}_EXPORTER"
        words = {word.strip() for word in environ.get(name, "").split(",")} - {"", "none", "otlp"}
        if not words:
            continue
        known = {entry.name for entry in entry_points(group=f"opentelemetry_{signal}_exporter")}
        if words - known:
            yield Problem(
                name, "names an exporter that is not installed", f"Installed are otlp, none, {', '.join(sorted(known))}"
            )
