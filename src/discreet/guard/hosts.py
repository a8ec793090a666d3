"""The host of an outgoing call, from the client span that is current while its headers are written.

Instrumentations of HTTP clients start a CLIENT span that knows the URL, make it current and then inject. A span that is
not sampled holds no attributes, and one that is may hold a URL that a length limit has cut, so the host is kept on the
span as it starts: bound to it, calls at the same time and spans within it cannot mix.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from opentelemetry.trace import SpanKind

from discreet.policy import current, host_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from discreet.policy import Host

_URLS = ("url.full", "http.url")
_NAMES = (("server.address", "server.port"), ("net.peer.name", "net.peer.port"))
_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_REMEMBERED = "_discreet_host"

# RFC 3986 section 3.2. Where clients and parsers read a URL in different ways (two @, a backslash, a space, an escaped
# host), its host is not known.
_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://"
    r"(?:[^\s\\/?#@\[\]]*@)?"
    r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)"
    r"(?::(?P<port>[0-9]{0,5}))?"
    r"(?![^/?#])"
)
_KIND_PLACE = 2  # of the arguments of `Tracer.start_span`: name, context, kind, attributes
_ATTRIBUTES_PLACE = 3


def host_of_url(url: object) -> Host | None:
    """Give host and port of an absolute URL; None where it is none, or can be read in two ways."""
    match = _URL.match(url) if isinstance(url, str) else None
    if match is None:
        return None
    return host_of(match["name"], int(match["port"]) if match["port"] else _PORTS.get(match["scheme"].lower()))


def host_of_attributes(attributes: Mapping[str, Any]) -> Host | None:
    """Give the host that the attributes of a client span name: by URL, else by server address and port."""
    for key in _URLS:
        if key in attributes:
            return host_of_url(attributes[key])
    for key, port_key in _NAMES:
        name, port = attributes.get(key), attributes.get(port_key)
        if isinstance(name, str):
            return host_of(name, port if isinstance(port, int) else None)
    return None


def host_of_span(span: Any) -> Host | None:
    """Give the host that a call goes to while this span is current; None where that cannot be told."""
    remembered: Host | None = getattr(span, _REMEMBERED, None)
    if remembered is not None or not span.is_recording() or getattr(span, "kind", None) is not SpanKind.CLIENT:
        return remembered
    return host_of_attributes(span.attributes or {})


def start_span(original: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap ``Tracer.start_span``: a client span remembers where its call goes."""

    def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
        span = original(self, *args, **kwargs)
        try:
            if current().baggage:
                _remember(span, args, kwargs)
        except Exception:
            return span  # its host is not known, so no baggage goes out with it
        return span

    return guarded


def _remember(span: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    kind = args[_KIND_PLACE] if len(args) > _KIND_PLACE else kwargs.get("kind")
    attributes = args[_ATTRIBUTES_PLACE] if len(args) > _ATTRIBUTES_PLACE else kwargs.get("attributes")
    if kind is SpanKind.CLIENT and attributes:
        setattr(span, _REMEMBERED, host_of_attributes(attributes))
