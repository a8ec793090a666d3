"""The receiver that tests and demonstrations trust: what it keeps, what it answers, and that it stops."""

import gzip
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry._logs import LogRecord
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcSpanExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter

import discreet.testing
from discreet.testing import OtlpReceiver

RESOURCE = Resource({"service.name": "sender"})


@pytest.fixture
def receiver() -> Iterator[OtlpReceiver]:
    with OtlpReceiver() as running:
        yield running


def send_span(exporter: SpanExporter, **attributes: str) -> None:
    provider = TracerProvider(resource=RESOURCE)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    provider.get_tracer("scope", "1.0").start_span("step", attributes=attributes).end()
    provider.shutdown()


def post(url: str, body: bytes, **headers: str) -> int:
    request = urllib.request.Request(url, data=body, headers={k.replace("_", "-"): v for k, v in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_span_with_scope_and_resource(receiver: OtlpReceiver) -> None:
    """A span sent over HTTP is there with its attributes, scope and resource."""
    send_span(OTLPSpanExporter(f"{receiver.endpoint}/v1/traces"), colour="blue")
    (span,) = receiver.spans()
    assert (span.name, span.attributes, span.scope.name) == ("step", {"colour": "blue"}, "scope")
    assert discreet.testing.plain_attributes(span.resource.attributes) == {"service.name": "sender"}
    assert len(span.trace_id) == 32


def test_log_with_nested_body(receiver: OtlpReceiver) -> None:
    """A log body and its attributes come out as plain Python, however nested."""
    provider = LoggerProvider(resource=RESOURCE)
    provider.add_log_record_processor(SimpleLogRecordProcessor(OTLPLogExporter(f"{receiver.endpoint}/v1/logs")))
    body: dict[str, Any] = {"text": "a", "list": [1, 2.5, True], "map": {"deep": b"\xff"}}
    provider.get_logger("scope").emit(LogRecord(body=body, attributes={"n": 1}))
    provider.shutdown()
    (log,) = receiver.logs()
    assert log.body == body
    assert log.attributes == {"n": 1}


def test_metric_points(receiver: OtlpReceiver) -> None:
    """A metric gives its points, and the attributes of each as plain Python."""
    reader = PeriodicExportingMetricReader(OTLPMetricExporter(f"{receiver.endpoint}/v1/metrics"))
    provider = MeterProvider([reader], RESOURCE)
    counter = provider.get_meter("scope").create_counter("visits")
    counter.add(1, {"room": "a"})
    counter.add(2, {"room": "b"})
    provider.shutdown()
    (metric,) = receiver.metrics()
    assert metric.name == "visits"
    assert metric.series == [{"room": "a"}, {"room": "b"}]


@pytest.mark.parametrize("compression", Compression)
def test_search_sees_through_compression(receiver: OtlpReceiver, compression: Compression) -> None:
    """Text is found in the bytes that left, whatever the exporter's compression."""
    exporter = OTLPSpanExporter(f"{receiver.endpoint}/v1/traces", compression=compression)
    send_span(exporter, colour="needle in the haystack")
    assert receiver.contains("needle in the haystack")
    assert not receiver.contains("needle in the haystack", "logs")
    assert not receiver.contains("no such needle")
    assert b"needle" in receiver.raw("traces")[0]


def test_search_covers_headers(receiver: OtlpReceiver) -> None:
    """A value that left in a request header counts as having left."""
    send_span(OTLPSpanExporter(f"{receiver.endpoint}/v1/traces", headers={"x-tenant": "acme-canary"}))
    assert receiver.contains("acme-canary")
    assert receiver.requests("traces")[0].header("X-Tenant") == "acme-canary"


def test_grpc(receiver: OtlpReceiver) -> None:
    """The same spans arrive over gRPC, with the call's metadata as headers."""
    exporter = GrpcSpanExporter(receiver.grpc_endpoint, insecure=True, headers=(("x-tenant", "acme"),))
    send_span(exporter, colour="blue")
    (span,) = receiver.spans()
    assert span.attributes == {"colour": "blue"}
    assert receiver.requests("traces")[0].header("x-tenant") == "acme"


def test_refusal_is_told_and_kept_apart(receiver: OtlpReceiver) -> None:
    """While told to refuse, the sender gets that status; the bytes count as sent, the records not as accepted."""
    body = ExportTraceServiceRequest()
    body.resource_spans.add().scope_spans.add().spans.add(name="refused")
    receiver.answer(503)
    assert post(f"{receiver.endpoint}/v1/traces", body.SerializeToString()) == 503
    assert receiver.contains("refused")
    assert receiver.spans() == []
    receiver.answer(200)
    assert post(f"{receiver.endpoint}/v1/traces", body.SerializeToString()) == 200
    assert [span.name for span in receiver.spans()] == ["refused"]


def test_grpc_refusal(receiver: OtlpReceiver) -> None:
    """A refusal reaches a gRPC sender as that status's equivalent."""
    grpc = pytest.importorskip("grpc")
    method = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
    receiver.answer(403)
    target = receiver.grpc_endpoint.removeprefix("http://")
    with grpc.insecure_channel(target) as channel, pytest.raises(grpc.RpcError) as refused:
        channel.unary_unary(method)(b"", timeout=5)
    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("/v1/traces", b"\xff\xff\xff", {}, 400),
        ("/v1/traces", b"no gzip", {"Content_Encoding": "gzip"}, 400),
        ("/v1/profiles", b"", {}, 404),
        ("/v1/traces?tenant=a", gzip.compress(b""), {"Content_Encoding": "gzip"}, 200),
    ],
)
def test_answers(receiver: OtlpReceiver, path: str, body: bytes, headers: dict[str, str], status: int) -> None:
    """What is not OTLP is answered as a collector would, and never stops the receiver."""
    assert post(receiver.endpoint + path, body, **headers) == status


def test_wait_for(receiver: OtlpReceiver) -> None:
    """Waiting ends with the request that makes the predicate true, and with False when none does."""
    sender = threading.Timer(0.05, post, (f"{receiver.endpoint}/v1/traces", b""))
    sender.start()
    assert receiver.wait_for(lambda: receiver.raw("traces"), timeout=5)
    assert not receiver.wait_for(receiver.logs, timeout=0.01)
    sender.join()


def test_clear(receiver: OtlpReceiver) -> None:
    """After `clear()` nothing of before is found."""
    send_span(OTLPSpanExporter(f"{receiver.endpoint}/v1/traces"))
    receiver.clear()
    assert (receiver.requests(), receiver.spans()) == ([], [])


def test_nothing_listens_after_the_block() -> None:
    """When the block ends, its ports are closed, what was received stays, and a new use is an error that says so."""
    with OtlpReceiver() as receiver:
        endpoint = receiver.endpoint
        post(f"{endpoint}/v1/logs", b"")
    with pytest.raises(urllib.error.URLError):
        post(f"{endpoint}/v1/logs", b"")
    assert len(receiver.raw("logs")) == 1
    with pytest.raises(RuntimeError, match="context manager"):
        _ = receiver.endpoint


def test_import_is_light() -> None:
    """Importing the package loads neither gRPC nor protobuf nor a server."""
    code = (
        "import sys, discreet.testing; print([m for m in sys.modules if m.split('.')[0] in ('grpc', 'google', 'http')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_public_names() -> None:
    """Every public name of the package is there, and an unknown one is an ordinary AttributeError."""
    assert all(getattr(discreet.testing, name) for name in discreet.testing.__all__)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = discreet.testing.no_such_name
