"""How long something takes: what is told of blocks and functions, in threads and tasks, before and after set-up."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import inspect
import subprocess
import sys
import threading
import types
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

import discreet
from discreet import guard
from discreet.events.instruments import BOUNDARIES
from discreet.metrics import COUNTS
from tests.events.recording import Recorded, recorded
from tests.guard.memory import EMAIL

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

pytestmark = pytest.mark.seams


@pytest.fixture
def out(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    guard.install()
    return recorded(monkeypatch)


def _counts(out: Recorded, name: str = "checkout.duration") -> dict[tuple[tuple[str, Any], ...], int]:
    """Give the number of measurements by attributes."""
    return {tuple(sorted(point.attributes.items())): point.count for point in out.metrics()[name]}


def test_a_block(out: Recorded) -> None:
    """It is a histogram in seconds with the boundaries of the conventions, and an event on the current span."""
    with out.span(), discreet.timed("checkout", shop="north", attributes={"shop.size": 3}):
        pass
    (point,) = out.metrics()["checkout.duration"]
    assert dict(point.attributes) == {"shop": "north", "shop.size": 3}
    assert point.count == 1
    assert 0 <= point.sum < 60
    assert tuple(point.explicit_bounds) == BOUNDARIES
    (span,) = out.ended()
    (told,) = span.events
    seconds = told.attributes["discreet.timed.duration"]
    assert told.name == "discreet.timed"
    assert dict(told.attributes) == {
        "shop.size": 3,
        "shop": "north",
        "discreet.timed.name": "checkout",
        "discreet.timed.duration": seconds,
        "discreet.category": "performance",
    }
    assert seconds == point.sum


def test_the_instrument(out: Recorded) -> None:
    """Its unit is seconds, and its scope says what it is about."""
    with discreet.timed("checkout"):
        pass
    data = out.reader.get_metrics_data()
    (scope,) = data.resource_metrics[0].scope_metrics
    (metric,) = scope.metrics
    assert (scope.scope.name, metric.name, metric.unit) == ("discreet.performance", "checkout.duration", "s")


def test_an_exception_goes_on_and_is_named(out: Recorded) -> None:
    """`error.type` is the type with its module, as the conventions have it; the exception itself is untouched."""
    error = LookupError(EMAIL)
    with pytest.raises(LookupError) as caught, out.span(), discreet.timed("checkout"):
        raise error
    assert caught.value is error
    with pytest.raises(subprocess.SubprocessError), discreet.timed("checkout"):
        raise subprocess.SubprocessError
    with pytest.raises(KeyboardInterrupt), discreet.timed("checkout"):
        raise KeyboardInterrupt
    assert _counts(out) == {
        (("error.type", "LookupError"),): 1,
        (("error.type", "subprocess.SubprocessError"),): 1,
        (("error.type", "KeyboardInterrupt"),): 1,
    }
    told = out.ended()[0].events[0]
    assert told.attributes["error.type"] == "LookupError"
    assert EMAIL not in repr(told.attributes)


def test_functions_keep_what_they_are(out: Recorded) -> None:
    """A measured function has its name, signature, result and exception; an async one stays async."""

    @discreet.timed("checkout")
    def pay(amount: int, *, tip: int = 0) -> int:
        """Pay."""
        return amount + tip

    @discreet.timed("checkout")
    async def pay_later(amount: int) -> int:
        await asyncio.sleep(0)
        if amount < 0:
            raise ValueError
        return amount

    assert pay(3, tip=1) == 4
    assert (pay.__name__, pay.__doc__) == ("pay", "Pay.")
    assert list(inspect.signature(pay).parameters) == ["amount", "tip"]
    assert inspect.iscoroutinefunction(pay_later)
    assert asyncio.run(pay_later(5)) == 5
    with pytest.raises(ValueError):
        asyncio.run(pay_later(-1))
    assert _counts(out) == {(): 2, (("error.type", "ValueError"),): 1}


def test_methods_and_callables(out: Recorded) -> None:
    """Methods of every sort, partials, and objects that are called, async ones too."""

    class Shop:
        @discreet.timed("checkout")
        def pay(self) -> str:
            return "paid"

        @classmethod
        @discreet.timed("checkout")
        def open(cls) -> str:
            return cls.__name__

        @staticmethod
        @discreet.timed("checkout")
        def close() -> str:
            return "closed"

    class Later:
        async def __call__(self) -> str:
            return "later"

    async def wait() -> str:
        return "waited"

    assert (Shop().pay(), Shop.open(), Shop.close()) == ("paid", "Shop", "closed")
    assert asyncio.run(discreet.timed("checkout")(Later())()) == "later"
    assert asyncio.run(discreet.timed("checkout")(functools.partial(wait))()) == "waited"
    assert _counts(out) == {(): 5}


def _generator() -> Iterator[int]:
    yield 1


async def _async_generator() -> AsyncIterator[int]:
    yield 1


@pytest.mark.parametrize(
    ("thing", "remedy"),
    [
        (_generator, "inside of it"),
        (_async_generator, "inside of it"),
        (classmethod(type), "below @classmethod"),
        (staticmethod(len), "below @classmethod"),
        (type("Shop", (), {}), "over a function"),
        (7, "over a function"),
    ],
)
def test_what_cannot_be_timed_is_said(thing: Any, remedy: str) -> None:
    """A generator function runs as long as its caller likes; the error says what to do."""
    with pytest.raises(TypeError, match=remedy):
        discreet.timed("checkout")(thing)


@pytest.mark.parametrize("name", ["", "Checkout", "check out", "checkout.", "zoe@example.org", 7, None, "a" * 129])
def test_a_name_that_is_none_is_refused(name: Any) -> None:
    """The error gives rule and remedy, and not what was given."""
    with pytest.raises(ValueError, match="lower-case words") as caught:
        discreet.timed(name)
    assert "zoe" not in str(caught.value)


def test_what_is_private_is_redacted(out: Recorded) -> None:
    """In the histogram's series and in the event, as everywhere; other values become texts, whatever they are."""

    class Unprintable:
        def __str__(self) -> str:
            raise RuntimeError

    with out.span(), discreet.timed("checkout", by=EMAIL, items=["a", EMAIL], odd=Unprintable()):
        pass
    (point,) = out.metrics()["checkout.duration"]
    assert dict(point.attributes) == {
        "by": "[REDACTED:email]",
        "items": "['a', '[REDACTED:email]']",
        "odd": "[WITHHELD:unprintable]",
    }
    assert EMAIL not in repr([event.attributes for event in out.ended()[0].events])


