"""OTLP over HTTP/protobuf, received by the standard library's threading server."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from discreet.testing.request import SIGNALS, Request, Signal, decompress

RESPONSES = {
    "traces": ExportTraceServiceResponse,
    "logs": ExportLogsServiceResponse,
    "metrics": ExportMetricsServiceResponse,
}
_PROTOBUF = "application/x-protobuf"


class HttpEndpoint:
    """A running server on a free loopback port; `take` gets each request and gives the status to answer."""

    def __init__(self, take: Callable[[Request], int]) -> None:
        self._server = _Server(take)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="otlp-http-receiver", daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """The base URL, without a signal's path."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Stop listening, and end the connections that senders keep open."""
        self._server.shutdown()
        self._server.server_close()
        self._server.close_connections()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, take: Callable[[Request], int]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.take = take
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        with self._lock:
            for connection in self._open:
                with suppress(OSError):  # the sender was faster
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a sender that hung up: tests stop processes on purpose."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        length = self.headers.get("content-length")
        if length is None:  # exporters know it; a chunked body is not read here
            self.close_connection = True
            self._reply(HTTPStatus.LENGTH_REQUIRED, b"")
            return
        wire = self.rfile.read(int(length))
        signal = _signal_of(self.path)
        if signal is None:
            self._reply(HTTPStatus.NOT_FOUND, b"")
            return
        body = decompress(wire, self.headers.get("content-encoding") or "")
        headers = tuple((key.lower(), value) for key, value in self.headers.items())
        status = self.server.take(Request(signal, self.path, headers, wire, body))
        self._reply(status, RESPONSES[signal]().SerializeToString() if status == HTTPStatus.OK else b"")

    def _reply(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", _PROTOBUF)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Keep the test's output clean."""


def _signal_of(path: str) -> Signal | None:
    last = path.partition("?")[0].rstrip("/").rpartition("/")[2]
    return next((signal for signal in SIGNALS if signal == last), None)
