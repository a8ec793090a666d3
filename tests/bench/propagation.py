"""What the guard costs an outgoing call: its client span and the headers that are written, as ratios to the bare SDK.

    python tests/bench/propagation.py [ROUNDS]

Prints for calls without baggage, and with three entries that may not or may go out, sampled and not, the median of the
ratios to the bare SDK within the same round; rounds are interleaved, and the bare SDK runs twice in each (A/A), so that
the noise is seen beside the cost. A call is what an HTTP client's instrumentation does: start a CLIENT span with a URL,
make it current, inject; the call itself is left out, so that the ratio is the worst there is.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from typing import TYPE_CHECKING

from opentelemetry import baggage, context, propagate
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON
from opentelemetry.trace import SpanKind

from discreet import guard
from discreet.policy import Policy, put_in_force, resolve

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

CALLS = 2000
ENTRIES = {"tenant": "north", "app.plan": "gold", "app.region": "eu-west-1"}
OPEN = {"baggage_keys": "tenant, app.*", "baggage_hosts": "*.internal, 10.0.0.0/8"}
CASES = {
    "no baggage": ({}, {}),
    "no baggage, lists set": ({}, OPEN),
    "3 entries, closed": (ENTRIES, {}),
    "3 entries, open": (ENTRIES, OPEN),
}


def _calls(tracer: Tracer) -> float:
    attributes = {"http.method": "GET", "http.url": "http://inventory.internal:8080/items/7"}
    begin = time.process_time()
    for _ in range(CALLS):
        with tracer.start_as_current_span("GET", kind=SpanKind.CLIENT, attributes=attributes):
            propagate.inject({})
    return time.process_time() - begin


def _measure(entries: dict[str, str], options: dict[str, str], tracer: Tracer, rounds: int) -> tuple[float, ...]:
    """Give microseconds a bare call, the A/A ratio, the guard's ratio, and the microseconds it adds (medians)."""
    ctx = context.Context()
    for key, value in entries.items():
        ctx = baggage.set_baggage(key, value, ctx)
    token = context.attach(ctx)
    put_in_force(Policy.compiled(resolve(arguments=options)[0]))
    bare, again, guarded, added = [], [], [], []
    for number in range(rounds + 1):
        gc.collect()
        gc.disable()
        first = _calls(tracer)
        second = _calls(tracer)
        guard.install()
        with_guard = _calls(tracer)
        guard.uninstall()
        gc.enable()
        if number:  # the first warms up
            bare.append(first / CALLS * 1e6)
            again.append(second / first)
            guarded.append(with_guard / first)
            added.append((with_guard - first) / CALLS * 1e6)
    context.detach(token)
    return tuple(map(statistics.median, (bare, again, guarded, added)))


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    print(f"{'':34}{'bare SDK':>12}{'bare again':>12}{'guarded':>10}{'adds':>10}")
    for name, (entries, options) in CASES.items():
        for sampler, word in ((ALWAYS_ON, "sampled"), (ALWAYS_OFF, "unsampled")):
            tracer = TracerProvider(sampler=sampler, shutdown_on_exit=False).get_tracer("bench")
            bare, again, guarded, added = _measure(entries, options, tracer, rounds)
            label = f"{name}, {word}"
            print(f"{label:34}{bare:9.1f} us{again:12.2f}{guarded:10.2f}{added:7.1f} us", flush=True)


if __name__ == "__main__":
    main()
