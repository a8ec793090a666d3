"""An OTLP receiver on loopback that keeps every byte it gets: over HTTP/protobuf and, when asked for, gRPC."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING

from discreet.testing.http_endpoint import HttpEndpoint
from discreet.testing.records import LogItem, MetricItem, SpanItem, logs_of, metrics_of, spans_of
from discreet.testing.request import Message, Request, Signal

if TYPE_CHECKING:
    from typing_extensions import Self

    from discreet.testing.grpc_endpoint import GrpcEndpoint


class OtlpReceiver:
    """Receive OTLP on free loopback ports while the `with` block runs, and keep it.

    Everything received is kept until `clear()` or the end of the object: memory is what the test sends.
    Requests that were refused (`answer(503)`) stay in `requests`, `raw` and `contains`, for their bytes did leave
    the sender; `spans()`, `logs()` and `metrics()` give only what was accepted.

    Example:
        with OtlpReceiver() as receiver:
            exporter = OTLPSpanExporter(endpoint=f"{receiver.endpoint}/v1/traces")
            ...
            assert receiver.wait_for(lambda: receiver.spans())
            assert not receiver.contains("zoe@example.org")
    """

    def __init__(self) -> None:
        self._requests: list[Request] = []
        self._arrived = threading.Condition()
        self._status: int = HTTPStatus.OK
        self._http: HttpEndpoint | None = None
        self._grpc: GrpcEndpoint | None = None

    def __enter__(self) -> "Self":
        self._http = HttpEndpoint(self._take)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for endpoint in (self._http, self._grpc):
            if endpoint is not None:
                endpoint.close()
        self._http = self._grpc = None

    @property
    def endpoint(self) -> str:
        """The base URL for `OTEL_EXPORTER_OTLP_ENDPOINT` with HTTP/protobuf (signals below `/v1/`)."""
        if self._http is None:
            raise RuntimeError("the receiver is not running: use it as a context manager")
        return self._http.url

    @property
    def grpc_endpoint(self) -> str:
        """The URL for `OTEL_EXPORTER_OTLP_ENDPOINT` with gRPC (insecure); first use starts that server (`grpcio`)."""
        if self._http is None:
            raise RuntimeError("the receiver is not running: use it as a context manager")
        if self._grpc is None:
            from discreet.testing.grpc_endpoint import GrpcEndpoint

            self._grpc = GrpcEndpoint(self._take)
        return self._grpc.url

    def answer(self, status: int) -> None:
        """Answer every request from now on with this HTTP status (over gRPC: its equivalent); 200 accepts."""
        self._status = status

    def clear(self) -> None:
        """Forget everything received so far."""
        with self._arrived:
            self._requests.clear()

    def requests(self, signal: Signal | None = None) -> list[Request]:
        """Give the requests of one signal, or of all, in the order they came."""
        with self._arrived:
            return [request for request in self._requests if signal in (None, request.signal)]

    def raw(self, signal: Signal) -> list[bytes]:
        """Give the decompressed body of each request of that signal."""
        return [request.body for request in self.requests(signal)]

    def spans(self) -> list[SpanItem]:
        """Give every span accepted so far."""
        return spans_of(self._messages("traces"))

    def logs(self) -> list[LogItem]:
        """Give every log record accepted so far."""
        return logs_of(self._messages("logs"))

    def metrics(self) -> list[MetricItem]:
        """Give every metric accepted so far: one entry a metric and collection."""
        return metrics_of(self._messages("metrics"))

    def contains(self, needle: str | bytes, signal: Signal | None = None) -> bool:
        """Tell whether the text is in the decompressed bytes, the path or the headers of any request.

        Args:
            needle: What to look for; a str is looked for as UTF-8, exactly as it is spelled.
            signal: Look only there; by default in all three.
        """
        wanted = needle if isinstance(needle, bytes) else needle.encode()
        return any(request.holds(wanted) for request in self.requests(signal))

    def wait_for(self, predicate: Callable[[], object], timeout: float = 10.0) -> bool:
        """Wait until the predicate is true, asking it after each request; tell whether it became so in time.

        Args:
            predicate: Called without arguments, for example `lambda: len(receiver.spans()) >= 3`.
            timeout: Seconds to wait at most.
        """
        with self._arrived:
            return bool(self._arrived.wait_for(predicate, timeout))

    def _take(self, request: Request) -> int:
        """Keep a request, and give the HTTP status to answer it with."""
        status = HTTPStatus.BAD_REQUEST if request.message is None else self._status
        with self._arrived:
            self._requests.append(request if status == request.status else replace(request, status=status))
            self._arrived.notify_all()
        return status

    def _messages(self, signal: Signal) -> Iterator[Message]:
        for request in self.requests(signal):
            if request.message is not None and request.status == HTTPStatus.OK:
                yield request.message
