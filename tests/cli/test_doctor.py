"""`discreet doctor` in real processes: what it names, what it would have left, and its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from discreet.testing import OtlpReceiver, plain_attributes
from tests.cli.running import DISCREET

if TYPE_CHECKING:
    from collections.abc import Iterator

BIN = Path(sys.executable).parent
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
INSTRUMENT = str(BIN / "opentelemetry-instrument")

SET_UP = "import discreet; discreet.configure(signals=['traces'], instrument=False)\n"
DISPATCH_REPLACED = """
from opentelemetry.sdk.trace import SynchronousMultiSpanProcessor
def on_end(self, span):
    for processor in self._span_processors: processor.on_end(span)
SynchronousMultiSpanProcessor.on_end = on_end
"""
RAW_PROCESSOR = """
from opentelemetry import trace
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter
class LoudProcessor(BatchSpanProcessor): pass
processor = BatchSpanProcessor(ConsoleSpanExporter())
processor.on_end = print
trace.get_tracer_provider().add_span_processor(processor)
"""
FOREIGN_PROVIDER = """
from opentelemetry import trace
class TheirProvider(trace.NoOpTracerProvider): pass
TheirProvider.__module__ = "theirs"
trace.set_tracer_provider(TheirProvider())
import discreet; discreet.configure(signals=[], instrument=False)
"""
TWICE = """
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace.export import BatchSpanProcessor
for _ in range(2): trace.get_tracer_provider().add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
"""


@pytest.fixture
def receiver() -> Iterator[OtlpReceiver]:
    with OtlpReceiver() as running:
        yield running


def examined(
    receiver: OtlpReceiver, *arguments: str, cwd: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run the doctor over a command that exports to the receiver."""
    exporting = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint,
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_METRIC_EXPORT_INTERVAL": "60000",
    }
    return subprocess.run(
        [str(DISCREET), "doctor", *arguments],
        env={**os.environ, **exporting, **variables},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def found(receiver: OtlpReceiver, program: str, status: int) -> dict[str, Any]:
    """Run the doctor over a program that ends by itself, expect a status, and give the JSON that it printed."""
    done = examined(receiver, "--json", "--", sys.executable, "-c", program)
    assert done.returncode == status, done.stdout + done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["healthy"] is (status == 0)
    return report


def test_here() -> None:
    """Without a command it looks at the guard of this environment and policy."""
    done = subprocess.run([str(DISCREET), "doctor"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout
    assert "Guard: armed by discreet doctor" in done.stdout
    assert "No providers in this process" in done.stdout
    assert "OK: every part is guarded, and of " in done.stdout


def test_the_clinic_under_opentelemetry_instrument(receiver: OtlpReceiver, tmp_path: Path) -> None:
    """A server is started, named part by part, and ended; all is guarded, and no canary was sent."""
    clinic = [str(BIN / "uvicorn"), "clinic.app:create_app", "--factory", "--port", "0"]
    database = f"sqlite:///{tmp_path}/clinic.db"
    done = examined(receiver, "--timeout", "80", "--", INSTRUMENT, *clinic, cwd=EXAMPLES, CLINIC_DATABASE_URL=database)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Guard: armed by opentelemetry-instrument: our distribution" in done.stdout
    for part, net in (
        ("provider 1 (global)", "dispatch"),
        ("OTLPSpanExporter", "batch worker"),
        ("OTLPLogExporter", "batch worker"),
        ("OTLPMetricExporter", "before aggregation and at collection"),
    ):
        assert any(part in line and line.endswith(net) for line in done.stdout.splitlines()), part
    assert f"{receiver.endpoint}/v1/traces" in done.stdout
    assert "OK: every part is guarded" in done.stdout
    assert "Uvicorn running" in done.stderr
    assert not receiver.contains("discreet.doctor")
    assert not receiver.contains("canary")


def test_nothing_of_the_probe_leaves_or_is_counted(receiver: OtlpReceiver) -> None:
    """What the command itself sends arrives, redacted and counted; of the canaries, nothing."""
    program = (
        "import logging, time; from opentelemetry import trace\n"
        "with trace.get_tracer('app').start_as_current_span('GET /users/zoe@example.org'): pass\n"
        "time.sleep(2)"
    )
    command = ("--", INSTRUMENT, sys.executable, "-c", program)
    done = examined(receiver, *command, OTEL_BSP_SCHEDULE_DELAY="100")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [span.name for span in receiver.spans()] == ["GET /users/[REDACTED:email]"]
    assert not receiver.contains("discreet.doctor")
    metrics = receiver.metrics()
    collected: list[tuple[str, Any]] = [(metric.name, point) for metric in metrics for point in metric.points]
    counted = [
        (name, *plain_attributes(point.attributes).values(), point.as_int)
        for name, point in collected
        if name in ("discreet.redactions", "discreet.records.withheld") and point.as_int
    ]
    assert counted == [("discreet.redactions", "email", 1)]


def test_a_dispatch_that_was_replaced_is_named(receiver: OtlpReceiver) -> None:
    """Status 1: the point, the provider, and the places by which canaries would have left."""
    report = found(receiver, SET_UP + DISPATCH_REPLACED, 1)
    places = [problem["place"] for problem in report["problems"]]
    assert "span: opentelemetry.sdk.trace.SynchronousMultiSpanProcessor.on_end" in places
    assert "span: opentelemetry.sdk.trace.TracerProvider" in places
    (process,) = report["processes"]
    leaking = {outcome["net"] for outcome in process["outcomes"] if outcome["result"] == "LEAKS"}
    assert leaking == {"simple processor", "other processor"}
    assert not receiver.contains("canary")


def test_a_processor_that_reads_raw_is_named(receiver: OtlpReceiver) -> None:
    """Status 1, although no canary leaves by the SDK's own processors."""
    report = found(receiver, SET_UP + RAW_PROCESSOR, 1)
    (problem,) = report["problems"]
    assert problem["place"] == "span: opentelemetry.sdk.trace.export.BatchSpanProcessor"
    assert problem["rule"] == "is a processor that is not guarded"


def test_a_provider_that_is_not_the_sdks_is_named(receiver: OtlpReceiver) -> None:
    """Nothing of ours stands in it."""
    report = found(receiver, FOREIGN_PROVIDER, 1)
    assert [problem["place"] for problem in report["problems"]] == ["span: theirs.TheirProvider"]


def test_what_leaves_twice_is_noted(receiver: OtlpReceiver) -> None:
    """That is no leak, so the status is 0."""
    done = examined(receiver, "--", sys.executable, "-c", SET_UP + TWICE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"NOTE: span: {receiver.endpoint}/v1/traces: gets every record twice" in done.stdout


def test_a_command_without_discreet(receiver: OtlpReceiver) -> None:
    """It ran, and nothing in it was guarded: status 1."""
    report = found(receiver, "print('hello')", 1)
    assert "NOT ACTIVE" in report["problems"][0]["rule"]


@pytest.mark.parametrize(
    "command",
    [
        ("no-such-program",),
        (sys.executable, "-c", "raise SystemExit(3)"),
        (INSTRUMENT, sys.executable, "-c", "import no_such_module"),
        (INSTRUMENT, str(BIN / "uvicorn"), "no_such_module:app"),
    ],
    ids=["cannot be started", "fails", "fails under instrument", "a server without an app"],
)
def test_a_broken_command(command: tuple[str, ...], receiver: OtlpReceiver) -> None:
    """It was not seen as it would run: status 2, whatever was found before it failed."""
    done = examined(receiver, "--", *command)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "COULD NOT LOOK: The command " in done.stdout
    assert "every part is guarded" not in done.stdout


def test_wrong_usage() -> None:
    """Click's own status for it is 2 as well."""
    done = subprocess.run([str(DISCREET), "doctor", "--timeout", "no"], capture_output=True, timeout=60, check=False)
    assert done.returncode == 2


def test_a_command_that_is_not_set_up_in_time(receiver: OtlpReceiver) -> None:
    """Processes that still change when the time is over were not seen whole: status 2."""
    program = SET_UP + (
        "import time; from opentelemetry.sdk.trace import SpanProcessor, TracerProvider; kept = []\n"
        "while True: kept.append(TracerProvider()); time.sleep(0.2)"
    )
    done = examined(receiver, "--timeout", "10", "--", sys.executable, "-c", program)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "was not set up within 10 s" in done.stdout


def test_every_process_of_a_command_reports(receiver: OtlpReceiver) -> None:
    """A forked child too, and a problem that both have is said once."""
    program = SET_UP + DISPATCH_REPLACED + "import os\nchild = os.fork()\nif child: os.waitpid(child, 0)"
    report = found(receiver, program, 1)
    assert len(report["processes"]) == 2
    assert len({json.dumps(problem) for problem in report["problems"]}) == len(report["problems"])


@pytest.mark.parametrize(
    ("way", "program", "variables"),
    [
        ("discreet.pth", "import site; site.addsitedir({folder!r}); import opentelemetry.sdk.trace", {}),
        ("OTEL_PROPAGATORS", "import opentelemetry.propagate", {"OTEL_PROPAGATORS": "tracecontext,discreet"}),
    ],
)
def test_the_other_ways_in(
    way: str, program: str, variables: dict[str, str], receiver: OtlpReceiver, tmp_path: Path
) -> None:
    """Processes that neither opentelemetry-instrument nor configure() sets up report too, and say what armed them."""
    (tmp_path / "discreet.pth").write_text("import discreet.preload\n")
    program = program.format(folder=str(tmp_path))
    done = examined(receiver, "--", sys.executable, "-c", program, cwd=None, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Guard: armed by {way}" in done.stdout
