"""Log records: what exporters and processors of every sort get to see."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from opentelemetry import baggage, context
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.common._log_encoder import encode_logs
from opentelemetry.sdk._logs import LoggerProvider, LogRecordProcessor
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, SimpleLogRecordProcessor

from discreet import guard
from discreet.redaction import Redactor
from tests.guard.memory import CARD, EMAIL, Kept, logged

pytestmark = pytest.mark.seams


@pytest.fixture(autouse=True)
def _armed() -> None:
    guard.install()


def _emit(provider: LoggerProvider, scope: str = "t", **fields: Any) -> None:
    provider.get_logger(scope).emit(LogRecord(timestamp=1, severity_number=SeverityNumber.INFO, **fields))


def _everything(record: Any) -> str:
    return f"{vars(record.log_record)!r} {record.resource.attributes!r} {record.instrumentation_scope!r}"


def test_every_place_of_a_log_record_is_clean() -> None:
    """Body, nested body, keys, attributes, event name, severity text and scope are redacted and classified."""
    provider, kept = logged()
    token = context.attach(baggage.set_baggage("who", EMAIL))
    _emit(
        provider,
        scope=f"lib.{EMAIL}",
        body={"a": [EMAIL, {EMAIL: CARD}], "password": "abc", "n": int(CARD), "raw": EMAIL.encode()},
        attributes={EMAIL: {"deep": [EMAIL]}, "note": f"card {CARD}"},
        event_name=f"user.{EMAIL}",
        severity_text=f"LOUD {EMAIL}",
    )
    context.detach(token)
    provider.force_flush()
    (record,) = kept.records
    assert "canary" not in _everything(record)
    assert CARD not in _everything(record)
    assert record.log_record.attributes["discreet.category"] == "application"
    assert record.log_record.attributes["discreet.security_level"] == "restricted"


def test_one_bad_record_costs_itself_at_most() -> None:
    """Bodies that the stock encoder loses a batch over are encoded, and so are their neighbours."""
    deep: Any = "bottom"
    for _ in range(60):
        deep = {"d": deep}
    cyclic: dict[str, Any] = {}
    cyclic["self"] = cyclic

    class Unprintable:
        def __str__(self) -> str:
            raise RuntimeError("no words")

        __repr__ = __str__

    bodies = ["fine", deep, cyclic, "\ud800", Unprintable(), float("nan"), b"\xff\xfe", 2**80, "x" * 10_000_000, "fine"]
    provider, kept = logged()
    for body in bodies:
        _emit(provider, body=body, attributes={"v": body})
    provider.force_flush()
    assert len(kept.records) == len(bodies)
    assert len(encode_logs(kept.records).SerializeToString()) < 2_000_000
    assert kept.records[0].log_record.body == kept.records[-1].log_record.body == "fine"


class Enriching(LogRecordProcessor):
    """A processor of the app's own that adds to records for those after it."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def on_emit(self, log_record: Any) -> None:
        self.seen.append(_everything(log_record))
        log_record.log_record.attributes["tenant"] = "north"
        log_record.log_record.attributes["who"] = EMAIL

    def shutdown(self) -> None:
        pass

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return True


def test_what_a_processor_adds_is_kept_and_cleaned() -> None:
    """Processors see clean records; what they add reaches those behind them, redacted."""
    provider = LoggerProvider(shutdown_on_exit=False)
    first, second, simple, batch = Enriching(), Enriching(), Kept(), Kept()
    for processor in (first, second, SimpleLogRecordProcessor(simple), BatchLogRecordProcessor(batch)):  # type: ignore[arg-type]
        provider.add_log_record_processor(processor)
    _emit(provider, body=f"hello {EMAIL}")
    provider.force_flush()
    assert "canary" not in " ".join([*first.seen, *second.seen, *map(_everything, [*simple.records, *batch.records])])
    for record in (*simple.records, *batch.records):
        assert record.log_record.attributes["tenant"] == "north"
        assert record.log_record.attributes["who"] == "[REDACTED:email]"


