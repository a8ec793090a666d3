"""A shop: users bound by a dependency, a classified block, a queue with a worker. Prints what left, record by record.

python docs/examples/context/shop.py
"""

from __future__ import annotations

import logging
import queue
import threading
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header
from fastapi.testclient import TestClient
from opentelemetry import propagate, trace
from opentelemetry._logs import set_logger_provider
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.trace import TracerProvider

import discreet

log = logging.getLogger("shop")
tracer = trace.get_tracer("shop")
orders: queue.Queue[Any] = queue.Queue()
app = FastAPI()


def current_user(x_user: Annotated[str, Header()], x_tenant: Annotated[str, Header()]) -> str:
    """Find out who asks, as a login does, and bind it for the rest of the request."""
    discreet.user(x_user, tenant=x_tenant)
    return x_user


@app.post("/orders/{number}", status_code=202)
def order(number: int, user: Annotated[str, Depends(current_user)]) -> None:
    """Take an order; the worker does the rest. The message takes the trace along, and says who ordered."""
    log.info("order %s taken", number)
    message: dict[str, Any] = {"number": number, "user": user, "headers": {}}
    propagate.inject(message["headers"])
    orders.put(message)


@discreet.classify(category="business", level="confidential")
def ship(number: int) -> None:
    """Ship an order; whatever is recorded here is business."""
    log.info("order %s shipped", number)


def work() -> None:
    """Take messages one by one, as a worker of Celery does, each in the trace of its request."""
    while (message := orders.get()) is not None:
        context = propagate.extract(message["headers"])
        with tracer.start_as_current_span("ship", context=context, kind=trace.SpanKind.CONSUMER):
            discreet.user(message["user"])
            ship(message["number"])


def main() -> None:
    """Serve two users, then print what left: body, class, whose it is, and which request of which trace."""
    trace.set_tracer_provider(TracerProvider())
    exporter, loggers = InMemoryLogRecordExporter(), LoggerProvider()  # type: ignore[no-untyped-call]
    loggers.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    set_logger_provider(loggers)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    discreet.configure(signals=(), process_metrics=False, system_metrics=False)
    worker = threading.Thread(target=work)
    worker.start()
    with TestClient(app) as client:
        for number, user in ((1, "zoe"), (2, "max")):
            headers = {"x-user": user, "x-tenant": "acme", "X-Request-ID": f"gateway-{number}"}
            answer = client.post(f"/orders/{number}", headers=headers)
            print(f"{user} was answered with trace {answer.headers['traceresponse'][3:35]}")
    orders.put(None)
    worker.join()
    for data in exporter.get_finished_logs():
        record, held = data.log_record, dict[str, Any](data.log_record.attributes or {})
        if data.instrumentation_scope and data.instrumentation_scope.name == "shop":
            print(f"{record.body!s} [{held['discreet.category']}, {held['discreet.security_level']}]")
            print(f"  trace {record.trace_id:032x}")
            print(f"  user {held['user.id']}")
            print(f"  tenant {held.get('discreet.tenant', '-')}")
            print(f"  request {held.get('http.request.header.x-request-id', '-')}")


if __name__ == "__main__":
    main()
