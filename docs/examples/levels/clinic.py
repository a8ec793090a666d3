"""A clinic that prints what everybody may see, sends on what the staff may see, and keeps the rest for the few.

Run it as `DISCREET_CONFIG=discreet.yaml python clinic.py`. Nothing in its code is about levels.
"""

from collections.abc import Sequence

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import (
    ConsoleSpanExporter,
    SimpleSpanProcessor,
    SpanExporter,
    SpanExportResult,
)

import discreet


class Sent(SpanExporter):
    """Stands for an exporter that sends; prints what it would send."""

    who = "sent"

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Print the spans."""
        for span in spans:
            print(line(self.who, span), end="")
        return SpanExportResult.SUCCESS


class Vault(Sent):
    """Stands for a store that few can read."""

    who = "vault"


def line(who: str, span: ReadableSpan) -> str:
    """Give a span as one line: its level and name, how long it is to be kept, and what it holds."""
    held = dict(span.attributes or {})
    level, kept = held.pop("discreet.security_level"), held.pop("discreet.retention", "")
    rest = {key: value for key, value in held.items() if key != "discreet.category"}
    return f"{who:7} {level!s:12} {span.name:12} {kept:3} {rest}\n"


def main() -> None:
    """Record one span of each level, and one of audit."""
    discreet.configure(signals=(), instrument=False)
    provider = TracerProvider()
    console = ConsoleSpanExporter(formatter=lambda span: line("console", span))
    for exporter in (console, Sent(), Vault()):
        provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer("clinic")
    tracer.start_span("heartbeat", attributes={"discreet.security_level": "public"}).end()
    tracer.start_span("list rooms", attributes={"rooms": 7}).end()
    tracer.start_span("invite", attributes={"to": "zoe@example.org"}).end()
    tracer.start_span("pay", attributes={"card": "4111 1111 1111 1111", "http.request.method": "POST"}).end()
    provider.get_tracer("clinic.audit").start_span("open file", attributes={"file": 12}).end()


if __name__ == "__main__":
    main()