def test_the_apps_record_is_never_changed() -> None:
    """The record that the app emitted and the objects in it are what they were."""
    provider, _ = logged()
    body = {"to": [EMAIL]}
    record = LogRecord(timestamp=1, severity_number=SeverityNumber.INFO, body=body, event_name=EMAIL)
    provider.get_logger("t").emit(record)
    provider.force_flush()
    assert record.body is body
    assert body == {"to": [EMAIL]}
    assert record.event_name == EMAIL


def test_a_failing_redactor_leaves_a_skeleton(monkeypatch: pytest.MonkeyPatch) -> None:
    """When redaction raises, ids, times and severity leave and nothing else; the app sees nothing."""

    def broken(*_: Any) -> Any:
        raise RuntimeError(EMAIL)

    monkeypatch.setattr(Redactor, "value", broken)
    provider, kept = logged()
    _emit(provider, body=EMAIL, severity_text=EMAIL, event_name=EMAIL, attributes={"who": EMAIL})
    provider.force_flush()
    (record,) = kept.records
    assert "canary" not in _everything(record)
    assert record.log_record.attributes["discreet.withheld"] is True
    assert record.log_record.body == "[WITHHELD:redaction_failed]"


def test_stdlib_logging_arrives_clean() -> None:
    """Message, arguments, extra fields and exception of a stdlib record are redacted on the way out."""
    from opentelemetry.instrumentation.logging.handler import LoggingHandler

    provider, kept = logged()
    handler = LoggingHandler(logger_provider=provider)
    logger = logging.getLogger("tests.stdlib")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        logger.info("hello %s", EMAIL, extra={"who": {"deep": [EMAIL]}})
        try:
            raise ValueError(EMAIL)
        except ValueError:
            logger.exception("failed")
    finally:
        logger.removeHandler(handler)
    provider.force_flush()
    assert "canary" not in " ".join(map(_everything, kept.records))
    assert kept.records[0].log_record.body == "hello [REDACTED:email]"


def test_a_message_that_cannot_be_made_a_text_costs_itself_only() -> None:
    """A stdlib record whose object cannot be printed leaves without its message, and nothing reaches the app."""
    from opentelemetry.instrumentation.logging.handler import LoggingHandler

    class Unprintable:
        def __str__(self) -> str:
            raise RuntimeError(EMAIL)

        __repr__ = __str__

    provider, kept = logged()
    logger = logging.Logger("tests.unprintable")  # on no other handler, whose own complaint would go to stderr
    logger.addHandler(LoggingHandler(logger_provider=provider))
    logger.warning("of %s", Unprintable())
    logger.warning(Unprintable())
    logger.warning("fine")
    provider.force_flush()
    assert [record.log_record.body for record in kept.records] == ["[WITHHELD:unprintable]"] * 2 + ["fine"]


def test_a_flush_at_exit_raises_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the interpreter refuses a new thread at exit, the handler's flush is silent."""
    import threading

    from opentelemetry.instrumentation.logging.handler import LoggingHandler

    def refuse(_self: threading.Thread) -> None:
        raise RuntimeError("can't create new thread at interpreter shutdown")

    provider, _ = logged()
    monkeypatch.setattr(threading.Thread, "start", refuse)
    LoggingHandler(logger_provider=provider).flush()


def test_a_log_record_carries_the_trace_id() -> None:
    """A record emitted within a span has that span's ids: the correlation id is the trace id."""
    from opentelemetry.sdk.trace import TracerProvider

    provider, kept = logged()
    with TracerProvider(shutdown_on_exit=False).get_tracer("t").start_as_current_span("s") as span:
        _emit(provider, body="within")
    provider.force_flush()
    assert kept.records[0].log_record.trace_id == span.get_span_context().trace_id
