"""Redirects: an HTTP client carries the headers of a call along, so baggage would follow to a host that is not allowed.

Instrumentations inject once a call (requests, urllib, aiohttp), or once a hop over the headers of the last one (httpx).
So at each hop to a host that is not allowed, headers of baggage are taken off, as clients do with Authorization. Armed
when baggage goes out for the first time with that client in the process: nothing is imported for it.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin

from discreet.guard.hosts import host_of_url
from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Callable

_HEADERS = ("baggage", "uberctx-", "ot-baggage-")
"""W3C's, and the beginnings of Jaeger's and OpenTracing's, in lower case."""


def _requests(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def guarded(self: Any, prepared_request: Any, response: Any) -> Any:
        given = original(self, prepared_request, response)
        with contextlib.suppress(Exception):
            _strip(prepared_request.headers, prepared_request.url)
        return given

    return guarded


def _httpx(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def guarded(self: Any, request: Any, url: Any, method: Any) -> Any:
        headers = original(self, request, url, method)
        with contextlib.suppress(Exception):
            _strip(headers, url)
        return headers

    return guarded


def _urllib(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
        request = original(self, *args, **kwargs)
        if request is not None:
            with contextlib.suppress(Exception):
                _strip(request.headers, request.full_url)
        return request

    return guarded


def _aiohttp(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    async def guarded(self: Any, method: Any, url: Any, headers: Any, response: Any) -> Any:
        given = await original(self, method, url, headers, response)
        with contextlib.suppress(Exception):
            _strip(headers, _target(response))
        return given

    return guarded


class Hop(NamedTuple):
    """A place that a client passes at each redirect, with the headers of the next hop in hand."""

    module: str
    owner: str
    name: str
    wrap: Callable[[Any], Any]


HOPS: tuple[Hop, ...] = (
    Hop("requests.sessions", "SessionRedirectMixin", "rebuild_auth", _requests),
    Hop("httpx._client", "BaseClient", "_redirect_headers", _httpx),
    Hop("urllib.request", "HTTPRedirectHandler", "redirect_request", _urllib),
    Hop("aiohttp.tracing", "Trace", "send_request_redirect", _aiohttp),
)

_originals: dict[Hop, Any] = {}


def followed() -> bool:
    """Arm the hops of the clients that this process has imported; false where one of them has no such place.

    Idempotent, and cheap where nothing is to do.
    """
    return all(_armed(hop) for hop in HOPS if hop.module in sys.modules)


def clients() -> list[str]:
    """Name the clients whose redirects are followed."""
    return sorted(hop.module.partition(".")[0] for hop in _originals)


def _armed(hop: Hop) -> bool:
    if hop not in _originals:
        owner = getattr(sys.modules[hop.module], hop.owner, None)
        original = getattr(owner, hop.name, None)
        if owner is None or original is None:
            return False
        _originals[hop] = original
        setattr(owner, hop.name, hop.wrap(original))
    return True


def uninstall() -> None:
    """Put the originals back. For tests."""
    while _originals:
        hop, original = _originals.popitem()
        setattr(getattr(sys.modules[hop.module], hop.owner), hop.name, original)


def _target(response: Any) -> str | None:
    try:
        location = response.headers.get("Location") or response.headers.get("URI")
        return str(urljoin(str(response.url), location))
    except Exception:
        return None


def _strip(headers: Any, url: Any) -> None:
    """Take headers of baggage off unless they may go there. Headers that cannot be changed raise, which is not told."""
    if not _may_go_to(url):
        for name in [name for name in headers if str(name).lower().startswith(_HEADERS)]:
            headers.pop(name, None)


def _may_go_to(url: Any) -> bool:
    try:
        return current().baggage.allows_host(host_of_url(str(url)))
    except Exception:
        return False  # nobody knows, so no baggage goes there
