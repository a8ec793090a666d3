"""Serves the application of `tests.guard.load_app` and asks it, in a process of its own: bare, stock or guarded.

``python -m tests.guard.load_child bare FOLDER SEED SECONDS`` writes the answers to ``FOLDER/expected.json``. The other
two ask the same for so long, compare each answer with that, and write what they saw to ``FOLDER/MODE.json``.
"""

from __future__ import annotations

import contextlib
import faulthandler
import http.client
import json
import logging
import random
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import uvicorn

from tests.guard.load_app import LostError, create_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLIENTS = 4
CARDS = ("4111111111111111", "5555555555554444", "378282246310005", "6011111111111117")
NOT_COMPARED = ("date", "traceresponse", "access-control-expose-headers")
"""The server's clock; and what `discreet.context.answer_with_trace_id` is documented to add."""

SECRET = "canary"
"""Stands in every value that must not leave; and so does each of the cards."""


class Asked(NamedTuple):
    """One request; ``TALK`` stands for a conversation by WebSocket."""

    method: str
    path: str
    headers: dict[str, str]
    body: str | None = None


Answer = list[Any]
"""Status, headers, body; or what was raised instead."""


def requests_of(client: int, seed: int) -> list[Asked]:
    """Give the requests of one client: they depend on no other's, and can be asked again and again."""
    chance = random.Random(f"{seed}/{client}")
    email, card = f"zoe.{SECRET}{client}-{chance.randrange(10**6)}@example.org", CARDS[client]
    form = {"email": email, "card": card, "password": f"hunter-{SECRET}-{chance.randrange(10**6)}"}
    headers = {
        "x-user": email,
        "authorization": f"Bearer {SECRET}{chance.randbytes(20).hex()}",
        "baggage": f"who={email.replace('@', '%40')},shop=north,card={card}",
        "tracestate": f"vendor={card}",
        "cookie": f"session={SECRET}{chance.randbytes(8).hex()}",
        "content-type": "application/json",
    }

    def ask(method: str, path: str, body: Any = None) -> Asked:
        return Asked(method, path, headers, None if body is None else json.dumps(body))

    single = [
        ask("GET", f"/people/{email}"),
        ask("GET", f"/async/people/{email}"),
        ask("GET", f"/people/nobody-{email}"),
        ask("GET", f"/async/people/nobody-{email}"),
        ask("POST", "/people", form),
        ask("POST", "/async/people", form),
        ask("POST", "/people", {**form, "age": f"old {card}"}),
        ask("POST", "/people", {"email": email}),
        Asked("POST", "/async/people", headers, f'{{"password": "{SECRET}'),
        ask("GET", f"/broken/{email}"),
        ask("GET", f"/calls/{email}"),
        ask("GET", f"/async/calls/{email}"),
        ask("GET", f"/unreachable/{email}?card={card}"),
        ask("GET", f"/lost/{email}"),
        ask("GET", f"/async/lost/{email}"),
        ask("GET", f"/stream/{email}"),
        ask("GET", f"/async/stream/{email}"),
        ask("POST", "/echo", {"note": f"{email} pays with {card}", "password": form["password"]}),
        ask("PUT", "/nested", {email: [form, form], "other": []}),
        ask("GET", f"/nowhere/{email}"),
        ask("PATCH", f"/people/{email}"),
        ask("TALK", f"/talk/{email}"),
    ]
    first = [
        ask("DELETE", f"/people/{email}"),
        ask("DELETE", f"/async/people/{email}"),
        ask("POST", "/people", form),
        ask("POST", "/async/people", form),
        ask("GET", f"/journal/{email}?number=2"),
    ]
    return [*first, *chance.choices(single, k=12), *chance.sample(single, k=len(single))]


