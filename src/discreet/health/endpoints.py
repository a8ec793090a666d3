"""The endpoints in front of an app: middleware for ASGI and WSGI, and every Starlette app by an option."""

from __future__ import annotations

import functools
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from discreet.health.report import answer
from discreet.health.rounds import begin
from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from discreet.health.report import Answer

_METHODS = ("GET", "HEAD")
_covered: set[type] = set()


class HealthMiddleware:
    """ASGI middleware that answers ``/livez``, ``/readyz`` and ``/healthz``: ``app.add_middleware(HealthMiddleware)``.

    Everything else passes. What answers is known already: no request waits for a check.

    Args:
        app: The ASGI app behind it.
    """

    def __init__(self, app: Any) -> None:
        self.app = app
        begin()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, or pass on."""
        found = _answer(scope)
        if found is None:
            await self.app(scope, receive, send)
        else:
            await _respond(found, scope, send)


def _answer(scope: Any) -> Answer | None:
    """Give the answer of an ASGI request; None where it is not for one of the paths."""
    if scope["type"] != "http" or scope["method"] not in _METHODS:
        return None
    path: str = scope["path"]
    return answer(path.removeprefix(scope.get("root_path", "")) or path)


async def _respond(found: Answer, scope: Any, send: Any) -> None:
    headers = [(name.encode(), value.encode()) for name, value in found.headers]
    await send({"type": "http.response.start", "status": found.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else found.body})


def health_wsgi(app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Give a WSGI app that answers ``/livez``, ``/readyz`` and ``/healthz``, and hands everything else to this one."""
    begin()

    def answering(environ: Any, start_response: Any) -> Iterable[bytes]:
        method = environ.get("REQUEST_METHOD", "GET")
        found = answer(environ.get("PATH_INFO", "")) if method in _METHODS else None
        if found is None:
            return app(environ, start_response)
        start_response("200 OK" if found.status == 200 else "503 Service Unavailable", list(found.headers))  # noqa: PLR2004
        return [b"" if method == "HEAD" else found.body]

    return answering


def cover_starlette() -> None:
    """Answer in front of every Starlette and FastAPI app while `health_endpoints` is on; before all of its middleware.

    So no span tells of a probe, and no middleware of the app can refuse one.
    """
    for cls in _app_classes():
        if cls not in _covered:
            _covered.add(cls)
            cls.__call__ = _in_front(cls.__call__)  # type: ignore[method-assign]


def _app_classes() -> list[type]:
    """Give the classes that an app is called by; FastAPI's, where it is there, emits telemetry before Starlette's."""
    module, name = ("fastapi", "FastAPI") if find_spec("fastapi") else ("starlette.applications", "Starlette")
    if not find_spec(module.partition(".")[0]):
        return []
    outermost: type = getattr(import_module(module), name)
    return [cls for cls in outermost.__mro__ if "__call__" in vars(cls)]


def _in_front(original: Callable[..., Any]) -> Callable[..., Any]:
    """Answer for the outermost app: one that is mounted in another finds that in its scope."""

    @functools.wraps(original)
    async def __call__(self: Any, scope: Any, receive: Any, send: Any) -> None:  # noqa: N807 - servers look at it
        found = _answer(scope) if current().health_endpoints and "app" not in scope else None
        if found is None:
            await original(self, scope, receive, send)
        else:
            await _respond(found, scope, send)

    return __call__
