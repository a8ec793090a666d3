"""`discreet.classify`: what is said of a block, on spans and log records, through every sort of function."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry._logs import LogRecord
from opentelemetry.context import attach, detach, get_current, set_value
from opentelemetry.instrumentation.threading import ThreadingInstrumentor
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import (
    BatchLogRecordProcessor,
    InMemoryLogRecordExporter,
    SimpleLogRecordProcessor,
)
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

import discreet
from discreet import guard
from discreet.metrics.counts import COUNTS
from tests.context.conftest import enforce
from tests.guard.memory import Kept

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterator

    from discreet.context import Binding
    from tests.context.conftest import Telemetry

pytestmark = pytest.mark.seams
DEFAULT = ("application", "internal")
AUDIT = ("audit", "restricted")


def classes(held: dict[str, dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """Give category and level by name or body."""
    return {name: (of["discreet.category"], of["discreet.security_level"]) for name, of in held.items()}


@pytest.fixture
def auditing() -> Binding:
    """One binding, which many may enter."""
    return discreet.classify(category="audit", level="restricted")


def test_spans_and_log_records_of_a_block(telemetry: Telemetry, log: logging.Logger, auditing: Binding) -> None:
    """In the block both signals are what was said, outside they are what the rules say."""
    with auditing:
        with telemetry.span("in"):
            log.info("in")
        telemetry.loggers.get_logger("direct").emit(LogRecord(body="direct"))
    with telemetry.span("out"):
        log.info("out")
    assert classes(telemetry.spans()) == {"in": AUDIT, "out": DEFAULT}
    assert classes(telemetry.logs()) == {"in": AUDIT, "direct": AUDIT, "out": DEFAULT}


def test_the_inner_block_wins_for_what_it_says(telemetry: Telemetry, log: logging.Logger) -> None:
    """What the inner one leaves out stays, a level may be lowered, and the outer one comes back."""
    with discreet.classify(category="business", level="confidential"):
        with discreet.classify(level="public"):
            log.info("inner")
        log.info("outer")
    assert classes(telemetry.logs()) == {"inner": ("business", "public"), "outer": ("business", "confidential")}


def test_what_the_record_says_wins(telemetry: Telemetry, log: logging.Logger, auditing: Binding) -> None:
    """An attribute of the record's own is explicit too, and nearer."""
    with auditing:
        log.info("own", extra={"discreet.category": "business"})
        with telemetry.span("own", attributes={"discreet.category": "system"}):
            pass
    assert classes(telemetry.logs()) == {"own": ("business", "restricted")}
    assert classes(telemetry.spans()) == {"own": ("system", "restricted")}


def test_it_wins_over_rules_and_is_raised_by_what_is_found(telemetry: Telemetry, log: logging.Logger) -> None:
    """Configured rules come after it; a card raises the level."""
    enforce(classify=[{"logger": "shop", "category": "performance", "level": "confidential"}])
    with discreet.classify(category="business", level="public"):
        log.info("plain")
        log.info("card 4111111111111111")
    assert classes(telemetry.logs()) == {
        "plain": ("business", "public"),
        "card [REDACTED:card]": ("business", "restricted"),
    }


def test_functions_of_every_sort(telemetry: Telemetry, log: logging.Logger, auditing: Binding) -> None:
    """Decorated, each runs classified, and gives and takes what it did; who iterates is not classified."""

    @auditing
    def plain(word: str) -> str:
        log.info("plain")
        return word

    @auditing
    async def coroutine(word: str) -> str:
        await asyncio.sleep(0)
        log.info("coroutine")
        return word

    @auditing
    def generator() -> Generator[int, str, str]:
        try:
            with telemetry.span("within"):
                log.info("generator")
                word = yield 1
                log.info("generator again")
            yield 2
        finally:
            log.info("generator ends")
        return word

    @auditing
    async def stream() -> AsyncIterator[int]:
        for number in range(2):
            await asyncio.sleep(0)
            log.info("stream %s", number)
            yield number

    async def read() -> list[int]:
        numbers = []
        async for number in stream():
            log.info("reader %s", number)
            numbers.append(number)
        return numbers

    assert (plain("a"), asyncio.run(coroutine("b")), asyncio.run(read())) == ("a", "b", [0, 1])
    steps = generator()
    assert next(steps) == 1
    log.info("iterating")
    assert steps.send("word") == 2
    with pytest.raises(StopIteration, match="word"):
        next(steps)
    assert get_current() == {}
    found = classes(telemetry.logs())
    assert {body for body, given in found.items() if given == AUDIT} == {
        "plain", "coroutine", "generator", "generator again", "generator ends", "stream 0", "stream 1",
    }  # fmt: skip
    assert {body for body, given in found.items() if given == DEFAULT} == {"reader 0", "reader 1", "iterating"}
    records = {str(data.log_record.body): data.log_record for data in telemetry.kept_logs.records}
    assert records["generator"].span_id == records["generator again"].span_id != 0
    assert records["iterating"].span_id == 0


