"""The public processors: clean data for the next one, without the guard and beside it."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from opentelemetry._logs import LogRecord
from opentelemetry.sdk._logs import LoggerProvider, LogRecordProcessor
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, SimpleLogRecordProcessor
from opentelemetry.sdk.trace import SpanLimits, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

import discreet
from discreet import guard
from discreet.metrics.counts import COUNTS
from discreet.policy import current
from tests.guard.faults import Fault, everything, faulty, forget, functions
from tests.guard.memory import EMAIL, Kept

pytestmark = pytest.mark.seams


def _say(processor: Any) -> TracerProvider:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(processor)
    with provider.get_tracer("t").start_as_current_span(f"GET /{EMAIL}", attributes={"who": EMAIL}) as span:
        span.add_event(f"to {EMAIL}")
    return provider


def _log(processor: Any) -> LoggerProvider:
    provider = LoggerProvider(shutdown_on_exit=False)
    provider.add_log_record_processor(processor)
    provider.get_logger("t").emit(LogRecord(body=f"hello {EMAIL}", attributes={"password": "abc"}))
    return provider


@pytest.mark.parametrize("armed", [False, True], ids=["unarmed", "armed"])
@pytest.mark.parametrize("kind", [SimpleSpanProcessor, BatchSpanProcessor])
def test_spans_are_clean(armed: bool, kind: Any) -> None:
    """With and without the guard, the next processor exports the same clean span."""
    if armed:
        guard.install()
    kept = Kept()
    provider = _say(discreet.RedactingSpanProcessor(kind(kept)))
    assert provider.force_flush()
    (span,) = kept.records
    assert "canary" not in span.to_json()
    assert (span.name, span.attributes["who"]) == ("GET /[REDACTED:email]", "[REDACTED:email]")
    assert span.attributes["discreet.security_level"] == "confidential"
    assert guard.armed() is armed


@pytest.mark.parametrize("armed", [False, True], ids=["unarmed", "armed"])
@pytest.mark.parametrize("kind", [SimpleLogRecordProcessor, BatchLogRecordProcessor])
def test_log_records_are_clean(armed: bool, kind: Any) -> None:
    """With and without the guard, the next processor exports the same clean record."""
    if armed:
        guard.install()
    kept = Kept()
    provider = _log(discreet.RedactingLogRecordProcessor(kind(kept)))
    assert provider.force_flush()
    (record,) = kept.records
    assert record.log_record.body == "hello [REDACTED:email]"
    assert record.log_record.attributes["password"] == "[REDACTED:password]"
    assert guard.armed() is armed


class Next(SpanProcessor):
    """Notes what it is asked for, and raises where it is handed spans."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def on_start(self, span: Any, parent_context: Any = None) -> None:
        self.asked.append(span.name)
        raise RuntimeError(EMAIL)

    def on_end(self, span: Any) -> None:
        self.asked.append(span.name)
        raise RuntimeError(EMAIL)

    def shutdown(self) -> None:
        self.asked.append("shutdown")

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        self.asked.append(("flush", timeout_millis > 0))
        return False


