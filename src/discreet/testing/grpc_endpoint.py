"""OTLP over gRPC, received by generic handlers: no generated service code, the request's bytes stay as they came."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

import grpc

from discreet.testing.http_endpoint import RESPONSES
from discreet.testing.request import Request, Signal

_SERVICES: dict[str, Signal] = {
    "opentelemetry.proto.collector.trace.v1.TraceService": "traces",
    "opentelemetry.proto.collector.logs.v1.LogsService": "logs",
    "opentelemetry.proto.collector.metrics.v1.MetricsService": "metrics",
}
# The inverse of the specification's table of retryable answers (OTLP, "Failures"); anything else is final.
_CODES = {
    HTTPStatus.UNAUTHORIZED: grpc.StatusCode.UNAUTHENTICATED,
    HTTPStatus.FORBIDDEN: grpc.StatusCode.PERMISSION_DENIED,
    HTTPStatus.NOT_FOUND: grpc.StatusCode.UNIMPLEMENTED,
    HTTPStatus.TOO_MANY_REQUESTS: grpc.StatusCode.UNAVAILABLE,
    HTTPStatus.BAD_GATEWAY: grpc.StatusCode.UNAVAILABLE,
    HTTPStatus.SERVICE_UNAVAILABLE: grpc.StatusCode.UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT: grpc.StatusCode.DEADLINE_EXCEEDED,
}


class GrpcEndpoint:
    """A running server on a free loopback port; `take` gets each request and gives the status to answer."""

    def __init__(self, take: Callable[[Request], int]) -> None:
        self._server = grpc.server(
            ThreadPoolExecutor(max_workers=4, thread_name_prefix="otlp-grpc-receiver"),
            options=[("grpc.max_receive_message_length", -1), ("grpc.so_reuseport", 0)],
        )
        self._server.add_generic_rpc_handlers([_service(name, signal, take) for name, signal in _SERVICES.items()])
        self._port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    @property
    def url(self) -> str:
        """The URL; its scheme tells exporters to connect without TLS."""
        return f"http://127.0.0.1:{self._port}"

    def close(self) -> None:
        """Stop listening and end the calls in progress."""
        self._server.stop(grace=None).wait()


def _service(name: str, signal: Signal, take: Callable[[Request], int]) -> Any:
    """Give the handler of one collector service, whose only method is `Export`."""

    def export(body: bytes, context: Any) -> bytes:
        headers = tuple((key, _text(value)) for key, value in context.invocation_metadata())
        status = take(Request(signal, f"/{name}/Export", headers, body, body))
        if status != HTTPStatus.OK:
            code = next((code for known, code in _CODES.items() if known == status), grpc.StatusCode.INVALID_ARGUMENT)
            context.abort(code, f"answered {status} as told")
        reply: bytes = RESPONSES[signal]().SerializeToString()
        return reply

    return grpc.method_handlers_generic_handler(name, {"Export": grpc.unary_unary_rpc_method_handler(export)})


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("utf-8", "replace")