def test_a_generator_is_told_what_it_is_told(auditing: Binding) -> None:
    """What is thrown in arrives, what it raises comes out, and closing reaches it."""
    seen: list[str] = []

    @auditing
    def taking() -> Iterator[int]:
        while True:
            try:
                yield len(seen)
            except KeyError:
                seen.append("key")
            except GeneratorExit:
                seen.append("closed")
                raise

    steps = taking()
    assert next(steps) == 0
    assert steps.throw(KeyError("k")) == 1  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="v"):
        steps.throw(ValueError("v"))  # type: ignore[attr-defined]
    other = taking()
    next(other)
    other.close()  # type: ignore[attr-defined]
    assert seen == ["key", "closed"]


def test_an_async_generator_is_told_what_it_is_told(auditing: Binding) -> None:
    """The same, asynchronously."""
    seen: list[str] = []

    @auditing
    async def taking() -> AsyncIterator[int]:
        try:
            while True:
                try:
                    yield len(seen)
                except KeyError:
                    seen.append("key")
        finally:
            seen.append("closed")

    async def tell() -> None:
        steps: Any = taking()
        assert await anext(steps) == 0
        assert await steps.athrow(KeyError("k")) == 1
        await steps.aclose()

    asyncio.run(tell())
    assert seen == ["key", "closed"]


def test_many_at_once_do_not_mix(telemetry: Telemetry, log: logging.Logger, auditing: Binding) -> None:
    """One binding entered by interleaved tasks and by recursion holds in each, and nowhere afterwards."""

    async def work(number: int) -> None:
        with auditing:
            await asyncio.sleep(0)
            with auditing:
                await asyncio.sleep(0)
            log.info("in %s", number)
        await asyncio.sleep(0)
        log.info("out %s", number)

    async def all_of_them() -> None:
        await asyncio.gather(*map(work, range(5)))
        assert get_current() == {}

    asyncio.run(all_of_them())
    assert classes(telemetry.logs()) == {
        f"{place} {number}": given for place, given in (("in", AUDIT), ("out", DEFAULT)) for number in range(5)
    }


def test_a_job_that_sets_itself_going_holds_no_chain(auditing: Binding) -> None:
    """A task begun in a block, which begins the next one in a block of its own, forever, keeps none of the last."""
    kept: list[weakref.ref[Any]] = []

    class Marker:
        pass

    async def job(number: int) -> None:
        mark = Marker()
        kept.append(weakref.ref(mark))
        with use(mark), auditing:
            if number:
                tasks.append(asyncio.create_task(job(number - 1)))
            await asyncio.sleep(0)

    @contextlib.contextmanager
    def use(mark: Marker) -> Iterator[None]:
        token = attach(set_value("mark", mark))
        yield
        detach(token)

    tasks: list[asyncio.Task[None]] = []

    async def run() -> None:
        await job(10)
        while tasks:
            await tasks.pop()
        gc.collect()
        assert sum(ref() is not None for ref in kept) < 3

    asyncio.run(run())


