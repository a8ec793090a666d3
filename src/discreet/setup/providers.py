"""Providers and exporters, built as the SDK's own configurator builds them, for the signals that have none yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry import _logs, metrics, trace
from opentelemetry.sdk import _configuration as sdk
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider

from discreet.setup.environment import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

GLOBALS: dict[str, tuple[Any, type]] = {
    "traces": (trace.get_tracer_provider, TracerProvider),
    "metrics": (metrics.get_meter_provider, MeterProvider),
    "logs": (_logs.get_logger_provider, LoggerProvider),
}
"""For each signal: how its global provider is asked for, and the SDK's class, which the guard covers."""

_PATHS = {"traces": "v1/traces", "metrics": "v1/metrics", "logs": "v1/logs"}


def is_unset(signal: str) -> bool:
    """Say whether nobody has set the global provider of a signal."""
    return "Proxy" in type(GLOBALS[signal][0]()).__name__


def is_covered(signal: str) -> bool:
    """Say whether the global provider is the SDK's, whose dispatch the guard holds."""
    return isinstance(GLOBALS[signal][0](), GLOBALS[signal][1])


def build(
    signals: Collection[str],
    resource_attributes: Mapping[str, Any],
    exporters: Sequence[str] | None,
    endpoint: str | None,
    headers: Mapping[str, str] | None,
    protocol: str | None,
) -> tuple[str, ...]:
    """Build and set the provider of each signal chosen that has none; give the signals that were built.

    Every standard variable keeps its meaning: the parts come from the SDK's own configurator. Arguments win over
    variables.
    """
    wanted = tuple(signal for signal in SIGNALS if signal in signals and is_unset(signal))
    if not wanted:
        return ()
    resource = Resource.create(dict(resource_attributes))
    names = {signal: _names(signal, exporters, protocol) if signal in wanted else [] for signal in SIGNALS}
    found = dict(zip(SIGNALS, sdk._import_exporters(names["traces"], names["metrics"], names["logs"]), strict=True))
    arguments = {
        exporter: _arguments(name, signal, endpoint, headers)
        for signal in wanted
        for name, exporter in found[signal].items()
    }
    for signal in wanted:
        _BUILDERS[signal](found[signal], resource, arguments)
    return wanted


def _names(signal: str, exporters: Sequence[str] | None, protocol: str | None) -> list[str]:
    """Give the entry points of the exporters: those asked for, else those of the environment."""
    if exporters is None and protocol is None:
        names: list[str] = sdk._get_exporter_names(signal)  # type: ignore[arg-type]
        return names
    otlp = {"grpc": "otlp_proto_grpc", "http/protobuf": "otlp_proto_http"}.get(protocol or "")
    return [
        otlp if name == "otlp" and otlp else sdk._get_exporter_entry_point(name, signal)  # type: ignore[arg-type]
        for name in exporters or ("otlp",)
        if name != "none"
    ]


def _arguments(name: str, signal: str, endpoint: str | None, headers: Mapping[str, str] | None) -> dict[str, Any]:
    if not name.startswith("otlp"):
        return {}
    arguments: dict[str, Any] = {}
    if endpoint is not None:
        arguments["endpoint"] = endpoint if "grpc" in name else f"{endpoint.rstrip('/')}/{_PATHS[signal]}"
    if headers is not None:
        arguments["headers"] = dict(headers)
    return arguments


def _traces(exporters: Any, resource: Resource, arguments: Any) -> None:
    sdk._init_tracing(
        exporters,
        id_generator=sdk._import_id_generator(sdk._get_id_generator()),
        sampler=sdk._import_sampler(sdk._get_sampler()),
        resource=resource,
        exporter_args_map=arguments,
    )


def _metrics(exporters: Any, resource: Resource, arguments: Any) -> None:
    sdk._init_metrics(exporters, resource, exporter_args_map=arguments)


def _logging(exporters: Any, resource: Resource, arguments: Any) -> None:
    sdk._init_logging(exporters, resource, False, exporter_args_map=arguments)  # noqa: FBT003 - its handler is deprecated


_BUILDERS = {"traces": _traces, "metrics": _metrics, "logs": _logging}
