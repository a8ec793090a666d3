"""The bound on the series of one instrument: what comes beyond it is one overflow series, counted."""

from __future__ import annotations

import gc
import os
import weakref
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.metrics import Observation
from opentelemetry.sdk.metrics import Counter, Histogram, MeterProvider
from opentelemetry.sdk.metrics.export import AggregationTemporality, InMemoryMetricReader
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View

from discreet import guard
from discreet.metrics.counts import COUNTS
from discreet.policy import Policy, put_in_force, resolve
from tests.guard.memory import EMAIL, measured, points

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.seams

LIMIT = 3
OVERFLOW = {"otel.metric.overflow": True}


def _limit(limit: int) -> None:
    put_in_force(Policy.compiled(resolve(arguments={"cardinality_limit": limit})[0]))


@pytest.fixture(autouse=True)
def _armed() -> None:
    guard.install()
    _limit(LIMIT)
    COUNTS.reset()


def _overflowed() -> int:
    return COUNTS.snapshot()["overflow"][()]


def _series(found: list[Any]) -> list[tuple[dict[str, Any], Any]]:
    return [(dict(point.attributes), point.value if hasattr(point, "value") else point.count) for point in found]


INSTRUMENTS: dict[str, Callable[[Any], Callable[[Any], None]]] = {
    "counter": lambda meter: lambda attributes: meter.create_counter("m").add(1, attributes),
    "up_down_counter": lambda meter: lambda attributes: meter.create_up_down_counter("m").add(1, attributes),
    "histogram": lambda meter: lambda attributes: meter.create_histogram("m").record(1, attributes),
    "gauge": lambda meter: lambda attributes: meter.create_gauge("m").set(1, attributes),
}


@pytest.mark.parametrize("kind", INSTRUMENTS)
def test_what_comes_beyond_the_bound_is_one_series(kind: str) -> None:
    """Sets of attributes that were there keep counting; the rest is the overflow series, and is counted."""
    provider, reader = measured()
    say = INSTRUMENTS[kind](provider.get_meter("t"))
    for _ in range(2):
        for number in range(10):
            say({"n": number})
    each, rest = (1, 1) if kind == "gauge" else (2, 14)
    assert _series(points(reader)["m"]) == [({"n": number}, each) for number in range(LIMIT)] + [(OVERFLOW, rest)]
    assert _overflowed() == 14


def test_as_many_sets_as_the_bound_do_not_overflow() -> None:
    """The bound is reached, not passed (OpenTelemetry metrics SDK: no overflow at or below the limit)."""
    provider, reader = measured()
    say = INSTRUMENTS["counter"](provider.get_meter("t"))
    for _ in range(3):
        for number in range(LIMIT):
            say({"n": number})
    assert len(points(reader)["m"]) == LIMIT
    assert _overflowed() == 0


def test_measurements_without_attributes_are_a_set_too() -> None:
    """The empty set has its series like any other, also when the instrument is full."""
    provider, reader = measured()
    say = INSTRUMENTS["counter"](provider.get_meter("t"))
    for attributes in (None, {"n": 1}, {"n": 2}, {"n": 3}, None, {}):
        say(attributes)
    assert _series(points(reader)["m"]) == [({}, 3), ({"n": 1}, 1), ({"n": 2}, 1), (OVERFLOW, 1)]


@pytest.mark.parametrize("kind", ["counter", "up_down_counter", "gauge"])
def test_observable_instruments_are_bound(kind: str) -> None:
    """Observations beyond the bound are summed in the overflow series, anew at each collection."""
    provider, reader = measured()
    create = getattr(provider.get_meter("t"), f"create_observable_{kind}")
    create("m", [lambda _: [Observation(5, {"n": number}) for number in range(10)]])
    rest = 5 if kind == "gauge" else 35
    for _ in range(3):
        assert _series(points(reader)["m"]) == [({"n": number}, 5) for number in range(LIMIT)] + [(OVERFLOW, rest)]
    assert _overflowed() == 21


def test_a_view_that_keeps_some_attributes_overflows_under_the_right_name() -> None:
    """A view counts the sets that it keeps, and its overflow series has the overflow attribute all the same."""
    reader = InMemoryMetricReader()
    view = View(instrument_name="m", attribute_keys={"kept"})
    say = INSTRUMENTS["counter"](MeterProvider([reader], views=[view], shutdown_on_exit=False).get_meter("t"))
    for number in range(10):
        say({"kept": number % 2, "left": number})
    assert _series(points(reader)["m"]) == [({"kept": 0}, 5), ({"kept": 1}, 5)]
    for number in range(10):
        say({"kept": number, "left": number})
    assert _series(points(reader)["m"])[-1] == (OVERFLOW, 7)


