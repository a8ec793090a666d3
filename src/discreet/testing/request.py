"""One OTLP export request as it came over the wire, and as the protocol's own message."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias, get_args

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

Signal = Literal["traces", "logs", "metrics"]
Message: TypeAlias = ExportTraceServiceRequest | ExportLogsServiceRequest | ExportMetricsServiceRequest

SIGNALS: tuple[Signal, ...] = get_args(Signal)
MESSAGES: Mapping[Signal, type[Message]] = {
    "traces": ExportTraceServiceRequest,
    "logs": ExportLogsServiceRequest,
    "metrics": ExportMetricsServiceRequest,
}
_WINDOW_BITS = {"gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


@dataclass(frozen=True)
class Request:
    """One export request: the decompressed `body`, the `wire` bytes before that, and what was answered.

    Attributes:
        signal: Which of the three signals the path or gRPC service named.
        path: HTTP path with its query, or the gRPC method.
        headers: HTTP headers or gRPC metadata; names in lower case, in the order they came.
        wire: The bytes as they came (over gRPC the library decompresses: there it equals `body`).
        body: The decompressed bytes.
        status: The HTTP status that was answered (over gRPC: its equivalent).
    """

    signal: Signal
    path: str
    headers: tuple[tuple[str, str], ...]
    wire: bytes = field(repr=False)
    body: bytes = field(repr=False)
    status: int = 200

    def header(self, name: str) -> str | None:
        """Give the first header of that name (any case), or None."""
        return next((value for key, value in self.headers if key == name.lower()), None)

    @cached_property
    def message(self) -> Message | None:
        """The parsed protobuf message, or None when the body is not one."""
        message = MESSAGES[self.signal]()
        try:
            message.ParseFromString(self.body)
        except DecodeError:
            return None
        return message

    def holds(self, needle: bytes) -> bool:
        """Tell whether the body, the path or a header holds these bytes."""
        head = "\n".join([self.path, *(f"{key}: {value}" for key, value in self.headers)])
        return needle in self.body or needle in head.encode("utf-8", "surrogateescape")


def decompress(wire: bytes, encoding: str) -> bytes:
    """Undo the content encoding; bytes that do not decompress are given back as they came.

    Args:
        wire: The request's bytes.
        encoding: The `Content-Encoding` header: `gzip`, `deflate`, or anything else for none.
    """
    bits = _WINDOW_BITS.get(encoding.strip().lower())
    try:
        return wire if bits is None else zlib.decompress(wire, bits)
    except zlib.error:
        return wire
