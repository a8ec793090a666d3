"""Spans: a clean copy for whoever exports, from the SDK's own dispatch to every span processor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util import BoundedList
from opentelemetry.trace import Link, SpanKind, Status, StatusCode

from discreet.guard import exceptions, parts, stamps
from discreet.guard.acting import acted_on
from discreet.guard.baggage import clean_baggage
from discreet.guard.containment import withhold
from discreet.guard.dispatch import each_processor, hand_on
from discreet.guard.views import LiveSpan
from discreet.policy import current
from discreet.redaction import withheld

if TYPE_CHECKING:
    from collections.abc import Callable

    from discreet.classification import Subject
    from discreet.policy import Policy

SIGNAL = "span"
_CALLING = frozenset({SpanKind.CLIENT, SpanKind.PRODUCER})


class CleanSpan(ReadableSpan):
    """The redacted and classified copy of an ended span."""


def clean_span(span: ReadableSpan, policy: Policy | None = None, *, ended: bool = True) -> ReadableSpan | None:
    """Give the clean copy of a span; a skeleton where redaction fails, None where even that does.

    None too where its level is dropped; a span that has not ended is stripped instead.

    Args:
        span: The span.
        policy: By which all of it is cleaned; else the one in force now.
        ended: Whether it has ended.
    """
    try:
        policy = policy or current()
        clean = _copy(span, policy)
        return acted_on(SIGNAL, clean, policy.level_actions, ended=ended) if policy.level_actions else clean
    except Exception:
        withhold(SIGNAL, "redaction_failed")
    try:
        return _skeleton(span, policy or current())
    except Exception:
        withhold(SIGNAL, "dropped")
        return None


def _copy(span: ReadableSpan, policy: Policy) -> ReadableSpan:
    found: set[str] = set()
    name = parts.clean_text(span._name, found, policy)
    attributes = parts.clean_attributes(span._attributes, found, policy, calling=span._kind in _CALLING)
    events = _rebuilt(span._events, lambda event: _event(event, found, policy))
    links = _rebuilt(span._links, lambda link: _link(link, found, policy))
    status = _status(span._status, found, policy)
    held = attributes._dict
    stamps.stamp(_subject(span, name, held), held, found, policy, again=isinstance(span, CleanSpan))
    if events:
        exceptions.mark_events(span, events, held[parts.CATEGORY])
    return _assemble(span, policy, name, attributes, events, links, status)


def _subject(span: ReadableSpan, name: str, attributes: dict[str, Any]) -> Subject:
    return stamps.subject(SIGNAL, span._instrumentation_scope, name, span._kind.name.lower(), attributes)


def _assemble(  # noqa: PLR0913, PLR0917 - the parts of a span
    span: ReadableSpan, policy: Policy, name: str, attributes: Any, events: Any, links: Any, status: Status
) -> CleanSpan:
    return CleanSpan(
        name=name,
        context=parts.clean_span_context(span._context, policy),
        parent=parts.clean_span_context(span._parent, policy),
        resource=parts.clean_resource(span._resource, policy),
        attributes=attributes,
        events=events,
        links=links,
        kind=span._kind,
        status=status,
        start_time=parts.clean_time(span._start_time),
        end_time=parts.clean_time(span._end_time),
        instrumentation_scope=parts.clean_scope(span._instrumentation_scope, policy),
    )


def _rebuilt(items: Any, clean: Callable[[Any], Any]) -> Any:
    """Give the list with every item cleaned, and the count of those that the limit dropped."""
    if not items:
        return items
    rebuilt = BoundedList.from_seq(None, [clean(item) for item in items])
    rebuilt.dropped = getattr(items, "dropped", 0)
    return rebuilt


def _event(event: Any, found: set[str], policy: Policy) -> Event:
    time = parts.clean_time(event.timestamp) or 0
    name = parts.clean_text(event.name, found, policy)
    return Event(name, parts.clean_attributes(event.attributes, found, policy), timestamp=time)


def _link(link: Link, found: set[str], policy: Policy) -> Link:
    context = parts.clean_span_context(link.context, policy)
    return Link(context or link.context, parts.clean_attributes(link.attributes, found, policy))


def _status(status: Status, found: set[str], policy: Policy) -> Status:
    if status.description is None:
        return status
    return Status(status.status_code, parts.clean_text(status.description, found, policy))


def _skeleton(span: ReadableSpan, policy: Policy) -> CleanSpan:
    """Give what is left where redaction failed: ids, times, kind, status code, scope and resource."""
    attributes = parts.bounded(stamps.skeleton(_subject(span, "", {}), policy))
    code = getattr(span._status, "status_code", StatusCode.UNSET)
    return _assemble(span, policy, withheld("redaction_failed"), attributes, (), (), Status(code))


_clean_live = partial(clean_span, ended=False)


def hand_live(processor: Any, method: str, span: Any, *args: Any, **kwargs: Any) -> None:
    """Hand a span that has not ended to a processor of others: a view that reads clean, with a clean context."""
    named = {name: clean_baggage(value) for name, value in kwargs.items()}
    hand_on(SIGNAL, processor, method, LiveSpan(span, _clean_live), *map(clean_baggage, args), **named)


def _live(method: str) -> Callable[[Any], Callable[..., None]]:
    """Give the wrapper of a dispatch of spans that have not ended: whoever is not ours sees a view that reads clean."""

    def wrap(_original: Callable[..., None]) -> Callable[..., None]:
        def guarded(self: Any, span: Any, *args: Any, **kwargs: Any) -> None:
            for processor, adopted in each_processor(self._span_processors):
                if adopted:
                    hand_on(SIGNAL, processor, method, span, *args, **kwargs)
                else:
                    hand_live(processor, method, span, *args, **kwargs)

        return guarded

    return wrap


on_start = _live("on_start")
on_ending = _live("_on_ending")


def on_end(_original: Callable[..., None]) -> Callable[..., None]:
    """Replace the multi-processor's ``on_end``: one clean copy for all that are not adopted."""

    def guarded(self: Any, span: ReadableSpan) -> None:
        clean: ReadableSpan | None = None
        tried = False
        for processor, adopted in each_processor(self._span_processors):
            if adopted:
                hand_on(SIGNAL, processor, "on_end", span)
                continue
            if not tried:
                clean, tried = clean_span(span), True
            if clean is not None:
                hand_on(SIGNAL, processor, "on_end", clean)

    return guarded
