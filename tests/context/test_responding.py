"""The trace id goes back to the caller, over ASGI and WSGI, with and without an instrumentation."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI
from flask import Flask, request
from opentelemetry import trace
from opentelemetry.instrumentation import propagators
from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware as ASGIOpenTelemetryMiddleware
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.instrumentation.wsgi import OpenTelemetryMiddleware
from opentelemetry.trace import SpanKind
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from werkzeug.test import Client

import discreet
from discreet.context import TraceResponseMiddleware, TraceResponseWSGIMiddleware, answer_with_trace_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.context.conftest import Telemetry

pytestmark = pytest.mark.seams
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
log = logging.getLogger("shop")


@pytest.fixture(autouse=True)
def no_response_propagator(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin without one."""
    monkeypatch.setattr(propagators, "_RESPONSE_PROPAGATOR", None)


@pytest.fixture
def globally(telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch) -> Telemetry:
    """The providers of the tests are the global ones."""
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", telemetry.tracers)
    return telemetry


def plain(_environ: Any, start_response: Any) -> list[bytes]:
    """A WSGI application that says who asks."""
    discreet.user(_environ["HTTP_X_USER"])
    start_response("200 OK", [("Content-Type", "text/plain")])
    log.info(_environ["HTTP_X_USER"])
    return [b"plain"]


def streaming(environ: Any, start_response: Any) -> Iterator[bytes]:
    """One whose answer begins as it is read."""
    discreet.user(environ["HTTP_X_USER"])
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"stream"
    log.info(environ["HTTP_X_USER"])
    yield b"ed"


def flask() -> Any:
    """A Flask application."""
    app = Flask("shop")

    @app.get("/")
    def home() -> str:
        return plain(request.environ, lambda *_: None)[0].decode()

    return app


def ask(app: Any, who: str = "zoe") -> Any:
    """Ask a WSGI application; give its answer, closed as a server closes it."""
    response = Client(app).get("/", headers={"traceparent": PARENT, "X-User": who})
    response.get_data()
    response.close()
    return response


def server_span(telemetry: Telemetry) -> Any:
    """Give the only span of a server."""
    telemetry.tracers.force_flush()
    (span,) = [span for span in telemetry.kept_spans.records if span.kind is SpanKind.SERVER]
    return span


def check(telemetry: Telemetry, header: str | None) -> None:
    """Assert that the header is that of the server span, which goes on with the caller's trace and has the user."""
    span = server_span(telemetry)
    assert header == f"00-{PARENT[3:35]}-{span.context.span_id:016x}-{span.context.trace_flags:02x}"
    assert span.context.trace_id == int(PARENT[3:35], 16)
    assert span.attributes["user.id"] == telemetry.users()["zoe"] is not None
    assert trace.get_current_span() is trace.INVALID_SPAN


@pytest.mark.parametrize("app", [plain, streaming])
def test_the_wsgi_instrumentation(app: Any, telemetry: Telemetry, log: logging.Logger) -> None:
    """Whose middleware ignores response propagators by itself."""
    answer_with_trace_id()
    response = ask(OpenTelemetryMiddleware(app, tracer_provider=telemetry.tracers))
    check(telemetry, response.headers["traceresponse"])
    assert response.headers["Content-Type"] == "text/plain"


def test_the_flask_instrumentation(telemetry: Telemetry, log: logging.Logger) -> None:
    """Which writes the header once, also behind the middleware."""
    answer_with_trace_id()
    app = flask()
    FlaskInstrumentor().instrument_app(app, tracer_provider=telemetry.tracers)  # type: ignore[no-untyped-call]
    response = ask(app)
    check(telemetry, response.headers["traceresponse"])
    behind = ask(OpenTelemetryMiddleware(app, tracer_provider=telemetry.tracers))
    assert len(behind.headers.getlist("traceresponse")) == 1


def test_nothing_is_added_where_the_policy_says_so(telemetry: Telemetry, log: logging.Logger) -> None:
    """Without a response propagator there is no header."""
    assert "traceresponse" not in ask(OpenTelemetryMiddleware(plain, tracer_provider=telemetry.tracers)).headers


