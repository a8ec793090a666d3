"""What the guard costs a measurement with four attributes, as a ratio to the bare SDK.

    python tests/bench/measurements.py [ROUNDS]

Prints for each way the median of the ratios to the bare SDK within the same round; rounds are interleaved, and the bare
SDK runs twice in each (A/A), so that the noise is seen beside the cost. CPU time of the calling thread.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from discreet import guard
from discreet.guard import cardinality
from discreet.policy import Policy, put_in_force, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

MEASUREMENTS = 5_000
SERIES = 50


def _attributes(number: int) -> dict[str, Any]:
    return {
        "http.request.method": "GET",
        "http.route": f"/route/{number % SERIES}",
        "http.response.status_code": 200,
        "url.scheme": "https",
    }


SETS = [_attributes(number) for number in range(SERIES)]


def _add() -> float:
    """Give the seconds that measurements of a fresh provider take, series made beforehand."""
    counter = MeterProvider([InMemoryMetricReader()], shutdown_on_exit=False).get_meter("bench").create_counter("c")
    for attributes in SETS:
        counter.add(1, attributes)
    begin = time.thread_time()
    for number in range(MEASUREMENTS):
        counter.add(1, SETS[number % SERIES])
    return time.thread_time() - begin


def _guarded(limit: int = 2000) -> float:
    guard.install()
    put_in_force(Policy.compiled(resolve(arguments={"cardinality_limit": limit})[0]))
    try:
        return _add()
    finally:
        guard.uninstall()
        put_in_force(None)


def _bound_alone() -> float:
    from opentelemetry.sdk.metrics._internal._view_instrument_match import _ViewInstrumentMatch as Match

    original = Match.consume_measurement
    Match.consume_measurement = cardinality.consume_measurement(original)  # type: ignore[method-assign]
    try:
        return _add()
    finally:
        Match.consume_measurement = original  # type: ignore[method-assign]


WAYS: dict[str, Callable[[], float]] = {
    "bare SDK again (A/A)": _add,
    "the cardinality bound alone": _bound_alone,
    "the whole guard": _guarded,
    "the whole guard, overflowing": lambda: _guarded(SERIES // 2),
}


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    bare: list[float] = []
    ratios: dict[str, list[float]] = {name: [] for name in WAYS}
    for number in range(rounds + 1):
        gc.collect()
        gc.disable()
        base, *found = _add(), *(way() for way in WAYS.values())
        gc.enable()
        if number:  # the first warms up
            bare.append(base / MEASUREMENTS * 1e6)
            for name, seconds in zip(WAYS, found, strict=True):
                ratios[name].append(seconds / base)
    print(f"{'bare SDK':32}{statistics.median(bare):6.2f} us")
    for name, values in ratios.items():
        print(f"{name:32}{statistics.median(values):6.3f}")


if __name__ == "__main__":
    main()
