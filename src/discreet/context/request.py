"""One request, from its first span on: a holder that whatever runs in it shares, threads and tasks of it too.

A context variable set in a dependency is not seen outside of it, and one set in a thread or task that serves several
requests would be charged to the next. A holder that rides in the request's own context is right in both.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from opentelemetry import trace
from opentelemetry.context import attach, create_key, get_current, set_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.context import Context

_KEY = create_key("discreet.request")
_ON_SPAN: Final = "_discreet_request"
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Request:
    """What is known of one request, or of one message.

    Attributes:
        who: Attributes of its user; replaced whole.
        ids: Attributes of its headers that hold ids of others.
        begun: Whether its span has begun.
        mark: While it is served, what tells a request that passes a second middleware from another one.
    """

    __slots__ = ("begun", "ids", "mark", "who")

    def __init__(self, mark: object = None) -> None:
        self.who: Mapping[str, Any] = _NOTHING
        self.ids: Mapping[str, Any] = _NOTHING
        self.begun = False
        self.mark = mark


def request_of(context: Context) -> Request | None:
    """Give the request that a context belongs to: that of its span, else the one that a server put there."""
    request: Request | None = getattr(trace.get_current_span(context), _ON_SPAN, None)
    if request is None:
        request = context.get(_KEY)  # type: ignore[assignment]
    return request


def request_of_span(span: Any) -> Request | None:
    """Give the request that a span belongs to, None for a span that belongs to none, or began elsewhere."""
    request: Request | None = getattr(span, _ON_SPAN, None)
    return request


def waiting_in(context: Context) -> Request | None:
    """Give the request that a server put into a context and whose span has not begun."""
    request: Request | None = context.get(_KEY)  # type: ignore[assignment]
    return None if request is None or request.begun else request


def with_waiting(context: Context) -> Context:
    """Give a context that was extracted from headers with the request that waits for its span, if one does."""
    request = waiting_in(get_current())  # propagators begin with an empty context
    return context if request is None else set_value(_KEY, request, context)


def put_on(span: Any, request: Request) -> None:
    """Let a span belong to a request."""
    if span is not trace.INVALID_SPAN:  # there is one for everybody
        setattr(span, _ON_SPAN, request)


class Serving:
    """Puts a new request into the current context, until `done`; nothing where the same one passes again.

    Attributes:
        again: Whether it does.
    """

    def __init__(self, mark: object = None) -> None:
        self._before = get_current()
        known: Request | None = self._before.get(_KEY)  # type: ignore[assignment]
        self.again = known is not None and mark is not None and known.mark is mark
        self._request = None if self.again else Request(mark)
        if self._request is not None:
            attach(set_value(_KEY, self._request, self._before))

    def done(self) -> None:
        """Put the context back; where another one is current, as when garbage is collected, it stays as it is."""
        if self._request is None:
            return
        self._request.mark = None
        if get_current().get(_KEY) is self._request:
            attach(self._before)
