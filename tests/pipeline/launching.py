"""Starts a Python program under ``opentelemetry-instrument`` or by itself, exporting to a loopback receiver."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discreet.testing import OtlpReceiver

BIN = Path(sys.executable).parent


def environment(receiver: OtlpReceiver, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the environment of a program that exports everything to the receiver by OTLP over HTTP."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OTEL_", "PYTHONPATH"))}
    return {
        **kept,
        "PATH": f"{BIN}{os.pathsep}{kept['PATH']}",
        "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint,
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_SERVICE_NAME": "leak",
        "OTEL_METRIC_EXPORT_INTERVAL": "60000",
        **(extra or {}),
    }


def run(
    receiver: OtlpReceiver,
    *command: str,
    instrument: bool = True,
    extra: Mapping[str, str] | None = None,
    timeout: float = 60,
) -> subprocess.CompletedProcess[str]:
    """Run a Python program to its end."""
    launcher = [str(BIN / "opentelemetry-instrument")] if instrument else []
    return subprocess.run(
        [*launcher, sys.executable, *command],
        env=environment(receiver, extra),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