@pytest.mark.parametrize("app", [plain, streaming])
def test_the_wsgi_middleware(app: Any, globally: Telemetry, log: logging.Logger) -> None:
    """Without any instrumentation there is a span, an id and a user all the same."""
    check(globally, ask(TraceResponseWSGIMiddleware(app)).headers["traceresponse"])
    held = server_span(globally).attributes
    assert (held["http.request.method"], held["url.path"], held["http.response.status_code"]) == ("GET", "/", 200)


def test_the_wsgi_middleware_within_an_instrumentation(globally: Telemetry, log: logging.Logger) -> None:
    """No second span, no second header."""
    answer_with_trace_id()
    inner = OpenTelemetryMiddleware(TraceResponseWSGIMiddleware(plain), tracer_provider=globally.tracers)
    response = ask(inner)
    check(globally, response.headers["traceresponse"])
    assert len(response.headers.getlist("traceresponse")) == 1


@pytest.mark.parametrize("wrap", [TraceResponseWSGIMiddleware, OpenTelemetryMiddleware])
def test_an_application_that_raises(wrap: Any, globally: Telemetry, log: logging.Logger) -> None:
    """Its error goes through, and nothing of its request is left in the thread."""

    def failing(environ: Any, _start_response: Any) -> list[bytes]:
        discreet.user(environ["HTTP_X_USER"])
        log.info("failing")
        raise KeyError

    with pytest.raises(KeyError):
        ask(wrap(failing))
    log.info("afterwards")
    assert server_span(globally).status.is_ok is False
    assert globally.users()["failing"] is not None
    assert globally.users()["afterwards"] is None


@pytest.mark.parametrize("wrap", [TraceResponseWSGIMiddleware, OpenTelemetryMiddleware])
@pytest.mark.parametrize("app", [plain, streaming])
def test_requests_on_one_thread(app: Any, wrap: Any, globally: Telemetry, log: logging.Logger) -> None:
    """One after the other, and at once on several threads: each is its own user's."""
    served = wrap(app)
    users = [f"user{number}" for number in range(12)]
    threads = [
        threading.Thread(target=lambda mine: [ask(served, user) for user in mine], args=(users[start::3],))
        for start in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = globally.users()
    assert set(found) == set(users)
    assert len(set(found.values())) == len(users)
    assert None not in found.values()


async def _get(app: Any, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.example.org") as client:
        return await client.get("/", headers={"traceparent": PARENT, **headers})


def asgi() -> Starlette:
    """A Starlette application that binds a user."""

    async def home(_request: Any) -> PlainTextResponse:
        discreet.user("zoe")
        log.info("zoe")
        return PlainTextResponse("home")

    return Starlette(routes=[Route("/", home)])


def added() -> Any:
    """With the middleware added to the application."""
    app = asgi()
    app.add_middleware(TraceResponseMiddleware)
    return app


@pytest.mark.parametrize(
    "make",
    [
        added,
        lambda: TraceResponseMiddleware(asgi()),
        lambda: ASGIOpenTelemetryMiddleware(asgi(), exclude_spans=["send", "receive"]),
        lambda: ASGIOpenTelemetryMiddleware(added(), exclude_spans=["send", "receive"]),
    ],
    ids=["added", "put round", "instrumented", "both"],
)
def test_over_asgi(make: Any, globally: Telemetry, log: logging.Logger) -> None:
    """By the middleware, by the instrumentation, or by both: one span, one header."""
    answer_with_trace_id()
    response = asyncio.run(_get(make()))
    check(globally, response.headers["traceresponse"])
    assert len(response.headers.get_list("traceresponse", split_commas=True)) == 1


def test_fastapi_with_telemetry_of_its_own(globally: Telemetry, log: logging.Logger) -> None:
    """Where it begins a span of a server beside the instrumentation's, both have the user."""
    app = FastAPI()

    @app.get("/")
    def home() -> None:
        discreet.user("zoe")

    FastAPIInstrumentor.instrument_app(app, tracer_provider=globally.tracers)
    asyncio.run(_get(app))
    FastAPIInstrumentor.uninstrument_app(app)
    globally.tracers.force_flush()
    servers = [span for span in globally.kept_spans.records if span.kind is SpanKind.SERVER]
    assert servers
    assert None not in [span.attributes.get("user.id") for span in servers]
