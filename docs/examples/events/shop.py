"""A shop that logs what happens in it: orders, logins, how long a checkout takes, and what fails.

Run it as `python docs/examples/events/shop.py`: it sends to a receiver of its own, and prints what arrived there.
"""

from __future__ import annotations

import logging
from typing import Any

from opentelemetry import _logs, metrics, trace

import discreet
from discreet.testing import OtlpReceiver

logger = logging.getLogger("shop")
tracer = trace.get_tracer("shop")


class OutOfStockError(Exception):
    """There is none left."""


def reserve(sku: str, customer: str) -> None:
    """Take one from the shelf."""
    if sku == "milk":
        raise OutOfStockError(f"no {sku} left for {customer}")


@discreet.timed("checkout", channel="web")
def check_out(sku: str, customer: str) -> None:
    """Sell one."""
    reserve(sku, customer)
    discreet.event("order.placed", items=1, attributes={"order.sku": sku, "order.by": customer})


def log_in(user: str, password: str) -> bool:
    """Let nobody in who says the wrong word."""
    right = password == "open sesame"
    outcome = "success" if right else "failure"
    discreet.security("login", outcome=outcome, attributes={"user.email": user, "tried": f"password={password}"})
    return right


def serve(sku: str, customer: str) -> None:
    """Answer a request, in a trace of its own."""
    with tracer.start_as_current_span("POST /orders") as span:
        try:
            check_out(sku, customer)
        except OutOfStockError as error:
            span.record_exception(error)
            logger.exception("order failed")


def send() -> None:
    """Send what waits, and end; an app leaves that to the SDK."""
    providers: list[Any] = [trace.get_tracer_provider(), _logs.get_logger_provider(), metrics.get_meter_provider()]
    for provider in providers:
        provider.shutdown()


def show(receiver: OtlpReceiver) -> None:
    """Print what arrived: events and logs with their attributes, spans with their events, series of metrics."""
    for log in receiver.logs():
        print(f"{log.record.severity_text} {log.record.event_name or log.body}")
        for key, value in log.attributes.items():
            if key != "exception.stacktrace":
                print(f"    {key}: {value}")
    for span in receiver.spans():
        print(f"span {span.name}: {', '.join(event.name for event in span.record.events)}")
    for metric in receiver.metrics():
        if metric.name in {"checkout.duration", "discreet.errors"}:
            print(f"metric {metric.name} ({metric.record.unit})")
            for series in metric.series:
                print(f"    {', '.join(f'{key}: {value}' for key, value in series.items())}")


def main() -> None:
    """Set up, be busy, and look at what left."""
    with OtlpReceiver() as receiver:
        discreet.configure(
            service_name="shop", endpoint=receiver.endpoint, protocol="http/protobuf", instrument=["logging"]
        )
        log_in("zoe@example.org", "guessed")
        for sku in ("tea", "milk"):
            serve(sku, "zoe@example.org")
        send()
        show(receiver)
        for group in discreet.error_groups():
            print(f"group {group.fingerprint}: {group.count} x {group.type}, {group.category}")
        print("no address or password left:", not receiver.contains("zoe@") and not receiver.contains("guessed"))


if __name__ == "__main__":
    main()