class Witness:
    """Stands before the application and notes what comes out of it as an exception, but for the application's own."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.raised: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await self.app(scope, receive, send)
        except BaseException as error:
            if not isinstance(error, LostError) and "/broken/" not in scope.get("path", ""):
                self.raised.append(f"{type(error).__name__} of {scope.get('path', scope['type']).split('/')[1:-1]}")
            raise


class Client:
    """Asks the server, one request after another over one connection, by means that nobody instruments."""

    def __init__(self, port: int, app: Any) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=40)
        self._app = app

    def ask(self, asked: Asked) -> Answer:
        try:
            return self._talk(asked) if asked.method == "TALK" else self._ask(asked)
        except Exception as error:
            self._connection.close()
            return ["raised", type(error).__name__]

    def _ask(self, asked: Asked) -> Answer:
        self._connection.request(asked.method, asked.path, asked.body, asked.headers)
        answer = self._connection.getresponse()
        body = answer.read().decode("latin-1")
        if answer.status == http.HTTPStatus.INTERNAL_SERVER_ERROR:  # the server hangs up, at its leisure
            self._connection.close()
        headers = [[name, value] for name, value in answer.getheaders() if name.lower() not in NOT_COMPARED]
        return [answer.status, headers, body]

    def _talk(self, asked: Asked) -> Answer:
        from starlette.testclient import TestClient

        with TestClient(self._app).websocket_connect(asked.path, headers=asked.headers) as socket:
            said = []
            for number in range(3):
                socket.send_text(f"{asked.path} {number}")
                said.append(socket.receive_text())
        return [101, [], said]


class Faults:
    """Puts faults into random functions of ours, a few at a time, and remembers which were in force when."""

    def __init__(self, seed: int) -> None:
        self.slots: list[list[str]] = [[]]
        self.reached: set[str] = set()
        self._chance = random.Random(seed)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="faults")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def between(self, first: int, last: int) -> list[list[str]]:
        return [slot for slot in self.slots[first : last + 1] if slot]

    def _work(self) -> None:
        from tests.guard.faults import ERRORS, Fault, faulty, functions
        from tests.guard.test_faults import CALLED_BY_OTHERS

        known = {name: function for name, function in functions().items() if name not in CALLED_BY_OTHERS}
        chance, names = self._chance, sorted(known)
        while not self._over.is_set():
            chosen = {name: Fault(chance.choice(ERRORS), chance.choice((None, None, 1, 2, 5, 20))) for name in
                      chance.sample(names, k=chance.choice((1, 1, 2, 5)))}  # fmt: skip
            self.slots.append([f"{name} {fault.error.__name__} {fault.only}" for name, fault in chosen.items()])
            with contextlib.ExitStack() as stack:
                for name, fault in chosen.items():
                    stack.enter_context(faulty(known[name], fault))
                self._over.wait(chance.choice((0.005, 0.02, 0.05, 0.1)))
            self.reached.update(name for name, fault in chosen.items() if fault.calls)


@contextlib.contextmanager
def serving(app: Any) -> Iterator[int]:
    """Serve an application on a thread; give its port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="info", timeout_keep_alive=120, lifespan="on"))
    thread = threading.Thread(target=server.run, name="server")
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the server did not start")
        time.sleep(0.02)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


def all_clients(port: int, app: Any, seed: int, each: Callable[[int, Callable[[Asked], Answer], list[Asked]], None]) -> None:
    """Run all clients at once, each on a thread of its own."""

    def work(number: int) -> None:
        each(number, Client(port, app).ask, requests_of(number, seed))

    threads = [threading.Thread(target=work, args=(number,), name=f"client {number}") for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def expect(port: int, app: Any, seed: int) -> dict[str, list[Answer]]:
    """Give the answers of each client's requests."""
    answers: dict[str, list[Answer]] = {}

    def each(number: int, ask: Callable[[Asked], Answer], requests: list[Asked]) -> None:
        answers[str(number)] = [ask(asked) for asked in requests]

    all_clients(port, app, seed, each)
    return answers


def compare(
    port: int, app: Any, seed: int, seconds: float, expected: dict[str, list[Answer]], faults: Faults | None
) -> dict[str, Any]:
    """Ask until the time is over, once at least; give how often, and what was other than expected."""
    until, asked_all, different = time.monotonic() + seconds, [0] * CLIENTS, []
    slots: list[Any] = faults.slots if faults else [[]]

    def each(number: int, ask: Callable[[Asked], Answer], requests: list[Asked]) -> None:
        while asked_all[number] == 0 or time.monotonic() < until:
            for asked, wanted in zip(requests, expected[str(number)], strict=True):
                first = len(slots) - 1
                answer = ask(asked)
                asked_all[number] += 1
                if answer != wanted:
                    during = slots[max(first - 1, 0) :]
                    different.append({"asked": asked[:2], "wanted": wanted, "got": answer, "faults": during[:20]})

    all_clients(port, app, seed, each)
    return {"asked": sum(asked_all), "different": different[:20], "different_number": len(different)}


def instrument_stock(endpoint: str) -> None:
    """Set OpenTelemetry up as its own distribution does, without us."""
    from opentelemetry import metrics, trace
    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    from opentelemetry.instrumentation.logging import LoggingInstrumentor
    from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
    from opentelemetry._logs import set_logger_provider
    from opentelemetry.sdk._logs import LoggerProvider
    from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    tracers, loggers = TracerProvider(), LoggerProvider()
    tracers.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{endpoint}/v1/traces")))
    loggers.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(f"{endpoint}/v1/logs")))
    reader = PeriodicExportingMetricReader(OTLPMetricExporter(f"{endpoint}/v1/metrics"))
    trace.set_tracer_provider(tracers)
    set_logger_provider(loggers)
    metrics.set_meter_provider(MeterProvider([reader]))
    for kind in (FastAPIInstrumentor, HTTPXClientInstrumentor, LoggingInstrumentor, SQLAlchemyInstrumentor):
        kind().instrument(skip_dep_check=True)


