"""The agent on free ports, for tests."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from collector.local.processes import free_ports, server
from tests.deploy.manifests import DEPLOY

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Mapping
    from pathlib import Path


class Agent(NamedTuple):
    """A running agent: where it takes OTLP over HTTP, and its process."""

    endpoint: str
    process: subprocess.Popen[bytes]


@contextmanager
def agent(
    binary: str, folder: Path, gateway: str, *further: str, variables: Mapping[str, str] | None = None
) -> Iterator[Agent]:
    """Run the agent over what it holds in a folder.

    Args:
        binary: The collector.
        folder: Takes its queue and what it prints.
        gateway: Base URL of the gateway.
        further: Configurations of `deploy/collector` beside its own.
        variables: Added to its environment.
    """
    http, grpc, health, telemetry = free_ports(4)
    settings = {
        "DISCREET_GATEWAY_ENDPOINT": gateway,
        "DISCREET_COLLECTOR_HTTP_ENDPOINT": f"127.0.0.1:{http}",
        "DISCREET_COLLECTOR_GRPC_ENDPOINT": f"127.0.0.1:{grpc}",
        "DISCREET_COLLECTOR_HEALTH_ENDPOINT": f"127.0.0.1:{health}",
        "DISCREET_COLLECTOR_TELEMETRY_PORT": str(telemetry),
        "DISCREET_COLLECTOR_OUT": str(folder / "agent"),
        **(variables or {}),
    }
    command = [binary, *(f"--config={DEPLOY / 'collector' / name}" for name in ("agent.yaml", *further))]
    with server(command, f"http://127.0.0.1:{health}", folder / "agent.log", settings) as process:
        yield Agent(f"http://127.0.0.1:{http}", process)
