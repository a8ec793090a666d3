"""The `.pth` net: a process that nobody set up is guarded as soon as it imports the SDK, and pays nothing before."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.seams

START = "import site; site.addsitedir({folder!r})\n"  # as the interpreter does with its own folders
TRACES = """
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor
provider = TracerProvider(); provider.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter()))
with provider.get_tracer("shop").start_as_current_span("GET /users/zoe@example.org"): pass
"""
METRICS = """
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import ConsoleMetricExporter, PeriodicExportingMetricReader
provider = MeterProvider([PeriodicExportingMetricReader(ConsoleMetricExporter())])
provider.get_meter("shop").create_counter("orders").add(1, {"by": "zoe@example.org"}); provider.force_flush()
"""
LOGS = """
from opentelemetry._logs import LogRecord
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
try:
    from opentelemetry.sdk._logs.export import ConsoleLogRecordExporter
except ImportError:
    from opentelemetry.sdk._logs.export import ConsoleLogExporter as ConsoleLogRecordExporter
provider = LoggerProvider(); provider.add_log_record_processor(SimpleLogRecordProcessor(ConsoleLogRecordExporter()))
provider.get_logger("shop").emit(LogRecord(body="mail zoe@example.org"))
"""


def run(folder: Path, program: str) -> subprocess.CompletedProcess[str]:
    """Run a program in an environment that has the file."""
    (folder / "discreet.pth").write_text("import discreet.preload\n")
    command = [sys.executable, "-c", START.format(folder=str(folder)) + program]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("program", [TRACES, METRICS, LOGS], ids=["traces", "metrics", "logs"])
def test_whatever_signal_comes_first_is_guarded(program: str, tmp_path: Path) -> None:
    """The app's own provider and exporter, made with no line of ours."""
    done = run(tmp_path, program)
    assert done.returncode == 0, done.stderr
    assert "[REDACTED:email]" in done.stdout
    assert "zoe@example.org" not in done.stdout + done.stderr


def test_a_process_without_the_sdk_loads_nothing(tmp_path: Path) -> None:
    """It costs the import of one small module."""
    done = run(
        tmp_path, "import sys; print([name for name in sys.modules if name.startswith(('opentelemetry', 're2'))])"
    )
    assert done.stdout.strip() == "[]"


def test_where_arming_fails_the_app_runs_on(tmp_path: Path) -> None:
    """One line says that the guard is not armed; the SDK works as it does without us."""
    done = run(tmp_path, "import sys; sys.modules['discreet.runtime'] = None\n" + TRACES)
    assert done.returncode == 0
    assert "discreet: the guard is not armed" in done.stderr
    assert '"name"' in done.stdout
