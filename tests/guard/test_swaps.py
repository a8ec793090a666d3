"""The policy is swapped while records are made: each is redacted by one policy, whole, and all of them arrive."""

from __future__ import annotations

import logging
import re
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import LoggerProvider, LogRecordProcessor
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, SimpleLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
from opentelemetry.trace import Link, SpanContext, StatusCode, TraceFlags

from discreet import runtime
from discreet.guard.records import clean_record
from discreet.metrics.counts import COUNTS
from discreet.policy import Policy, put_in_force, resolve
from tests.policy.test_gather import KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SWAPS = 10_000
THREADS = 8
EMAIL = "zoe.canary@example.org"
CARD = "4111111111111111"
LARGE = 1 << 20  # of a queue: the SDK drops what does not fit, with us or without

ACTIONS = ("redact", "mask", "pseudonymize")
STYLES = {
    "redact": re.compile(r"\[REDACTED:"),
    "mask": re.compile(r"\*{4}\w{4}"),
    "pseudonymize": re.compile(r"PSEUDONYM"),
}
"""How the work of each of the three policies looks."""


def _policies() -> list[Policy]:
    """Give one policy for each action, compiled, and warm."""
    made = []
    for action in ACTIONS:
        options = {"actions": {"email": action, "card": action}, "pseudonym_key": KEY}
        made.append(Policy.compiled(resolve(arguments=options)[0]))
        made[-1].redactor.text(f"{EMAIL} {CARD}", set())
    return made


class _Kept:
    """An exporter, or what a processor of the app's own does: keeps what it is handed."""

    def __init__(self) -> None:
        self.records: list[Any] = []

    def export(self, batch: Any) -> None:
        self.records.extend(batch)

    def shutdown(self) -> None:
        pass

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return True


class _OwnSpans(SpanProcessor):
    def __init__(self, kept: _Kept) -> None:
        self.kept = kept

    def on_end(self, span: Any) -> None:
        self.kept.export([span])


class _OwnLogs(LogRecordProcessor):
    def __init__(self, kept: _Kept) -> None:
        self.kept = kept

    def on_emit(self, log_record: Any) -> None:
        self.kept.export([log_record])

    def shutdown(self) -> None:
        pass

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return True


RESOURCE = Resource({"service.name": "swapped", "owner": EMAIL})
SCOPE = f"library of {EMAIL}"


def _of_spans() -> tuple[list[_Kept], Callable[[str], None], Callable[[], object]]:
    kept: Any = [_Kept(), _Kept(), _Kept()]
    provider = TracerProvider(resource=RESOURCE, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(kept[0], max_queue_size=LARGE, schedule_delay_millis=20))
    provider.add_span_processor(SimpleSpanProcessor(kept[1]))
    provider.add_span_processor(_OwnSpans(kept[2]))
    tracer = provider.get_tracer(SCOPE)

    def emit(name: str) -> None:
        said = f"{name} of {name}.{EMAIL} by {CARD}"
        link = Link(SpanContext(1, 2, is_remote=False, trace_flags=TraceFlags(1)), {"linked": said})
        span = tracer.start_span(said, links=[link], attributes={"record": name, "first": said, "many": [said, said]})
        span.add_event(said, {"event": said})
        span.set_attribute("last", said)
        span.set_status(StatusCode.ERROR, said)
        span.end()

    return kept, emit, provider.shutdown


def _of_logs() -> tuple[list[_Kept], Callable[[str], None], Callable[[], object]]:
    kept: Any = [_Kept(), _Kept(), _Kept(), _Kept()]
    provider = LoggerProvider(RESOURCE, shutdown_on_exit=False)
    provider.add_log_record_processor(BatchLogRecordProcessor(kept[0], max_queue_size=LARGE, schedule_delay_millis=20))
    provider.add_log_record_processor(SimpleLogRecordProcessor(kept[1]))
    provider.add_log_record_processor(_OwnLogs(kept[2]))
    provider.add_log_record_processor(BatchLogRecordProcessor(kept[3], max_queue_size=LARGE, schedule_delay_millis=20))
    logger = provider.get_logger(SCOPE)

    def emit(name: str) -> None:
        said = f"{name} of {name}.{EMAIL} by {CARD}"
        attributes: Any = {"record": name, "first": said, "nested": {"deep": [said]}, "last": said}
        record = LogRecord(
            body={"text": said, "more": [said]},
            attributes=attributes,
            event_name=said,
            severity_text=said,
            severity_number=SeverityNumber.INFO,
        )
        logger.emit(record)

    return kept, emit, provider.shutdown


