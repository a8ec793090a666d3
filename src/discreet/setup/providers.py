"""Providers and exporters, built as the SDK's own configurator builds them, for the signals that have none yet."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence  # noqa: TC003 - a NamedTuple's fields are read at run time
from typing import TYPE_CHECKING, Any, NamedTuple

from opentelemetry import _logs, metrics, trace
from opentelemetry.sdk import _configuration as sdk
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider

from discreet.sampling import keep
from discreet.setup.environment import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

GLOBALS: dict[str, tuple[Any, type]] = {
    "traces": (trace.get_tracer_provider, TracerProvider),
    "metrics": (metrics.get_meter_provider, MeterProvider),
    "logs": (_logs.get_logger_provider, LoggerProvider),
}
"""For each signal: how its global provider is asked for, and the SDK's class, which the guard covers."""


@contextlib.contextmanager
def keeping_security() -> Iterator[None]:
    """Have a tracer provider that is built in the block sample no span of security or audit away."""
    unset = is_unset("traces")
    try:
        yield
    finally:
        if unset:
            with contextlib.suppress(Exception):  # it then samples as it does without us
                keep(trace.get_tracer_provider())


_PATHS = {"traces": "v1/traces", "metrics": "v1/metrics", "logs": "v1/logs"}


def is_unset(signal: str) -> bool:
    """Say whether nobody has set the global provider of a signal."""
    return "Proxy" in type(GLOBALS[signal][0]()).__name__


def is_covered(signal: str) -> bool:
    """Say whether the global provider is the SDK's, whose dispatch the guard holds."""
    return isinstance(GLOBALS[signal][0](), GLOBALS[signal][1])


class Destination(NamedTuple):
    """Where records go; None stands for what the environment says.

    Attributes:
        exporters: Names of exporters, such as ``["otlp"]``.
        endpoint: Base URL of the OTLP backend.
        headers: Headers for it.
        protocol: ``"http/protobuf"`` or ``"grpc"``.
    """

    exporters: Sequence[str] | None = None
    endpoint: str | None = None
    headers: Mapping[str, str] | None = None
    protocol: str | None = None

    def names(self, signal: str) -> list[str]:
        """Give the entry points of the exporters: those asked for, else those of the environment."""
        if self.exporters is None and self.protocol is None:
            names: list[str] = sdk._get_exporter_names(signal)  # type: ignore[arg-type]
            return names
        otlp = {"grpc": "otlp_proto_grpc", "http/protobuf": "otlp_proto_http"}.get(self.protocol or "")
        return [
            otlp if name == "otlp" and otlp else sdk._get_exporter_entry_point(name, signal)  # type: ignore[arg-type]
            for name in self.exporters or ("otlp",)
            if name != "none"
        ]

    def arguments(self, name: str, signal: str) -> dict[str, Any]:
        """Give the arguments for the exporter of that name and signal."""
        arguments: dict[str, Any] = {}
        if name.startswith("otlp") and self.endpoint is not None:
            arguments["endpoint"] = self.endpoint if "grpc" in name else f"{self.endpoint.rstrip('/')}/{_PATHS[signal]}"
        if name.startswith("otlp") and self.headers is not None:
            arguments["headers"] = dict(self.headers)
        return arguments


def build(
    signals: Collection[str], resource_attributes: Mapping[str, Any], destination: Destination
) -> tuple[str, ...]:
    """Build and set the provider of each signal chosen that has none; give the signals that were built.

    Every standard variable keeps its meaning: the parts come from the SDK's own configurator. What the destination
    says wins over variables.
    """
    wanted = tuple(signal for signal in SIGNALS if signal in signals and is_unset(signal))
    if not wanted:
        return ()
    resource = Resource.create(dict(resource_attributes))
    names = [destination.names(signal) if signal in wanted else [] for signal in SIGNALS]
    found: dict[str, dict[str, Any]] = dict(zip(SIGNALS, sdk._import_exporters(*names), strict=True))
    arguments = {
        exporter: destination.arguments(name, signal) for signal in wanted for name, exporter in found[signal].items()
    }
    with keeping_security():
        for signal in wanted:
            _BUILDERS[signal](found[signal], resource, arguments)
    return wanted


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
    sdk._init_logging(exporters, resource, False, exporter_args_map=arguments)


_BUILDERS = {"traces": _traces, "metrics": _metrics, "logs": _logging}
