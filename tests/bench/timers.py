"""What `discreet.timed` costs, as a ratio to taking the time and recording it by hand.

    python tests/bench/timers.py [ROUNDS]

Prints for each way the median of the ratios to `perf_counter` twice and `histogram.record` within the same round;
rounds are interleaved, and the bare way runs twice in each (A/A), so that the noise is seen beside the cost. CPU time
of the calling thread, the guard armed throughout.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from time import perf_counter
from typing import TYPE_CHECKING

from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import SpanLimits, TracerProvider

import discreet
from discreet import guard

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 5_000
ATTRIBUTES = {"shop": "north", "channel": "web"}

guard.install()
metrics.set_meter_provider(MeterProvider([InMemoryMetricReader()], shutdown_on_exit=False))
trace.set_tracer_provider(TracerProvider(shutdown_on_exit=False, span_limits=SpanLimits(max_events=SpanLimits.UNSET)))
HISTOGRAM = metrics.get_meter("bench").create_histogram("bare.duration", unit="s")
TIMER = discreet.timed("checkout", attributes=ATTRIBUTES)


def _bare() -> None:
    begin = perf_counter()
    HISTOGRAM.record(perf_counter() - begin, ATTRIBUTES)


def _bare_with_event() -> None:
    begin = perf_counter()
    seconds = perf_counter() - begin
    HISTOGRAM.record(seconds, ATTRIBUTES)
    trace.get_current_span().add_event("checkout", {**ATTRIBUTES, "name": "checkout", "duration": seconds, "is": "it"})


def _block() -> None:
    with discreet.timed("checkout", attributes=ATTRIBUTES):
        pass


def _same_object() -> None:
    with TIMER:
        pass


@TIMER
def _function() -> None:
    pass


def _seconds(work: Callable[[], None]) -> float:
    begin = time.thread_time()
    for _ in range(RUNS):
        work()
    return time.thread_time() - begin


def _in_a_span(work: Callable[[], None]) -> float:
    with trace.get_tracer("bench").start_as_current_span("request"):
        return _seconds(work)


WAYS: dict[str, Callable[[], float]] = {
    "by hand again (A/A)": lambda: _seconds(_bare),
    "a function": lambda: _seconds(_function),
    "a block, one object": lambda: _seconds(_same_object),
    "a block": lambda: _seconds(_block),
    "by hand, with an event": lambda: _in_a_span(_bare_with_event),
    "a block, in a span": lambda: _in_a_span(_block),
}


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    bare: list[float] = []
    ratios: dict[str, list[float]] = {name: [] for name in WAYS}
    for number in range(rounds + 1):
        gc.collect()
        gc.disable()
        base, *found = _seconds(_bare), *(way() for way in WAYS.values())
        gc.enable()
        if number:  # the first warms up
            bare.append(base / RUNS * 1e6)
            for name, seconds in zip(WAYS, found, strict=True):
                ratios[name].append(seconds / base)
    print(f"{'by hand':24}{statistics.median(bare):6.2f} us")
    for name, values in ratios.items():
        print(f"{name:24}{statistics.median(values):6.2f}")


if __name__ == "__main__":
    main()