def test_a_span_of_its_own_on_request(out: Recorded) -> None:
    """It is of category performance, is current within, and takes the place of the event; it records what failed."""
    with out.span("outer") as outer, discreet.timed("checkout", span=True, shop="north"), out.span("inner"):
        pass
    with pytest.raises(KeyError), discreet.timed("checkout", span=True):
        raise KeyError("a")
    inner, checkout, _, failed = out.ended()
    assert (checkout.name, failed.name) == ("checkout", "checkout")
    assert checkout.parent.span_id == outer.get_span_context().span_id
    assert inner.parent.span_id == checkout.context.span_id
    assert checkout.attributes == {
        "shop": "north",
        "discreet.category": "performance",
        "discreet.security_level": "internal",
    }
    assert not any(span.events for span in out.ended()[:3])
    assert failed.events[0].attributes["exception.type"] == "KeyError"
    assert _counts(out) == {(("shop", "north"),): 1, (("error.type", "KeyError"),): 1}


def test_no_event_without_a_span_that_records(out: Recorded) -> None:
    """Outside of spans, and in one that is not sampled, there is only the histogram."""
    with discreet.timed("checkout"):
        pass
    assert _counts(out) == {(): 1}
    assert not out.ended()


def test_one_object_can_be_entered_again(out: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    """In itself, in other threads and in other tasks; each exit ends what was entered last there."""
    seconds: list[float] = []
    clock = iter(range(100))
    monkeypatch.setattr("discreet.events.timing.perf_counter", lambda: float(next(clock)))
    monkeypatch.setattr("discreet.events.timing._measure", lambda _name, took, _attributes: seconds.append(took))
    timer = discreet.timed("checkout")
    with timer, timer:
        pass
    assert seconds == [1.0, 3.0]

    async def of_two_tasks() -> None:
        first_in, second_in = asyncio.Event(), asyncio.Event()

        async def first() -> None:
            with timer:  # at 4
                first_in.set()
                await second_in.wait()  # the second has entered at 5, and ends after this one

        async def second() -> None:
            await first_in.wait()
            with timer:
                second_in.set()
                await task

        task = asyncio.ensure_future(first())
        await second()

    asyncio.run(of_two_tasks())
    assert seconds[2:] == [2.0, 2.0]
    assert timer._entered == []


def test_a_task_that_is_begun_inside_does_not_end_what_it_inherited(out: Recorded) -> None:
    """Its block is its own, and the outer one is still there to be ended."""

    async def work() -> None:
        with timer:
            await asyncio.sleep(0)

    async def main() -> None:
        with timer:
            await asyncio.gather(work(), work())

    timer = discreet.timed("checkout")
    asyncio.run(main())
    assert _counts(out) == {(): 3}
    assert timer._entered == []


def test_it_may_be_left_in_another_context(out: Recorded) -> None:
    """As the dependencies of frameworks are, which enter in one thread and leave in another."""
    timer = discreet.timed("checkout")
    contextvars.copy_context().run(timer.__enter__)
    timer.__exit__(None, None, None)
    assert _counts(out) == {(): 1}
    timer.__exit__(None, None, None)  # once too often: nothing to record
    assert _counts(out) == {(): 1}


def test_threads(out: Recorded) -> None:
    """Many threads share an object and a function, and no measurement is lost."""
    timer = discreet.timed("checkout")
    start = threading.Barrier(8)

    @timer
    def work() -> None:
        with timer:
            pass

    def many(_: int) -> None:
        start.wait()
        for _ in range(200):
            work()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(many, range(8)))
    assert _counts(out) == {(): 3200}
    assert timer._entered == []