def test_threads_and_executors(telemetry: Telemetry, log: logging.Logger, auditing: Binding) -> None:
    """Tasks and `to_thread` carry it by themselves; threads and pools where OpenTelemetry's instrumentation does."""

    async def by_asyncio() -> None:
        with auditing:
            task = asyncio.create_task(asyncio.to_thread(log.info, "to_thread"))
        await task

    asyncio.run(by_asyncio())
    with auditing:
        thread = threading.Thread(target=log.info, args=("bare thread",))
        thread.start()
        thread.join()
    ThreadingInstrumentor().instrument()
    try:
        with auditing, ThreadPoolExecutor(1) as pool:
            thread = threading.Thread(target=log.info, args=("thread",))
            thread.start()
            pool.submit(log.info, "pool").result()
        thread.join()
    finally:
        ThreadingInstrumentor().uninstrument()
    assert classes(telemetry.logs()) == {"to_thread": AUDIT, "bare thread": DEFAULT, "thread": AUDIT, "pool": AUDIT}


def test_a_block_that_ends_in_another_context_is_quiet(
    telemetry: Telemetry, caplog: pytest.LogCaptureFixture, auditing: Binding
) -> None:
    """As in a dependency that runs in a pool: nothing is said, and nothing of the other context is put back."""

    async def elsewhere() -> None:
        await asyncio.to_thread(auditing.__enter__)
        with telemetry.span("mine"):
            before = get_current()
            await asyncio.to_thread(auditing.__exit__, None, None, None)
            assert get_current() is before

    asyncio.run(elsewhere())
    assert caplog.records == []


def test_what_the_app_gave_is_not_changed(telemetry: Telemetry, auditing: Binding) -> None:
    """Neither its log record nor its attributes."""
    record, attributes = LogRecord(body="mine", attributes={"a": 1}), {"b": 2}
    with auditing:
        telemetry.loggers.get_logger("direct").emit(record)
        with telemetry.span("s", attributes=attributes):
            pass
    assert dict(record.attributes or {}) == {"a": 1}
    assert attributes == {"b": 2}
    assert telemetry.logs()["mine"].items() >= {"a": 1, "discreet.category": "audit"}.items()


def test_processors_that_are_not_adopted_and_our_own_see_it(auditing: Binding) -> None:
    """A simple processor gets it under the guard; the redacting processors also without it."""
    exporter, spans = InMemoryLogRecordExporter(), Kept()  # type: ignore[no-untyped-call]
    loggers, tracers = LoggerProvider(shutdown_on_exit=False), TracerProvider(shutdown_on_exit=False)
    loggers.add_log_record_processor(discreet.RedactingLogRecordProcessor(SimpleLogRecordProcessor(exporter)))
    tracers.add_span_processor(discreet.RedactingSpanProcessor(SimpleSpanProcessor(spans)))
    for arm in (lambda: None, guard.install):
        arm()  # type: ignore[no-untyped-call]
        with auditing:
            loggers.get_logger("direct").emit(LogRecord(body="mine"))
            tracers.get_tracer("t").start_span("mine").end()
    held = [data.log_record.attributes or {} for data in exporter.get_finished_logs()]
    assert [of["discreet.category"] for of in held] == ["audit", "audit"]
    assert [span.attributes["discreet.category"] for span in spans.records] == ["audit", "audit"]


@pytest.mark.parametrize("said", [{}, {"discreet.category": "audit", "discreet.security_level": "public"}])
def test_a_record_is_counted_once(said: dict[str, str]) -> None:
    """Also one that says category and level itself, and one that passes a processor of others before the batch."""
    guard.install()
    before = sum(COUNTS.snapshot()["processed"].values())
    provider, kept = LoggerProvider(shutdown_on_exit=False), Kept()
    provider.add_log_record_processor(SimpleLogRecordProcessor(Kept()))  # type: ignore[arg-type]
    provider.add_log_record_processor(BatchLogRecordProcessor(kept))  # type: ignore[arg-type]
    provider.get_logger("direct").emit(LogRecord(body="mine", attributes=said))
    provider.shutdown()
    assert len(kept.records) == 1
    assert sum(COUNTS.snapshot()["processed"].values()) - before == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "Give category, level or both"),
        ({"category": "secret"}, "Use one of application, security"),
        ({"category": 7}, "Use one of application"),
        ({"level": "secret"}, "Use one of public, internal"),
        ({"level": 2}, "Use one of public"),
    ],
)
def test_wrong_arguments_are_said(arguments: Any, said: str) -> None:
    """With the rule and what to write, without the value."""
    with pytest.raises(ValueError, match=said) as error:
        discreet.classify(**arguments)
    assert "secret" not in str(error.value).removeprefix("discreet.classify")
