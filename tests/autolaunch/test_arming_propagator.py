"""The propagator net: a process that names `discreet` in `OTEL_PROPAGATORS` is guarded whole, without a word."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

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
