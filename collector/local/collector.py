"""The real collector with its own configuration, on free ports, writing into a folder of its own."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from collector.local.exported import Item, items_of
from collector.local.processes import free_ports, server
from collector.local.tools import collector_binary, configs

if TYPE_CHECKING:
    import subprocess

BRANCHES = ("general", "restricted", "audit", "metrics")


@dataclass(frozen=True)
class Collector:
    """A running collector.

    Attributes:
        endpoint: Base URL for OTLP over HTTP.
        grpc_endpoint: URL for OTLP over gRPC.
        derived_port: Where Prometheus finds received and derived metrics.
        telemetry_port: Where Prometheus finds the collector's metrics about itself.
        folder: Where the branches' files are.
        log: What it printed so far.
        process: The process, for tests that signal it.
    """

    endpoint: str
    grpc_endpoint: str
    derived_port: int
    telemetry_port: int
    folder: Path
    log: Path
    process: "subprocess.Popen[bytes]"

    def written(self, branch: str) -> bytes:
        """Give the bytes of a branch's file (general, restricted, audit or metrics)."""
        file = self.folder / f"{branch}.jsonl"
        return file.read_bytes() if file.exists() else b""

    def everything(self) -> bytes:
        """Give the bytes of all files that it wrote."""
        return b"".join(file.read_bytes() for file in sorted(self.folder.glob("*.jsonl")))

    def items(self, branch: str) -> list[Item]:
        """Give every span, log record and metric that a branch's file holds."""
        return items_of(branch, self.written(branch))


@contextmanager
def collector(
    folder: Path, overlays: Sequence[str] = (), variables: Mapping[str, str] | None = None
) -> Iterator[Collector]:
    """Run the collector until the block ends.

    Args:
        folder: Takes its files (`data/`) and what it prints.
        overlays: Further configurations, by their names in `collector/overlays`.
        variables: Added to its environment.

    Raises:
        ToolMissingError: It is not built.
        ServerError: It did not start.
    """
    http, grpc, health, derived, telemetry = free_ports(5)
    data = folder / "data"
    log = folder / "collector.log"
    settings = {
        "DISCREET_COLLECTOR_HTTP_ENDPOINT": f"127.0.0.1:{http}",
        "DISCREET_COLLECTOR_GRPC_ENDPOINT": f"127.0.0.1:{grpc}",
        "DISCREET_COLLECTOR_HEALTH_ENDPOINT": f"127.0.0.1:{health}",
        "DISCREET_COLLECTOR_PROMETHEUS_ENDPOINT": f"127.0.0.1:{derived}",
        "DISCREET_COLLECTOR_TELEMETRY_PORT": str(telemetry),
        "DISCREET_COLLECTOR_FLUSH_INTERVAL": "1s",
        "DISCREET_COLLECTOR_OUT": str(data),
    }
    command = [collector_binary(), *configs(overlays)]
    with server(command, f"http://127.0.0.1:{health}", log, {**settings, **(variables or {})}) as process:
        yield Collector(f"http://127.0.0.1:{http}", f"http://127.0.0.1:{grpc}", derived, telemetry, data, log, process)
