"""Requests, where OpenTelemetry's middlewares for ASGI and WSGI begin them: each gets a holder, and its answer the id.

Both are wrapped at class level, when they are imported: so that applications are covered whoever instruments them.
"""

from __future__ import annotations

import functools
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from opentelemetry.instrumentation.propagators import get_global_response_propagator
from wrapt import register_post_import_hook

from discreet.context.request import Serving
from discreet.metrics.event_loop import watch_running_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    StartResponse = Callable[..., Any]

ID_HEADER = "traceresponse"
_CLASS = "OpenTelemetryMiddleware"


class _State:
    installed = False
    hooked: ClassVar[set[str]] = set()
    originals: ClassVar[dict[Any, Any]] = {}


def install() -> None:
    """Wrap the middlewares that are imported, and those that will be. Idempotent."""
    _State.installed = True
    for name in _WRAPPERS:
        if name in sys.modules:
            _wrap(name, sys.modules[name])
        elif name not in _State.hooked:
            _State.hooked.add(name)
            register_post_import_hook(functools.partial(_wrap, name), name)


def uninstall() -> None:
    """Put the originals back. For tests."""
    _State.installed = False
    while _State.originals:
        owner, original = _State.originals.popitem()
        owner.__call__ = original


def _wrap(name: str, module: Any) -> None:
    owner = getattr(module, _CLASS, None)
    if _State.installed and owner is not None and owner not in _State.originals:
        _State.originals[owner] = owner.__call__
        owner.__call__ = _WRAPPERS[name](owner.__call__)


def _asgi(original: Any) -> Any:
    @functools.wraps(original)
    async def served(self: Any, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await original(self, scope, receive, send)
            return
        serving: Serving | None = None
        with suppress(Exception):
            serving = Serving(scope.get("headers"))
            watch_running_loop()
        try:
            await original(self, scope, receive, send)
        finally:
            with suppress(Exception):
                if serving is not None:
                    serving.done()

    return served


def _wsgi(original: Any) -> Any:
    @functools.wraps(original)
    def served(self: Any, environ: Any, start_response: StartResponse) -> Any:
        serving: Serving | None = None
        with suppress(Exception):
            serving = Serving(environ.get("wsgi.input"))
            start_response = answering(start_response)
        done = _quiet(serving)
        try:
            answer = original(self, environ, start_response)
        except BaseException:
            done()
            raise
        return Answer(answer, done)

    return served


def _quiet(serving: Serving | None) -> Callable[[], None]:
    def done() -> None:
        with suppress(Exception):
            if serving is not None:
                serving.done()

    return done


_WRAPPERS: dict[str, Callable[[Any], Any]] = {
    "opentelemetry.instrumentation.asgi": _asgi,
    "opentelemetry.instrumentation.wsgi": _wsgi,
}


class Answer:
    """The body of an answer over WSGI; calls when it is closed, which PEP 3333 has servers do."""

    def __init__(self, body: Any, closed: Callable[[], None]) -> None:
        self._body, self._closed = body, closed

    def __iter__(self) -> Iterator[bytes]:
        """Give the parts."""
        yield from self._body

    def close(self) -> None:
        """Close the body itself, then call."""
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            self._closed()


def answering(start_response: StartResponse) -> StartResponse:
    """Give what starts an answer over WSGI with the header of the global response propagator, if there is one."""

    def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
        return start_response(status, with_trace_id(headers, get_global_response_propagator()), *exc_info)  # type: ignore[no-untyped-call]

    return start


class _Pairs:
    """Adds headers to a list of pairs."""

    @staticmethod
    def set(carrier: list[tuple[str, str]], key: str, value: str) -> None:
        """Add one."""
        carrier.append((key, value))


def with_trace_id(headers: list[tuple[str, str]], propagator: Any) -> list[tuple[str, str]]:
    """Give headers with those that a propagator writes of the current span, unless the trace id is there already."""
    if propagator is None or any(name.lower() == ID_HEADER for name, _ in headers):
        return headers
    more = list(headers)
    try:
        propagator.inject(more, setter=_Pairs())
    except Exception:
        return headers
    return more
