"""The propagator net: a process that names `discreet` in `OTEL_PROPAGATORS` is guarded whole, without a word."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.pipeline.launching import BIN

pytestmark = pytest.mark.seams

PROGRAM = """
from opentelemetry import baggage, propagate, trace
from opentelemetry.context import Context
from opentelemetry.sdk.trace import TracerProvider
url = {"url.full": "http://shop.example.org/"}
span = TracerProvider().get_tracer("app").start_span("GET", kind=trace.SpanKind.CLIENT, attributes=url)
context = baggage.set_baggage("tenant", "north", trace.set_span_in_context(span, Context()))
context = baggage.set_baggage("who", "zoe@example.org", context)
for _ in range(2):
    carrier = {}
    propagate.inject(carrier, context=context)
    print(carrier["baggage"])
from discreet.guard import unguarded
print(unguarded(), type(propagate.get_global_textmap()).__name__)
"""


@pytest.mark.parametrize("propagators", ["tracecontext,baggage,discreet", "discreet,baggage"])
def test_the_point_that_is_still_being_imported_is_armed_at_first_use(propagators: str) -> None:
    """`opentelemetry.propagate` makes the propagator before it defines what the guard replaces there."""
    variables = {
        "OTEL_PROPAGATORS": propagators,
        "DISCREET_BAGGAGE_KEYS": "tenant,who",
        "DISCREET_BAGGAGE_HOSTS": "shop.example.org",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["tenant=north", "tenant=north", "[] GuardedPropagator"]


@pytest.mark.parametrize("launched", [True, False], ids=["opentelemetry-instrument", "as the operator does"])
def test_it_may_be_named_where_our_distribution_is_in_force_as_well(launched: bool) -> None:
    """OpenTelemetry's instrumentation makes the propagators while it is being imported itself."""
    from opentelemetry.instrumentation import auto_instrumentation

    sites = {} if launched else {"PYTHONPATH": auto_instrumentation.__path__[0]}
    variables = {"OTEL_PROPAGATORS": "tracecontext,baggage,discreet", "DISCREET_BAGGAGE_KEYS": "tenant", **sites}
    exporters = {f"OTEL_{signal}_EXPORTER": "none" for signal in ("TRACES", "METRICS", "LOGS")}
    program = "from discreet.guard import unguarded; print(unguarded())"
    done = subprocess.run(
        [*([str(BIN / "opentelemetry-instrument")] if launched else []), sys.executable, "-c", program],
        env={**os.environ, **exporters, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")
