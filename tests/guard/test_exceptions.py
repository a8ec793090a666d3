"""Exceptions in records: fingerprinted on the copy that leaves, counted once, grouped, at no cost to other records."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry._logs import LogRecord
from opentelemetry.instrumentation.logging.handler import LoggingHandler
from opentelemetry.sdk._logs import LoggerProvider, LogRecordLimits
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, SimpleLogRecordProcessor
from opentelemetry.sdk.trace import SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
from opentelemetry.trace import SpanKind

import discreet
from discreet import guard
from discreet.errors import GROUPS, Fingerprint
from discreet.errors.groups import MOST
from discreet.guard import exceptions
from discreet.guard.exceptions import fingerprint_of
from discreet.metrics import COUNTS, register_self_observation
from tests.guard.memory import EMAIL, Kept, logged, measured, points, traced

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.seams
FINGERPRINT = "discreet.error.fingerprint"


@pytest.fixture(autouse=True)
def _armed() -> Iterator[None]:
    guard.install()
    COUNTS.reset()
    GROUPS.reset()
    yield
    COUNTS.reset()
    GROUPS.reset()


class OutOfStockError(Exception):
    pass


KIND = f"{__name__}.OutOfStockError"


def _find(sku: str) -> None:
    raise OutOfStockError(f"no {sku} for {EMAIL}")


def _order(sku: str) -> None:
    _find(sku)


def _caught(sku: str = "tea") -> OutOfStockError:
    try:
        _order(sku)
    except OutOfStockError as error:
        return error
    raise AssertionError


def _logger(provider: LoggerProvider) -> logging.Logger:
    logger = logging.Logger("shop")
    logger.addHandler(LoggingHandler(logger_provider=provider))
    return logger


def _errors() -> dict[tuple[str, ...], int]:
    return COUNTS.snapshot()["errors"]


def test_a_span_event_and_a_log_record_have_the_fingerprint_of_the_exception() -> None:
    """The same one as the live exception has; message and traceback beside it are redacted."""
    (tracers, spans), (loggers, logs) = traced(), logged()
    error = _caught()
    with tracers.get_tracer("t").start_as_current_span("request") as span:
        span.record_exception(error)
    _logger(loggers).error("failed", exc_info=error)
    tracers.force_flush(), loggers.force_flush()
    (event,), (record,) = spans.records[0].events, logs.records
    assert event.attributes[FINGERPRINT] == fingerprint_of(error)
    assert record.log_record.attributes[FINGERPRINT] == fingerprint_of(error)
    assert event.attributes["exception.message"] == "no tea for [REDACTED:email]"
    assert EMAIL not in repr(event.attributes) + repr(record.log_record.attributes)


def test_a_log_record_of_the_api_has_one_too() -> None:
    """Whatever wrote the attributes of an exception; a type alone is enough to go by."""
    loggers, logs = logged()
    loggers.get_logger("t").emit(LogRecord(timestamp=1, attributes={"exception.type": "shop.StockError"}))
    loggers.get_logger("t").emit(LogRecord(timestamp=2, attributes={"exception.stacktrace": "shop.StockError: no tea"}))
    loggers.get_logger("t").emit(LogRecord(timestamp=3, attributes={"exception.message": "no tea"}))
    loggers.force_flush()
    codes = [record.log_record.attributes.get(FINGERPRINT) for record in logs.records]
    assert codes[0] == codes[1] is not None
    assert codes[2] is None
    assert _errors() == {("application", "shop.StockError", codes[0]): 2}


def test_other_records_are_as_they_were() -> None:
    """Only what tells of an exception is marked, on the copy; what the app holds is not changed."""
    tracers, spans = traced()
    with tracers.get_tracer("t").start_as_current_span("request") as span:
        span.add_event("step", {"n": 1})
        span.record_exception(_caught())
    tracers.force_flush()
    step, failure = spans.records[0].events
    assert dict(step.attributes) == {"n": 1}
    assert FINGERPRINT in failure.attributes
    assert FINGERPRINT not in span.events[1].attributes  # type: ignore[attr-defined]


@pytest.mark.parametrize("limit", [40, 100, 300])
def test_a_length_limit_does_not_change_it(limit: int) -> None:
    """The traceback is cut on the copy, and the fingerprint is of the whole."""
    spans, logs = Kept(), Kept()
    tracers = TracerProvider(shutdown_on_exit=False, span_limits=SpanLimits(max_attribute_length=limit))
    tracers.add_span_processor(BatchSpanProcessor(spans))
    loggers = LoggerProvider(shutdown_on_exit=False, **_limited(limit))
    loggers.add_log_record_processor(BatchLogRecordProcessor(logs))  # type: ignore[arg-type]
    error = _caught()
    with tracers.get_tracer("t").start_as_current_span("request") as span:
        span.record_exception(error)
    _logger(loggers).error("failed", exc_info=error)
    tracers.force_flush(), loggers.force_flush()
    held = [spans.records[0].events[0].attributes, logs.records[0].log_record.attributes]
    assert {attributes[FINGERPRINT] for attributes in held} == {fingerprint_of(error)}
    assert len(held[0]["exception.stacktrace"]) == limit


def _limited(limit: int) -> dict[str, Any]:
    """Give the argument that limits log records, which OpenTelemetry before 1.44 does not have."""
    try:
        LoggerProvider(shutdown_on_exit=False, log_record_limits=LogRecordLimits(max_attribute_length=limit))
    except TypeError:
        return {}
    return {"log_record_limits": LogRecordLimits(max_attribute_length=limit)}


def test_an_error_is_counted_once_in_a_trace() -> None:
    """Though an inner span, an outer span and a log tell of it, each with another part of its traceback."""
    (tracers, spans), (loggers, logs) = traced(), logged()
    tracer = tracers.get_tracer("t")

    def charge() -> None:
        with tracer.start_as_current_span("charge"):
            _order("tea")

    with tracer.start_as_current_span("request", kind=SpanKind.SERVER, attributes={"http.request.method": "GET"}):
        try:
            charge()
        except OutOfStockError as error:
            _logger(loggers).exception("failed")
            with tracer.start_as_current_span("again") as span:
                span.record_exception(error)
                span.record_exception(error)
    tracers.force_flush(), loggers.force_flush()
    told = [event.attributes[FINGERPRINT] for span in spans.records for event in span.events]
    assert len(told) == 3
    assert sum(_errors().values()) == 1
    assert len(logs.records) == 1


def test_errors_are_told_apart() -> None:
    """Another trace, another message, another line, another type: each is an error of its own."""
    tracers, _ = traced()
    tracer = tracers.get_tracer("t")
    with tracer.start_as_current_span("one") as span:
        for sku in ("tea", "milk", "tea"):
            span.record_exception(_caught(sku))
    with tracer.start_as_current_span("two") as span:
        span.record_exception(_caught())
        span.record_exception(KeyError("tea"))
    tracers.force_flush()
    code, other = fingerprint_of(_caught()), fingerprint_of(KeyError("tea"))
    assert _errors() == {("application", KIND, code): 3, ("application", "KeyError", other): 1}


def test_without_a_trace_each_record_counts_and_counts_once() -> None:
    """Also where a processor that is not adopted has it cleaned twice."""
    loggers, kept = logged()
    loggers.add_log_record_processor(SimpleLogRecordProcessor(kept))  # type: ignore[arg-type]
    logger = _logger(loggers)
    for _ in range(3):
        logger.error("failed", exc_info=_caught())
    loggers.force_flush()
    assert len(kept.records) == 6
    assert list(_errors().values()) == [3]


def test_a_span_that_passes_twice_counts_once() -> None:
    """As it does where one processor is adopted and another is not."""
    tracers, kept = traced()
    tracers.add_span_processor(SimpleSpanProcessor(kept))
    with tracers.get_tracer("t").start_as_current_span("request") as span:
        span.record_exception(_caught())
    tracers.force_flush()
    assert len(kept.records) == 2
    assert list(_errors().values()) == [1]


def test_groups_for_a_health_page() -> None:
    """One for each fingerprint, the latest first, with count, times and the latest trace; nothing private."""
    tracers, _ = traced()
    tracer = tracers.get_tracer("t")
    for name in ("one", "two"):
        with tracer.start_as_current_span(name) as span:
            span.record_exception(_caught())
        tracers.force_flush()
    last = span.get_span_context().trace_id
    with tracer.start_as_current_span("three", attributes={"discreet.category": "business"}) as span:
        span.record_exception(KeyError(EMAIL))
    tracers.force_flush()
    newest, older = discreet.error_groups()
    assert (newest.type, newest.category, newest.count) == ("KeyError", "business", 1)
    assert (older.fingerprint, older.type) == (fingerprint_of(_caught()), KIND)
    assert (older.category, older.count, older.last_trace_id) == ("application", 2, f"{last:032x}")
    assert older.first_seen < older.last_seen < newest.last_seen
    assert older.last_seen.tzinfo is not None
    assert EMAIL not in repr(discreet.error_groups())


def test_the_number_of_groups_is_bounded() -> None:
    """Those beyond 200 are one group, and one series; the counts of all are right."""
    for number in range(MOST + 50):
        for trace_id in (1, 2):
            GROUPS.saw(Fingerprint(f"{number:016x}", f"Error{number}", number), "api", trace_id, 0)
    assert len(discreet.error_groups()) == MOST + 1
    assert _errors()["api", "_OTHER", "other"] == 100
    assert sum(_errors().values()) == 2 * (MOST + 50)
    assert sum(group.count for group in discreet.error_groups()) == 2 * (MOST + 50)


def test_what_is_remembered_is_bounded() -> None:
    """The memory by which an error is known again holds some thousand, and forgets the oldest."""
    for number in range(5000):
        GROUPS.saw(Fingerprint("0", "E", number), "api", 1, 0)
    assert len(GROUPS._recent) + len(GROUPS._before) <= 2048
    GROUPS.saw(Fingerprint("0", "E", 4999), "api", 1, 0)
    assert _errors() == {("api", "E", "0"): 5000}


def test_threads_that_tell_of_one_error_count_it_once() -> None:
    """As the workers of spans and of logs do at the same time."""
    start = threading.Barrier(8)

    def tell(_: int) -> None:
        start.wait()
        for number in range(500):
            GROUPS.saw(Fingerprint("0", "E", number), "api", 1, 0)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(tell, range(8)))
    assert _errors() == {("api", "E", "0"): 500}


def test_the_metric() -> None:
    """`discreet.errors` has category, type and fingerprint, and is there before the first error."""
    provider, reader = measured()
    register_self_observation(provider)
    (born,) = points(reader)["discreet.errors"]
    assert born.value == 0
    loggers, _ = logged()
    _logger(loggers).error("failed", exc_info=_caught())
    loggers.force_flush()
    (point,) = [point for point in points(reader)["discreet.errors"] if point.value]
    assert point.value == 1
    assert dict(point.attributes) == {
        "discreet.category": "application",
        "error.type": KIND,
        FINGERPRINT: fingerprint_of(_caught()),
    }


def test_what_the_doctor_says_is_no_error_of_the_app() -> None:
    """The made-up records of a check are neither counted nor grouped."""
    discreet.doctor(canaries=True)
    assert _errors() == {}
    assert discreet.error_groups() == []


def test_a_failure_here_costs_no_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """The record leaves, redacted, without a fingerprint."""

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(exceptions, "fingerprint", fail)
    (tracers, spans), (loggers, logs) = traced(), logged()
    with tracers.get_tracer("t").start_as_current_span("request") as span:
        span.record_exception(_caught())
    _logger(loggers).error("failed", exc_info=_caught())
    tracers.force_flush(), loggers.force_flush()
    (event,), (record,) = spans.records[0].events, logs.records
    for attributes in (event.attributes, record.log_record.attributes):
        assert attributes["exception.message"] == "no tea for [REDACTED:email]"
        assert FINGERPRINT not in attributes
    assert "discreet.withheld" not in {**spans.records[0].attributes, **record.log_record.attributes}


def test_a_record_that_says_its_class_itself_is_counted() -> None:
    """Category and level of its own do not make it pass for one that was cleaned before."""
    loggers, _ = logged()
    own = {"discreet.category": "api", "discreet.security_level": "restricted", "exception.type": "KeyError"}
    loggers.get_logger("t").emit(LogRecord(timestamp=1, attributes=own))
    loggers.force_flush()
    assert COUNTS.snapshot()["processed"]["log", "api", "restricted"] == 1
    assert list(_errors().values()) == [1]


FORKED = """
import os
import discreet
from discreet.errors import GROUPS, Fingerprint
from discreet.metrics import COUNTS

GROUPS.saw(Fingerprint("0", "E", 1), "api", 1, 0)
child = os.fork()
if not child:
    GROUPS.saw(Fingerprint("0", "E", 1), "api", 1, 0)
    GROUPS.saw(Fingerprint("1", "F", 2), "api", 1, 0)
    os._exit([(group.type, group.count) for group in discreet.error_groups()] != [("F", 1), ("E", 1)])
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), [group.type for group in discreet.error_groups()])
"""


def test_a_forked_child_begins_anew() -> None:
    """What the parent saw is the parent's to tell."""
    done = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, check=True)
    assert done.stdout == "0 ['E']\n"
