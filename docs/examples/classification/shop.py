"""A shop that writes spans and log records; each is printed with the category and level that it leaves with."""

import logging
from typing import Any

from opentelemetry import trace
from opentelemetry._logs import set_logger_provider
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import ConsoleLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor

import discreet


def line(name: object, attributes: Any) -> str:
    """Give what a record says of itself."""
    return f"{attributes['discreet.category']:<12} {attributes['discreet.security_level']:<13} {name}\n"


def main() -> None:
    """Set up providers that print, and let the shop work."""
    traces, logs = TracerProvider(), LoggerProvider()
    spans = ConsoleSpanExporter(formatter=lambda span: line(span.name, span.attributes))
    records = ConsoleLogRecordExporter(formatter=lambda data: line(data.log_record.body, data.log_record.attributes))
    traces.add_span_processor(SimpleSpanProcessor(spans))
    logs.add_log_record_processor(SimpleLogRecordProcessor(records))
    trace.set_tracer_provider(traces)
    set_logger_provider(logs)
    logging.getLogger().addHandler(LoggingHandler(logger_provider=logs))
    discreet.configure(instrument=False, signals=())
    work()


def work() -> None:
    """Emit what a shop does."""
    tracer = trace.get_tracer("shop")
    server = trace.SpanKind.SERVER
    tracer.start_span("GET /orders/{id}", kind=server, attributes={"http.route": "/orders/{id}"}).end()
    tracer.start_span("GET /admin/users", kind=server, attributes={"http.route": "/admin/users"}).end()
    tracer.start_span("SELECT orders", attributes={"db.system.name": "postgresql"}).end()
    tracer.start_span("checkout", attributes={"discreet.category": "business"}).end()
    logging.getLogger("shop.payments").warning("a payment was refused")
    logging.getLogger("shop.stock").warning("3 left")
    logging.getLogger("shop.stock").warning("3 left", extra={"tenant": "gold-7"})
    logging.getLogger("shop.stock").warning("3 left", extra={"user.id": "u-1"})
    logging.getLogger("shop.mail").warning("no mailbox: zoe@example.org")
    logging.getLogger("shop.mail").warning("refused: password=hunter2")


if __name__ == "__main__":
    main()
