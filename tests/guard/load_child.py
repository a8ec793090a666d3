"""Serves the application of `tests.guard.load_app` and asks it, in a process of its own.

It is bare, under stock OpenTelemetry, guarded by ``opentelemetry-instrument``, or configured in code.
``python -m tests.guard.load_child bare FOLDER SEED SECONDS`` writes the answers to ``FOLDER/expected.json``. The others
ask the same for so long, compare each answer with that, and write what they saw to ``FOLDER/MODE.json``.
"""

from __future__ import annotations

import contextlib
import faulthandler
import http.client
import json
import logging
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import uvicorn

from tests.guard.load_app import LostError, create_app
from tests.guard.load_requests import CLIENTS, Asked, is_raw, requests_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


NOT_COMPARED = ("date", "traceresponse", "access-control-expose-headers")
"""The server's clock; and what `discreet.context.answer_with_trace_id` is documented to add."""

Answer = list[Any]
"""Status, headers, body; or what was raised instead."""


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
                self.raised.append(f"{type(error).__name__} of {scope['type']} {scope.get('path')}: {place_of(error)}")
            raise


def place_of(error: BaseException) -> list[str]:
    return [f"{frame.name} {frame.filename.rpartition('site-packages')[2]}:{frame.lineno}" for frame in
            traceback.extract_tb(error.__traceback__)[-8:]]  # fmt: skip


class Client:
    """Asks the server, one request after another, by means that nobody instruments."""

    def __init__(self, port: int, app: Any) -> None:
        self._port, self._app = port, app

    def ask(self, asked: Asked) -> Answer:
        try:
            return self._talk(asked) if asked.method == "TALK" else self._ask(asked)
        except Exception as error:
            return ["raised", type(error).__name__]

    def _ask(self, asked: Asked) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=40)
        with contextlib.closing(connection):
            connection.request(asked.method, asked.path, asked.body, asked.headers)
            answer = connection.getresponse()
            headers = [[name, value] for name, value in answer.getheaders() if name.lower() not in NOT_COMPARED]
            return [answer.status, headers, answer.read().decode("latin-1")]

    def _talk(self, asked: Asked) -> Answer:
        from starlette.testclient import TestClient

        with TestClient(self._app).websocket_connect(asked.path, headers=asked.headers) as socket:
            said = []
            for number in range(3):
                socket.send_text(f"{asked.path} {number}")
                said.append(socket.receive_text())
        return [101, [], said]


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


class Load(NamedTuple):
    """The server under load, and the seed of what it is asked."""

    port: int
    app: Any
    seed: int

    def run(self, each: Callable[[int, Callable[[Asked], Answer], list[Asked]], None]) -> None:
        """Run all clients at once, each on a thread of its own."""

        def work(number: int) -> None:
            each(number, Client(self.port, self.app).ask, requests_of(number, self.seed))

        threads = [threading.Thread(target=work, args=(number,), name=f"client {number}") for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def answers(self) -> dict[str, list[Answer]]:
        """Give the answers of each client's requests."""
        answers: dict[str, list[Answer]] = {}

        def each(number: int, ask: Callable[[Asked], Answer], requests: list[Asked]) -> None:
            answers[str(number)] = [ask(asked) for asked in requests]

        self.run(each)
        return answers

    def compared(
        self, expected: dict[str, list[Answer]], seconds: float = 0, slots: list[list[str]] | None = None
    ) -> dict[str, Any]:
        """Ask until the time is over, once at least; give how often, and what was other than expected."""
        until, numbers, different, those = time.monotonic() + seconds, [0] * CLIENTS, [], slots or [[]]

        def each(number: int, ask: Callable[[Asked], Answer], requests: list[Asked]) -> None:
            while numbers[number] == 0 or time.monotonic() < until:
                for asked, wanted in zip(requests, expected[str(number)], strict=True):
                    first = len(those) - 2
                    answer = ask(asked)
                    numbers[number] += 1
                    if answer != wanted:
                        during = those[max(first, 0) :]
                        different.append({"asked": asked[:2], "wanted": wanted, "got": answer, "faults": during[:20]})

        self.run(each)
        return {"asked": sum(numbers), "different": different[:20], "different_number": len(different)}


def instrument_stock(endpoint: str) -> None:
    """Set OpenTelemetry up as its own distribution does, without us."""
    from opentelemetry import metrics, trace
    from opentelemetry._logs import set_logger_provider
    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    from opentelemetry.instrumentation.logging import LoggingInstrumentor
    from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
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


WORKERS = ("OtelBatchSpanRecordProcessor", "OtelBatchLogRecordProcessor", "OtelPeriodicExportingMetricReader")


def main(mode: str, folder: Path, seed: int, seconds: float) -> None:
    """Serve, ask, and write down what was seen."""
    faulthandler.dump_traceback_later(seconds + 100, exit=True)  # a deadlock
    if mode == "stock":
        instrument_stock(sys.argv[5])
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    (folder / mode).mkdir()
    app = create_app(folder / mode)
    if mode == "configured":
        import discreet

        discreet.configure()
    witness = Witness(app)
    with serving(witness) as port:
        app.state.url = f"http://127.0.0.1:{port}"
        found = seen_by(Load(port, witness, seed), mode, folder, seconds)
        alive = {thread.name for thread in threading.enumerate()}
    found |= {
        "raised": witness.raised,
        "ended": [name for name in WORKERS if mode != "bare" and name not in alive],
        "raw_headers": [str(headers) for headers in app.state.arrived if is_raw(str(headers))][:5],
        "modules": [name for name in ("discreet", "opentelemetry.sdk") if name in sys.modules],
    }
    (folder / f"{mode}.json").write_text(json.dumps(found, indent=1))
    faulthandler.cancel_dump_traceback_later()


def seen_by(load: Load, mode: str, folder: Path, seconds: float) -> dict[str, Any]:
    """Give what the clients saw, and with faults what those reached and what watching processors were handed."""
    if mode == "bare":
        answers = load.answers()
        (folder / "expected.json").write_text(json.dumps(answers))
        return {"answers": answers}
    expected = json.loads((folder / "expected.json").read_text())
    if mode == "stock":
        return {"quiet": load.compared(expected)}
    from tests.guard.load_faults import Faults, Watching

    faults = Faults(seed=load.seed)
    watching = Watching(faults)
    found = {"quiet": load.compared(expected)}
    with faults.watching():
        load.compared(expected, 2)
    with faults.failing():
        found |= load.compared(expected, seconds, faults.slots)
    found["after"] = load.compared(expected)
    return found | {
        "called": faults.called,
        "failed": sorted(faults.failed),
        "slots": len(faults.slots),
        "watched": watching.seen,
        "raw": watching.raw[:5],
    }


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
