"""A login within a request: whatever part of the requests is sampled, every login is.

Run it as `OTEL_TRACES_SAMPLER=parentbased_traceidratio OTEL_TRACES_SAMPLER_ARG=0 python sampled.py`.
"""

from opentelemetry import trace

import discreet


def main() -> None:
    """Record a request, and a login and a query within it."""
    discreet.configure(signals=["traces"], exporters=["console"], instrument=False)
    with trace.get_tracer("clinic").start_as_current_span("POST /login"):
        trace.get_tracer("clinic.security").start_span("login").end()
        trace.get_tracer("clinic").start_span("query").end()


if __name__ == "__main__":
    main()