def test_delta_temporality_and_exponential_histograms_are_bound() -> None:
    """With delta temporality a set that has a series keeps it after a collection, and the overflow series goes on."""
    reader = InMemoryMetricReader(
        preferred_temporality={Counter: AggregationTemporality.DELTA, Histogram: AggregationTemporality.DELTA},
        preferred_aggregation={Histogram: ExponentialBucketHistogramAggregation()},
    )
    meter = MeterProvider([reader], shutdown_on_exit=False).get_meter("t")
    counter, histogram = meter.create_counter("c"), meter.create_histogram("h")
    for _ in range(2):
        for number in range(10):
            counter.add(1, {"n": number})
            histogram.record(number, {"n": number})
        found = points(reader)
        for name in ("c", "h"):
            assert _series(found[name]) == [({"n": number}, 1) for number in range(LIMIT)] + [(OVERFLOW, 7)]


def test_redacted_sets_are_what_is_counted() -> None:
    """The bound comes after redaction: a thousand addresses are one series, and overflow nothing."""
    provider, reader = measured()
    say = INSTRUMENTS["counter"](provider.get_meter("t"))
    for number in range(1000):
        say({"who": f"{number}.{EMAIL}"})
    assert _series(points(reader)["m"]) == [({"who": "[REDACTED:email]"}, 1000)]
    assert _overflowed() == 0


def test_sets_that_differ_in_type_only_are_told_apart_as_the_sdk_does() -> None:
    """What the SDK keeps in one series is one set here: a set that has a series is never taken for a new one."""
    _limit(2)
    provider, reader = measured()
    say = INSTRUMENTS["counter"](provider.get_meter("t"))
    for attributes in ({"n": "1"}, {"n": (1, "a")}, {"n": "1"}, {"n": (1, "a")}, {"n": 7}):
        say(attributes)
    assert [count for _, count in _series(points(reader)["m"])] == [2, 2, 1]


def test_the_bound_follows_the_policy() -> None:
    """A higher bound makes room at once; a lower one leaves the series that are there."""
    provider, reader = measured()
    say = INSTRUMENTS["counter"](provider.get_meter("t"))
    for limit, numbers in ((3, 5), (6, 10), (1, 20)):
        _limit(limit)
        for number in range(numbers):
            say({"n": number})
    own = [attributes["n"] for attributes, _ in _series(points(reader)["m"]) if attributes != OVERFLOW]
    assert own == [0, 1, 2, 3, 4]  # the overflow series takes a place once it is there


def test_a_fault_in_the_bound_never_reaches_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the bound cannot be applied, the measurement has its own clean series, and the app sees nothing."""

    def broken(*_: Any) -> Any:
        raise RuntimeError(EMAIL)

    monkeypatch.setattr("discreet.guard.cardinality._key", broken)
    provider, reader = measured()
    say = INSTRUMENTS["counter"](provider.get_meter("t"))
    for number in range(5):
        say({"n": number, "who": EMAIL})
    assert [count for _, count in _series(points(reader)["m"])] == [1] * 5
    assert _overflowed() == 0


def test_memory_is_bound_and_given_back() -> None:
    """However many sets come, nothing grows; and what a full instrument needs goes with its provider."""
    provider, reader = measured()
    counter = provider.get_meter("t").create_counter("m")
    for number in range(5_000):
        counter.add(1, {"n": number})
    consumer: Any = provider._measurement_consumer
    (storage,) = consumer._reader_storages.values()
    (match,) = storage._instrument_view_instrument_matches[counter]
    assert len(match._attributes_aggregation) == LIMIT + 1
    assert len(match._discreet_overflow.known) == LIMIT + 1
    gone = weakref.ref(match)
    provider.shutdown()
    del provider, reader, counter, match, consumer, storage
    gc.collect()
    assert gone() is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_keeps_the_bound() -> None:
    """A child goes on from the series that it inherited, and counts anew what overflows there."""
    provider, reader = measured()
    say = INSTRUMENTS["counter"](provider.get_meter("t"))
    for number in range(10):
        say({"n": number})
    if (child := os.fork()) == 0:
        for number in range(20):
            say({"n": number})
        os._exit(0 if len(points(reader)["m"]) == LIMIT + 1 and _overflowed() == 17 else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert _overflowed() == 7


def test_the_default_is_what_the_specification_says() -> None:
    """2,000 sets of attributes, unless the policy says otherwise."""
    put_in_force(None)
    provider, reader = measured()
    counter = provider.get_meter("t").create_counter("m")
    for number in range(2_005):
        counter.add(1, {"n": number})
    assert len(points(reader)["m"]) == 2_001
    assert _overflowed() == 5
