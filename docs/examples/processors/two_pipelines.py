"""Two pipelines in one process: what leaves the house is redacted, what stays on this machine is whole.

Run it as `python docs/examples/processors/two_pipelines.py`. Nothing of OpenTelemetry is replaced: only the processors
made here redact, by the policy of the `DISCREET_*` variables.
"""

import sys
from typing import TextIO

from opentelemetry._logs import LogRecord
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import ConsoleLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor

from discreet import RedactingLogRecordProcessor, RedactingSpanProcessor


def traced(leaving: TextIO, staying: TextIO) -> TracerProvider:
    """Give a provider whose spans leave redacted, and stay whole."""
    provider = TracerProvider()
    provider.add_span_processor(RedactingSpanProcessor(BatchSpanProcessor(ConsoleSpanExporter(out=leaving))))
    provider.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter(out=staying)))
    return provider


def logged(leaving: TextIO) -> LoggerProvider:
    """Give a provider whose log records leave redacted."""
    provider = LoggerProvider()
    exporter = ConsoleLogRecordExporter(out=leaving)
    provider.add_log_record_processor(RedactingLogRecordProcessor(SimpleLogRecordProcessor(exporter)))
    return provider


def main(leaving: TextIO = sys.stdout, staying: TextIO = sys.stderr) -> None:
    """Say something private in both signals."""
    spans, logs = traced(leaving, staying), logged(leaving)
    with spans.get_tracer("shop").start_as_current_span("POST /orders") as span:
        span.set_attribute("customer", "zoe@example.org")
        logs.get_logger("shop").emit(LogRecord(body="order of zoe@example.org, card 4111 1111 1111 1111"))
    spans.shutdown()
    logs.shutdown()


if __name__ == "__main__":
    main()
