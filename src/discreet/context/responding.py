"""Middlewares that give the trace id back where no instrumentation does; they begin a span where there is none."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from opentelemetry import trace
from opentelemetry.instrumentation.propagators import TraceResponsePropagator, get_global_response_propagator
from opentelemetry.propagators.textmap import Getter
from opentelemetry.trace import SpanKind, Status, StatusCode

from discreet.context.request import Serving
from discreet.context.servers import Answer, with_trace_id

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

_FAILED = 500
_DEFAULT = TraceResponsePropagator()


class TraceResponseMiddleware:
    """Answers over ASGI with the trace id, in the ``traceresponse`` header: ``app.add_middleware(...)``, or round it.

    Where no span is current, as no instrumentation is there, one of kind server is begun, which goes on with the
    trace of the caller. A header that is there already stays, and no other is added.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        serving = Serving(scope.get("headers"))
        # OpenTelemetry's own middleware round this one adds the header, and looks at none that is there.
        answered = serving.again and get_global_response_propagator() is not None  # type: ignore[no-untyped-call]
        try:
            with _span(scope, _Scope(), scope["method"], scope.get("scheme", "http"), scope["path"]) as span:

                async def answer(message: MutableMapping[str, Any]) -> None:
                    if message["type"] == "http.response.start":
                        _finish(span, message["status"])
                        if not answered:
                            message = {**message, "headers": _with_trace_id(message.get("headers", ()))}
                    await send(message)

                await self.app(scope, receive, answer)
        finally:
            serving.done()


class TraceResponseWSGIMiddleware:
    """The same over WSGI: ``app.wsgi_app = TraceResponseWSGIMiddleware(app.wsgi_app)``, or round the application."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """Serve a request."""
        serving = Serving(environ.get("wsgi.input"))
        scheme, path = environ.get("wsgi.url_scheme", "http"), environ.get("PATH_INFO", "")
        spanned = _span(environ, _Environ(), environ.get("REQUEST_METHOD", ""), scheme, path)
        span = spanned.__enter__()

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            code = status[:3]
            _finish(span, int(code) if code.isdigit() else 0)
            return start_response(status, with_trace_id(headers, _propagator()), *exc_info)

        def close(*error: Any) -> None:
            try:
                spanned.__exit__(*(error or (None, None, None)))
            finally:
                serving.done()

        try:
            return Answer(self.app(environ, start), close)
        except BaseException as error:
            close(type(error), error, error.__traceback__)
            raise


@contextmanager
def _span(carrier: Any, getter: Getter[Any], method: str, scheme: str, path: str) -> Iterator[Any]:
    """Begin a span of kind server, unless one is current; give it, None where it is somebody else's."""
    if trace.get_current_span().get_span_context().is_valid:
        yield None
        return
    from opentelemetry.propagate import extract  # its import makes propagators, of which one may have led here

    attributes = {"http.request.method": method, "url.scheme": scheme, "url.path": path}
    tracer = trace.get_tracer("discreet.context")
    context = extract(carrier, getter=getter)
    with tracer.start_as_current_span(method or "HTTP", context, SpanKind.SERVER, attributes) as span:
        yield span


def _finish(span: Any, status: int) -> None:
    if span is not None:
        span.set_attribute("http.response.status_code", status)
        if status >= _FAILED:
            span.set_status(Status(StatusCode.ERROR))


def _propagator() -> Any:
    return get_global_response_propagator() or _DEFAULT  # type: ignore[no-untyped-call]


def _with_trace_id(headers: Any) -> list[tuple[bytes, bytes]]:
    """Give the headers of an answer over ASGI, which are pairs of bytes, with those of the response propagator."""
    held = [(bytes(name), bytes(value)) for name, value in headers]
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in held]
    more = with_trace_id(pairs, _propagator())[len(held) :]
    return [*held, *((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in more)]


class _Scope(Getter[Any]):
    """Reads the headers of a request over ASGI."""

    def get(self, carrier: Any, key: str) -> list[str] | None:
        """Give the values of a header."""
        name = key.lower().encode("latin-1")
        return [value.decode("latin-1") for held, value in carrier.get("headers", ()) if held.lower() == name] or None

    def keys(self, carrier: Any) -> list[str]:
        """Give the names of all headers."""
        return [name.decode("latin-1") for name, _ in carrier.get("headers", ())]


class _Environ(Getter[Any]):
    """Reads the headers of a request over WSGI."""

    def get(self, carrier: Any, key: str) -> list[str] | None:
        """Give the value of a header."""
        value = carrier.get(f"HTTP_{key.upper().replace('-', '_')}")
        return None if value is None else [value]

    def keys(self, carrier: Any) -> list[str]:
        """Give the names of all headers."""
        return [name[5:].lower().replace("_", "-") for name in carrier if name.startswith("HTTP_")]
