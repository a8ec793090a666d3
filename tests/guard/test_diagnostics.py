"""What OpenTelemetry itself logs quotes nothing, and does not flood."""

from __future__ import annotations

import logging
import os
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
import requests
from opentelemetry import baggage
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.exporter.otlp.proto.common._internal import _encode_attributes
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk import _configuration
from opentelemetry.sdk.resources import OTELResourceDetector
from opentelemetry.sdk.trace import TracerProvider, sampling
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Status, StatusCode, TraceState
from opentelemetry.util.re import parse_env_headers

from discreet import guard
from discreet.guard.diagnostics import RULES
from tests.guard.memory import EMAIL, Kept, logged, measured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.seams

SECRET = "hunter2-canary"


@pytest.fixture(autouse=True)
def _armed() -> None:
    guard.install()


def _attribute_key() -> None:
    TracerProvider(shutdown_on_exit=False).get_tracer("t").start_span("s").set_attribute("", SECRET)


def _callback() -> None:
    def broken(_options: object) -> list[object]:
        raise ValueError(SECRET)

    provider, reader = measured()
    provider.get_meter("t").create_observable_gauge("g", [broken])  # type: ignore[list-item]
    reader.get_metrics_data()


class _Refusing(BaseHTTPRequestHandler):
    """Answers with a reason phrase that quotes."""

    def do_POST(self) -> None:
        self.send_response(400, f"bad {SECRET}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _refusing() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/?token={SECRET}"
        server.shutdown()


def _one_span(exporter: Any, name: str = "work") -> None:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    provider.get_tracer("t").start_span(name).end()
    provider.force_flush()


def _refused_export() -> None:
    with _refusing() as url:
        _one_span(HttpExporter(endpoint=url, timeout=2))


def _unreachable_export() -> None:
    _one_span(HttpExporter(endpoint=f"http://user:{SECRET}@127.0.0.1:9/v1/traces", timeout=1))


def _unreachable_grpc() -> None:
    _one_span(GrpcExporter(endpoint=f"http://user:{SECRET}@127.0.0.1:9", insecure=True, timeout=1))


def _raising_export() -> None:
    class Raising(SpanExporter):
        def export(self, spans: Any) -> Any:
            raise ValueError(SECRET)

    _one_span(Raising())


def _client_debug() -> None:
    logger = logging.getLogger("urllib3.connectionpool")
    logger.setLevel(logging.DEBUG)
    try:
        with _refusing() as url:
            requests.get(url, timeout=5)
    finally:
        logger.setLevel(logging.NOTSET)


def _variables() -> None:
    names = ("OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_BLRP_SCHEDULE_DELAY", "OTEL_TRACES_SAMPLER")
    os.environ.update(dict.fromkeys(names, SECRET))
    try:
        _one_span(Kept())
        logged()
        sampling._get_from_env_or_default()
        _configuration._import_sampler(SECRET)
    finally:
        for name in names:
            del os.environ[name]


def _description() -> None:
    TracerProvider(shutdown_on_exit=False).get_tracer("t").start_span("s").set_status(Status(StatusCode.OK, SECRET))


def _encoder() -> None:
    class Odd:
        def __repr__(self) -> str:
            return SECRET

    _encode_attributes({SECRET: Odd()})  # type: ignore[dict-item]


def _payload() -> None:
    logging.getLogger("opentelemetry._opamp.agent").warning("Job %r failed", {"headers": SECRET})


def _resource(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", SECRET)
    OTELResourceDetector().detect()


PROVOKED: dict[str, Callable[[], object]] = {
    "headers": lambda: parse_env_headers(f"api-key: {SECRET}", liberal=True),
    "headers, strict": lambda: parse_env_headers(f"api-key: {SECRET}"),
    "attribute key": _attribute_key,
    "trace state member": lambda: TraceState([("vendor", f"{SECRET}={EMAIL}")]),
    "baggage entry": lambda: W3CBaggagePropagator().extract({"baggage": f"{SECRET};;=,=x"}),
    "baggage key": lambda: baggage.set_baggage(f"{SECRET} ()", EMAIL),
    "callback": _callback,
    "export refused by HTTP": _refused_export,
    "export unreachable by HTTP": _unreachable_export,
    "export unreachable by gRPC": _unreachable_grpc,
    "export that raises": _raising_export,
    "debugging of the HTTP client": _client_debug,
    "variables": _variables,
    "description of a status": _description,
    "value that cannot be encoded": _encoder,
    "payload of OpAMP": _payload,
}


@pytest.mark.parametrize("case", PROVOKED)
def test_a_complaint_quotes_nothing(case: str, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever OpenTelemetry complains about, the value is in no record that it logs, and in no line of its clients."""
    with caplog.at_level(logging.DEBUG):
        PROVOKED[case]()
    assert "canary" not in caplog.text
    own = [record for record in caplog.records if record.name.startswith("opentelemetry")]
    said = " ".join(f"{record.getMessage()} {record.exc_info} {record.exc_text}" for record in own)
    assert "canary" not in said


def test_a_bad_resource_pair_is_not_quoted(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """A pair that cannot be read is said without its text."""
    _resource(monkeypatch)
    assert "canary" not in caplog.text
    assert "[WITHHELD]" in caplog.text


def test_failing_exports_are_said_once(caplog: pytest.LogCaptureFixture) -> None:
    """Three exporters that fail again and again make one line, with the remedy."""
    exporters = [rule.logger for rule in RULES if "otlp.proto.http" in rule.logger and rule.remedy]
    for _ in range(5):
        for name in exporters:
            logging.getLogger(name).warning("Transient error %s, url: %s", "refused", f"http://x/?token={SECRET}")
    assert len(caplog.records) == 1
    assert "OTEL_EXPORTER_OTLP_ENDPOINT" in caplog.text
    assert "canary" not in caplog.text


def test_a_filter_that_fails_withholds(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Fails closed, and nothing reaches the logging call."""
    monkeypatch.setattr("discreet.guard.diagnostics.Withholding._filter", lambda *_: 1 / 0)
    logging.getLogger("opentelemetry.attributes").warning("about %s", SECRET)
    assert caplog.records[0].getMessage() == "[discreet: withheld]"
