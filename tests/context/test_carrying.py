"""What a request sets going keeps its trace: background tasks, workers behind a queue, outgoing calls."""

from __future__ import annotations

import logging
import queue
import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import BackgroundTasks, FastAPI
from fastapi.testclient import TestClient
from opentelemetry import propagate
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.trace import SpanKind

import discreet

if TYPE_CHECKING:
    from tests.context.conftest import Telemetry

pytestmark = pytest.mark.seams
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-01"
log = logging.getLogger("shop")


def traces(telemetry: Telemetry) -> dict[str, str]:
    """Give the trace id of each log record of the shop by its body."""
    telemetry.loggers.force_flush()
    return {str(data.log_record.body): f"{data.log_record.trace_id:032x}" for data in telemetry.kept_logs.records}


def test_a_request_keeps_the_trace_of_its_caller_through_all_it_does(telemetry: Telemetry, log: logging.Logger) -> None:
    """Background tasks, a worker in another thread, and the headers of a call to another service."""
    app, messages, called = FastAPI(), queue.Queue[Any](), list[httpx.Request]()

    def answer(asked: httpx.Request) -> httpx.Response:
        called.append(asked)
        return httpx.Response(200)

    inventory = httpx.Client(transport=httpx.MockTransport(answer))
    HTTPXClientInstrumentor.instrument_client(inventory, tracer_provider=telemetry.tracers)

    @app.post("/orders")
    def order(tasks: BackgroundTasks) -> str | None:
        discreet.user("zoe")
        headers: dict[str, str] = {}
        propagate.inject(headers)
        messages.put(headers)
        tasks.add_task(log.info, "in the background")
        inventory.get("http://inventory.example.org/stock")
        return discreet.trace_id()

    def work() -> None:
        context = propagate.extract(messages.get())
        with telemetry.span("work", context=context, kind=SpanKind.CONSUMER):
            log.info("by the worker")

    FastAPIInstrumentor.instrument_app(app, tracer_provider=telemetry.tracers)
    worker = threading.Thread(target=work)
    worker.start()
    with TestClient(app) as client:
        assert client.post("/orders", headers={"traceparent": PARENT}).json() == TRACE
    worker.join()
    FastAPIInstrumentor.uninstrument_app(app)
    assert traces(telemetry) == {"in the background": TRACE, "by the worker": TRACE}
    assert [asked.headers["traceparent"][3:35] for asked in called] == [TRACE]
    assert "baggage" not in called[0].headers
    assert telemetry.users()["in the background"] is not None
    assert telemetry.users()["by the worker"] is None  # ids do not travel: the message says whose it is


def test_a_worker_goes_from_message_to_message(telemetry: Telemetry, log: logging.Logger) -> None:
    """Each message has its own trace and its own user; one that names nobody is nobody's."""
    sent: list[tuple[str, dict[str, str]]] = []
    for who in ("zoe", "", "max"):
        headers: dict[str, str] = {}
        with telemetry.span("send", kind=SpanKind.PRODUCER):
            propagate.inject(headers)
        sent.append((who, headers))
    for number, (who, headers) in enumerate(sent):
        with telemetry.span("work", context=propagate.extract(headers), kind=SpanKind.CONSUMER):
            if who:
                discreet.user(who)
            log.info("message %s", number)
    assert traces(telemetry) == {f"message {n}": headers["traceparent"][3:35] for n, (_, headers) in enumerate(sent)}
    users = list(telemetry.users().values())
    assert users[1] is None
    assert None not in {users[0], users[2]}
    assert users[0] != users[2]
