"""What comes in with a request: ids that others gave it, and listed baggage."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from flask import Flask
from opentelemetry import context, propagate
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.instrumentation.wsgi import OpenTelemetryMiddleware
from opentelemetry.trace import SpanKind
from werkzeug.test import Client

from tests.context.conftest import enforce

if TYPE_CHECKING:
    from tests.context.conftest import Telemetry

pytestmark = pytest.mark.seams
ID = "http.request.header.x-request-id"
CORRELATION = "http.request.header.x-correlation-id"
HEADERS = {
    "X-Request-ID": "req-81f2",
    "X-Correlation-ID": "of zoe@example.org",
    "Cf-Ray": "ray-1",
    "baggage": "tenant=acme,mail=zoe%40example.org,app.plan=gold,other=1",
}
log = logging.getLogger("shop")


def fastapi(telemetry: Telemetry) -> None:
    """Ask a FastAPI application."""
    app = FastAPI()

    @app.get("/")
    def home() -> None:
        log.info("home")
        with telemetry.span("child"):
            pass

    FastAPIInstrumentor.instrument_app(app, tracer_provider=telemetry.tracers, exclude_spans=["send", "receive"])
    with TestClient(app) as client:
        client.get("/", headers=HEADERS)
    FastAPIInstrumentor.uninstrument_app(app)


def flask(telemetry: Telemetry) -> None:
    """Ask a Flask application."""
    app = Flask("shop")

    @app.get("/")
    def home() -> str:
        log.info("home")
        with telemetry.span("child"):
            return ""

    FlaskInstrumentor().instrument_app(app, tracer_provider=telemetry.tracers)  # type: ignore[no-untyped-call]
    app.test_client().get("/", headers=HEADERS)


def wsgi(telemetry: Telemetry) -> None:
    """Ask a plain WSGI application."""

    def home(_environ: Any, start_response: Any) -> list[bytes]:
        log.info("home")
        with telemetry.span("child"):
            start_response("200 OK", [])
            return [b"home"]

    Client(OpenTelemetryMiddleware(home, tracer_provider=telemetry.tracers)).get("/", headers=HEADERS).close()


FRAMEWORKS = pytest.mark.parametrize("ask", [fastapi, flask, wsgi])


def entry_and_log(telemetry: Telemetry) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the attributes of the span of the server and of the log record; no other span has them."""
    telemetry.tracers.force_flush()
    (server,) = [span for span in telemetry.kept_spans.records if span.kind is SpanKind.SERVER]
    assert set(telemetry.spans()["child"]) == {"discreet.category", "discreet.security_level"}
    return dict(server.attributes), telemetry.logs()["home"]


@FRAMEWORKS
def test_foreign_request_ids_are_kept(ask: Any, telemetry: Telemetry, log: logging.Logger) -> None:
    """As arrays, which is how the conventions name headers; redacted like any other attribute."""
    ask(telemetry)
    for held in entry_and_log(telemetry):
        assert (held[ID], held[CORRELATION]) == (["req-81f2"], ["of [REDACTED:email]"])
        assert not {"tenant", "mail", "http.request.header.cf-ray"} & set(held)


@FRAMEWORKS
def test_which_headers_and_which_baggage_is_the_policys(ask: Any, telemetry: Telemetry, log: logging.Logger) -> None:
    """Listed entries of baggage become attributes of the server span and the log records, redacted."""
    enforce(request_id_headers="cf-ray", baggage_attributes="tenant, mail, app.*")
    ask(telemetry)
    for held in entry_and_log(telemetry):
        assert held["http.request.header.cf-ray"] == ["ray-1"]
        assert (held["tenant"], held["mail"], held["app.plan"]) == ("acme", "[REDACTED:email]", "gold")
        assert not {ID, CORRELATION, "other"} & set(held)


def test_what_is_no_id_is_left_out(telemetry: Telemetry) -> None:
    """Beyond 256 characters, or four values, nothing is kept; messages and calls over RPC have no such header."""
    carrier = {"x-request-id": "x" * 257, "x-correlation-id": ["1", "2", "3", "4", "5"]}
    extracted = propagate.extract(carrier)
    for name, kind, attributes in (
        ("http", SpanKind.SERVER, {"http.request.method": "GET"}),
        ("rpc", SpanKind.SERVER, {"rpc.system": "grpc"}),
        ("message", SpanKind.CONSUMER, {}),
    ):
        with telemetry.span(name, context=extracted, kind=kind, attributes=attributes):
            pass
    spans = telemetry.spans()
    assert spans["http"].get(ID) is None
    assert spans["http"][CORRELATION] == ["1", "2", "3", "4"]
    assert CORRELATION not in {**spans["rpc"], **spans["message"]}


def test_the_next_request_has_ids_of_its_own(telemetry: Telemetry) -> None:
    """Also where the context of the last one is handed on."""
    first = propagate.extract({"x-request-id": "1"})
    second = propagate.extract({}, context=first)
    with telemetry.span("second", context=second, kind=SpanKind.SERVER):
        pass
    assert ID not in telemetry.spans()["second"]


@pytest.mark.parametrize("carrier", [None, 7, {"x-request-id": 7}, {"x-request-id": [None]}])
def test_a_strange_carrier_is_taken_as_without_us(telemetry: Telemetry, carrier: Any) -> None:
    """What the propagators make of it counts; nothing of ours is raised."""

    class Getter:
        def get(self, carrier: Any, key: str) -> Any:
            if carrier is None and key == "x-request-id":
                raise RuntimeError
            return carrier.get(key) if isinstance(carrier, dict) and not key.startswith(("trace", "bag")) else None

        def keys(self, carrier: Any) -> list[str]:
            return []

    extracted = propagate.extract(carrier, context.Context(), Getter())  # type: ignore[arg-type]
    with telemetry.span("s", context=extracted, kind=SpanKind.SERVER):
        pass
    assert ID not in telemetry.spans()["s"]
