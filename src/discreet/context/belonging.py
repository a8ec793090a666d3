"""What belongs to a record through its context: class, user, the request's ids, listed baggage. One look gives all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from discreet.context.bound import NOTHING, bound_in
from discreet.context.incoming import baggage_in
from discreet.context.request import request_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.context import Context

    from discreet.context.bound import Bound
    from discreet.context.request import Request

USER: Final = "user.id"
SESSION: Final = "session.id"
TENANT: Final = "discreet.tenant"  # the semantic conventions name none


def of_span(context: Context, request: Request | None, own: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what a span that begins in a context gets, beneath the attributes that are its own."""
    bound = bound_in(context)
    who = NOTHING if USER in own else _who(bound, request)
    return who if bound is None else {**bound.said, **who}


def of_log(context: Context, own: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what a log record of a context gets, beneath the attributes that are its own."""
    request, bound, listed = request_of(context), bound_in(context), baggage_in(context)
    if request is None and bound is None and not listed:
        return NOTHING
    who = NOTHING if USER in own else _who(bound, request)
    ids = NOTHING if request is None else request.ids
    return {**listed, **ids, **who, **(NOTHING if bound is None else bound.said)}


def _who(bound: Bound | None, request: Request | None) -> Mapping[str, Any]:
    """Give the user: of the block within this request, else of the request; never a mixture of two."""
    if bound is not None and bound.who is not None and bound.request is request:
        return bound.who
    return NOTHING if request is None else request.who