class NextLog(LogRecordProcessor):
    """The same for log records."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def on_emit(self, log_record: Any) -> None:
        self.asked.append(log_record.log_record.body)
        raise RuntimeError(EMAIL)

    def shutdown(self) -> None:
        self.asked.append("shutdown")

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        self.asked.append(("flush", timeout_millis > 0))
        return False


def test_what_the_next_one_raises_is_contained_and_the_rest_passed_on() -> None:
    """Exceptions of the next processor are counted and do not reach the app; flush and shutdown reach it."""
    COUNTS.reset()
    spans, logs = Next(), NextLog()
    traced, logged = _say(discreet.RedactingSpanProcessor(spans)), _log(discreet.RedactingLogRecordProcessor(logs))
    for provider in (traced, logged):
        assert not provider.force_flush()
        provider.shutdown()
    assert spans.asked == ["GET /[REDACTED:email]", "GET /[REDACTED:email]", ("flush", True), "shutdown"]
    assert logs.asked == ["hello [REDACTED:email]", ("flush", True), "shutdown"]
    assert COUNTS.snapshot()["foreign_raised"] == {("span",): 2, ("log",): 1}


def test_a_fault_of_ours_reaches_neither_the_app_nor_the_next_one() -> None:
    """Each function of ours failing, without the guard around it: nothing is raised, and nothing raw handed on."""
    current()
    spans, logs = Kept(), Kept()
    span_processor = discreet.RedactingSpanProcessor(SimpleSpanProcessor(spans))
    log_processor = discreet.RedactingLogRecordProcessor(SimpleLogRecordProcessor(logs))  # type: ignore[arg-type]
    for name, function in functions().items():
        forget()
        with faulty(function, Fault()):
            if not name.startswith(
                ("discreet.guard.fronts.", "discreet.guard.containment.")
            ):  # they contain the others
                _say(span_processor)
                _log(log_processor)
    assert len(spans.records) > 100
    assert not any("canary" in everything(span) for span in spans.records)
    assert not any("canary" in str(vars(record.log_record)) for record in logs.records)


def test_the_policy_is_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without anything else of ours, the variables decide what is redacted and how; what is wrong there is said."""
    monkeypatch.setenv("DISCREET_ACTIONS", "email=mask")
    kept = Kept()
    _say(discreet.RedactingSpanProcessor(SimpleSpanProcessor(kept)))
    assert "canary" not in kept.records[0].to_json()
    assert kept.records[0].attributes["who"] != "[REDACTED:email]"


def test_a_wrong_variable_is_said(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """A value that cannot be understood is named, not quoted, and the default is in force."""
    monkeypatch.setenv("DISCREET_ACTIONS", "email=hunter2")
    kept = Kept()
    _say(discreet.RedactingSpanProcessor(SimpleSpanProcessor(kept)))
    assert "DISCREET_ACTIONS" in caplog.text
    assert "hunter2" not in caplog.text
    assert kept.records[0].attributes["who"] == "[REDACTED:email]"


def test_importing_and_making_them_touches_no_class() -> None:
    """In a process of its own: the SDK's classes are what they were, and another pipeline is raw as before."""
    program = (
        "from opentelemetry.sdk import trace\n"
        "before = dict(vars(trace.SynchronousMultiSpanProcessor)), dict(vars(trace.Tracer))\n"
        "import discreet\n"
        "from opentelemetry.sdk.trace.export import SimpleSpanProcessor\n"
        "from tests.guard.memory import Kept\n"
        "clean, raw = Kept(), Kept()\n"
        "provider = trace.TracerProvider()\n"
        "provider.add_span_processor(discreet.RedactingSpanProcessor(SimpleSpanProcessor(clean)))\n"
        "provider.add_span_processor(SimpleSpanProcessor(raw))\n"
        "provider.get_tracer('t').start_span('of zoe@example.org').end()\n"
        "after = dict(vars(trace.SynchronousMultiSpanProcessor)), dict(vars(trace.Tracer))\n"
        "print(before == after, clean.records[0].name, raw.records[0].name)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True of [REDACTED:email] of zoe@example.org"


def test_what_the_length_limit_cut_is_not_trusted() -> None:
    """Without the guard the SDK cuts before redaction, so the last word of a cut value goes: half a secret."""
    kept = Kept()
    provider = TracerProvider(span_limits=SpanLimits(max_span_attribute_length=24), shutdown_on_exit=False)
    provider.add_span_processor(discreet.RedactingSpanProcessor(SimpleSpanProcessor(kept)))
    values = {"cut": f"write to us at {EMAIL}", "list": (f"write to us at {EMAIL}", "short"), "short": "fine words"}
    provider.get_tracer("t").start_span("s", attributes=values).end()
    held = kept.records[0].attributes
    assert [held["cut"], *held["list"], held["short"]] == ["write to us at", "write to us at", "short", "fine words"]