def test_instruments_are_made_once(out: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often and from wherever a name is timed."""
    from opentelemetry.sdk.metrics import Meter

    made: list[str] = []
    original = Meter.create_histogram

    def create(self: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        made.append(name)
        return original(self, name, *args, **kwargs)

    monkeypatch.setattr(Meter, "create_histogram", create)
    for _ in range(3):
        with discreet.timed("checkout"), discreet.timed("order.shipping"):
            pass
    assert sorted(made) == ["checkout.duration", "order.shipping.duration"]


def test_the_number_of_series_is_bounded(out: Recorded) -> None:
    """What is given beyond the cardinality limit goes to the overflow series, as for any instrument."""
    from discreet.policy import Policy, put_in_force, resolve

    put_in_force(Policy.compiled(resolve(arguments={"cardinality_limit": 5})[0]))
    for number in range(20):
        with discreet.timed("checkout", number=number):
            pass
    assert len(out.metrics()["checkout.duration"]) == 6
    assert _counts(out)[("otel.metric.overflow", True),] == 15


@pytest.mark.parametrize("part", ["get_meter_provider", "span"])
def test_what_fails_in_opentelemetry_is_nothing_to_the_app(
    out: Recorded, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """It is counted, and the block runs and gives what it gives."""

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    COUNTS.reset()
    if part == "span":
        failing = types.SimpleNamespace(get_tracer=fail, get_current_span=fail)
        monkeypatch.setattr("discreet.events.timing.trace", failing)
    else:
        monkeypatch.setattr("discreet.events.instruments.get_meter_provider", fail)
    assert discreet.timed("checkout", span=True)(lambda: 7)() == 7
    assert discreet.timed("checkout")(lambda: 7)() == 7
    withheld = COUNTS.snapshot()["withheld"]
    assert (withheld["metric", "dropped"], withheld["span", "dropped"]) == ((0, 3) if part == "span" else (2, 0))
    COUNTS.reset()


BEFORE_AND_AFTER = """
import discreet
from opentelemetry import metrics
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

@discreet.timed("checkout")
def checkout():
    pass

checkout()  # nobody hears it
with discreet.timed("checkout"):
    reader = InMemoryMetricReader()
    metrics.set_meter_provider(MeterProvider([reader]))
checkout()
with discreet.timed("order.shipping"):
    pass
(resource,) = reader.get_metrics_data().resource_metrics
print({metric.name: [p.count for p in metric.data.data_points] for s in resource.scope_metrics for metric in s.metrics})
"""


def test_it_works_before_and_after_the_provider_is_set() -> None:
    """A timer that was used before there was a provider reports to it from then on, by one instrument."""
    done = subprocess.run([sys.executable, "-c", BEFORE_AND_AFTER], capture_output=True, text=True, check=True)
    assert done.stdout == "{'checkout.duration': [2], 'order.shipping.duration': [1]}\n"
    assert done.stderr == ""