def _places(record: Any) -> Iterator[str]:
    """Yield each place of a record that held something private, as text."""
    log = getattr(record, "log_record", None)
    yield str(record.resource.attributes["owner"])
    yield str(record.instrumentation_scope.name)
    if log is not None:
        yield from (str(log.body), str(log.event_name), str(log.severity_text))
        yield from (str(log.attributes[key]) for key in ("first", "nested", "last"))
        return
    yield from (record.name, str(record.status.description), str(record.events[0].name))
    yield from (str(record.attributes[key]) for key in ("first", "many", "last"))
    yield from (str(record.events[0].attributes), str(record.links[0].attributes))


def _name(record: Any) -> str:
    return str(getattr(record, "log_record", record).attributes["record"])


def _styles(record: Any) -> set[tuple[str, ...]]:
    """Give the styles seen in each place; one place of one style makes ``{("mask",)}``."""
    return {tuple(style for style, seen in STYLES.items() if seen.search(text)) for text in _places(record)}


@pytest.mark.parametrize("signal", ["span", "log"])
def test_records_are_whole_across_swaps(signal: str) -> None:
    """Three policies are swapped 10,000 times while eight threads emit; they redact the same values, each another way.

    It proves of every record, at batch processors, which clean it later on another thread, at simple ones, and at one
    of the app's own: it arrives at each once; no value in it is raw; all its places, resource and scope with them, were
    redacted by one and the same policy; none was withheld; and no thread raised or was left waiting.
    """
    runtime.arm()
    COUNTS.reset()
    policies = _policies()
    kept, emit, shutdown = (_of_spans if signal == "span" else _of_logs)()
    emitted: list[list[str]] = [[] for _ in range(THREADS)]
    failed: list[str] = []
    swapped = threading.Event()

    def emitting(number: int) -> None:
        try:
            while not swapped.is_set():
                name = f"r{number}.{len(emitted[number])}"
                emit(name)
                emitted[number].append(name)
                time.sleep(0.01)  # else a minute of work
        except Exception as error:
            failed.append(repr(error))

    threads = [threading.Thread(target=emitting, args=(number,), daemon=True) for number in range(THREADS)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # so that swaps fall into records, and not between them
    try:
        for thread in threads:
            thread.start()
        for number in range(SWAPS):
            put_in_force(policies[number % len(policies)])
            time.sleep(0)
    finally:
        swapped.set()
        for thread in threads:
            thread.join(120)
        sys.setswitchinterval(interval)
    shutdown()

    assert failed == []
    assert not any(thread.is_alive() for thread in threads)
    everything = sorted(name for names in emitted for name in names)
    for sink in kept:
        assert sorted(map(_name, sink.records)) == everything
        assert {
            text for record in sink.records for text in _places(record) if "canary" in text or CARD in text
        } == set()
        assert {frozenset(_styles(record)) for record in sink.records} <= {frozenset({(style,)}) for style in STYLES}
    assert {next(iter(_styles(record)))[0] for record in kept[1].records} == set(ACTIONS)
    assert {key: number for key, number in COUNTS.snapshot()["withheld"].items() if number} == {}


def test_a_record_of_stdlib_logging_is_whole_too() -> None:
    """A swap between its message and its extra fields leaves it all by the policy that it began with."""
    redact, mask, _ = _policies()

    class Swapping:
        """Puts another policy in force as it is looked at."""

        def __str__(self) -> str:
            put_in_force(mask)
            return CARD

    record = logging.makeLogRecord({"msg": CARD, "card_1": CARD, "between": Swapping(), "card_2": CARD})
    put_in_force(redact)
    clean = clean_record(record)
    seen = {str(value) for name, value in vars(clean).items() if name == "msg" or name.startswith("card_")}
    assert seen == {"[REDACTED:card]"}
