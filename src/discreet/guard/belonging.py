"""What belongs to a record through its context, put on it: on spans as they begin and end, on log records on emit."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from opentelemetry import trace
from opentelemetry.attributes import BoundedAttributes
from opentelemetry.context import get_current
from opentelemetry.trace import SpanKind

from discreet.context import belonging
from discreet.context.incoming import baggage_in, request_ids_in
from discreet.context.request import Request, put_on, request_of, request_of_span, waiting_in
from discreet.guard import hosts
from discreet.guard.containment import count
from discreet.guard.parts import bounded, shallow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from opentelemetry.context import Context

_CONTEXT_PLACE: Final = 1  # of the arguments of `Tracer.start_span`: name, context, kind, attributes
_KIND_PLACE: Final = 2
_ATTRIBUTES_PLACE: Final = 3
_ENTRIES: Final = frozenset({SpanKind.SERVER, SpanKind.CONSUMER})
_NOT_HTTP: Final = ("rpc.", "messaging.")


def start_span(original: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap ``Tracer.start_span``: the span gets what its context says, and belongs to its parent's request.

    A span of a server or consumer without such a parent begins a request. Attributes that the caller gives win.
    """
    hosted = hosts.start_span(original)

    def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
        request = None
        try:
            context, kind, given = _arguments(args, kwargs)
            if context or kind in _ENTRIES:
                request, more = _belonging(context, kind, given)
                if more:
                    args, kwargs = _with_attributes({**more, **given}, args, kwargs)
        except Exception:
            count("attributes", "guard_failed")
        span = hosted(self, *args, **kwargs)
        if request is not None:
            try:
                put_on(span, request)
            except Exception:
                count("attributes", "guard_failed")
        return span

    return guarded


def _arguments(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Context, Any, Mapping[str, Any]]:
    def argument(place: int, name: str) -> Any:
        return args[place] if len(args) > place else kwargs.get(name)

    context = argument(_CONTEXT_PLACE, "context")
    context = get_current() if context is None else context
    return context, argument(_KIND_PLACE, "kind"), argument(_ATTRIBUTES_PLACE, "attributes") or {}


def _belonging(
    context: Context, kind: Any, given: Mapping[str, Any]
) -> tuple[Request | None, dict[str, Any] | Mapping[str, Any]]:
    """Give the request of a span that begins, and what it gets beneath its own attributes."""
    request, entry = waiting_in(context), True
    if request is None:
        request = request_of(context)
        entry = kind in _ENTRIES and not _within_request(context)
        if entry:
            request = Request()
    if request is None or not entry:
        return request, belonging.of_span(context, request, given)
    request.begun = True
    if kind is SpanKind.SERVER and not any(key.startswith(_NOT_HTTP) for key in given):
        request.ids = request_ids_in(context)
    return request, {**baggage_in(context), **request.ids, **belonging.of_span(context, request, given)}


def _within_request(context: Context) -> bool:
    """Say whether the parent is a span of this process that belongs to a request: then that one goes on."""
    return request_of_span(trace.get_current_span(context)) is not None


def _with_attributes(
    attributes: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if len(args) > _ATTRIBUTES_PLACE:
        return (*args[:_ATTRIBUTES_PLACE], attributes, *args[_ATTRIBUTES_PLACE + 1 :]), kwargs
    return args, {**kwargs, "attributes": attributes}


def end(original: Callable[..., None]) -> Callable[..., None]:
    """Wrap ``Span.end``: a span that began before anybody knew the user of its request gets that user."""

    def guarded(self: Any, *args: Any, **kwargs: Any) -> None:
        try:
            request = request_of_span(self)
            if request is not None and request.who:
                _complete(self, request.who)
        except Exception:
            count("attributes", "guard_failed")
        original(self, *args, **kwargs)

    return guarded


def _complete(span: Any, who: Mapping[str, Any]) -> None:
    held = span._attributes
    full = held.maxlen is not None and len(held) + len(who) > held.maxlen  # it would cost an attribute of the app's
    if span.is_recording() and belonging.USER not in held and not full:
        span.set_attributes(who)


def begun(span: Any, context: Context | None) -> None:
    """Put on a span that has begun what its context says, where nobody did so yet: for a processor of our own."""
    context = get_current() if context is None else context
    if not context:
        return
    request = request_of(context)
    if not belonging.of_span(context, request, {}):
        return
    held = span.attributes or {}
    more = belonging.of_span(context, request, held)
    missing = {key: value for key, value in more.items() if key not in held}
    if missing:
        span.set_attributes(missing)


def with_context(record: Any) -> Any:
    """Give a log record with what its context says: the very same where that is nothing, else a copy."""
    try:
        return _with_context(record)
    except Exception:
        count("attributes", "guard_failed")
        return record


def of_line(held: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what the current context says of a line of log, beneath the fields that it has; raw, and never raises."""
    try:
        context = get_current()
        return belonging.of_log(context, held) if context else {}
    except Exception:
        count("attributes", "guard_failed")
        return {}


def _with_context(record: Any) -> Any:
    original = record.log_record
    context = original.context or get_current()
    if not context:
        return record
    held = original.attributes or {}
    more = {key: value for key, value in belonging.of_log(context, held).items() if key not in held}
    if not more:
        return record
    twin, copy = shallow(record), shallow(original)
    copy.attributes = _attributes({**more, **held}, original.attributes)
    object.__setattr__(twin, "log_record", copy)
    return twin


def _attributes(merged: dict[str, Any], original: Any) -> Any:
    """Give attributes within the limits of those of the record."""
    if not isinstance(original, BoundedAttributes):
        return bounded(merged, immutable=False)
    held = shallow(original)
    held._lock, held._dict, held._immutable = threading.Lock(), merged, False
    return held
