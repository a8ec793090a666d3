"""The declarative file, from `discreet.configure()`; it needs OpenTelemetry 1.43."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.pipeline.launching import BIN


def test_a_declarative_file_is_used_in_code_too(tmp_path: Path) -> None:
    """With OTEL_CONFIG_FILE set, `configure()` takes providers and our settings from the file."""
    path = tmp_path / "otel.yaml"
    path.write_text(
        'file_format: "1.0"\n'
        "resource: {attributes: [{name: service.name, value: from-the-file}]}\n"
        "tracer_provider: {processors: [{simple: {exporter: {console: {}}}}]}\n"
        "distribution: {discreet: {detectors: [email]}}\n"
    )
    program = (
        "import discreet; from opentelemetry import trace\n"
        "report = discreet.configure(signals=['traces'], instrument=False)\n"
        "trace.get_tracer('t').start_span('of zoe.canary@example.org 219-10-1234').end()\n"
        "print(report)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={"PATH": str(BIN), "OTEL_CONFIG_FILE": str(path)},
    )
    assert '"of [REDACTED:email] 219-10-1234"' in done.stdout
    assert "from-the-file" in done.stdout
    assert "kept=('traces',)" in done.stdout