class Watching:
    """Processors that the application adds to what was set up, which look for raw values in all that they are handed."""

    def __init__(self) -> None:
        from opentelemetry import trace
        from opentelemetry._logs import get_logger_provider
        from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
        from opentelemetry.sdk.trace.export import SimpleSpanProcessor

        self.seen, self.raw = 0, []
        spans: Any = trace.get_tracer_provider()
        spans.add_span_processor(SimpleSpanProcessor(self))  # type: ignore[arg-type]
        logs: Any = get_logger_provider()
        logs.add_log_record_processor(SimpleLogRecordProcessor(self))  # type: ignore[arg-type]

    def export(self, batch: Any) -> None:
        from opentelemetry.sdk.trace import ReadableSpan
        from tests.guard.faults import everything

        for record in batch:
            self.seen += 1
            is_span = isinstance(record, ReadableSpan)
            told = everything(record) if is_span else f"{record!r} {vars(record.log_record)}"
            if is_raw(told):
                self.raw.append(told[:2000])

    def shutdown(self) -> None:
        pass

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return True


def is_raw(text: str) -> bool:
    return SECRET in text or any(card in text for card in CARDS)


WORKERS = ("OtelBatchSpanRecordProcessor", "OtelBatchLogRecordProcessor", "OtelPeriodicExportingMetricReader")


def main(mode: str, folder: Path, seed: int, seconds: float) -> None:
    """Serve, ask, and write down what was seen."""
    faulthandler.dump_traceback_later(seconds + 100, exit=True)  # a deadlock
    if mode == "stock":
        instrument_stock(sys.argv[5])
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    (folder / mode).mkdir()
    app = create_app(folder / mode)
    witness, watching = Witness(app), Watching() if mode == "guarded" else None
    faults = Faults(seed) if mode == "guarded" else None
    with serving(witness) as port:
        app.state.url = f"http://127.0.0.1:{port}"
        if mode == "bare":
            found: dict[str, Any] = {"answers": expect(port, witness, seed)}
            (folder / "expected.json").write_text(json.dumps(found["answers"]))
        else:
            expected = json.loads((folder / "expected.json").read_text())
            found = compare(port, witness, seed, 0, expected, None)
            if faults:
                faults.start()
            more = compare(port, witness, seed, seconds, expected, faults)
            if faults:
                faults.stop()
                after = compare(port, witness, seed, 0, expected, None)
                found |= {"after": after, "reached": sorted(faults.reached), "slots": len(faults.slots)}
            found |= {"quiet": dict(found), **more}
    alive = {thread.name for thread in threading.enumerate()}
    found |= {
        "raised": witness.raised,
        "ended": [name for name in WORKERS if mode != "bare" and name not in alive],
        "arrived": [str(headers) for headers in app.state.arrived[:5]],
        "raw_headers": [str(headers) for headers in app.state.arrived if is_raw(str(headers))][:5],
        "modules": [name for name in ("discreet", "opentelemetry.sdk") if name in sys.modules],
        "watched": watching.seen if watching else 0,
        "raw": watching.raw[:5] if watching else [],
    }
    (folder / f"{mode}.json").write_text(json.dumps(found, indent=1))
    faulthandler.cancel_dump_traceback_later()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
