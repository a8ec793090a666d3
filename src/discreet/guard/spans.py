"""Spans: a clean copy for whoever exports, from the SDK's own dispatch to every span processor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util import BoundedList
from opentelemetry.trace import Link, Status, StatusCode

from discreet.classification import Level, Subject, classify, level_of
from discreet.guard import parts
from discreet.guard.dispatch import contained, each_processor
from discreet.guard.views import LiveSpan
from discreet.metrics.counts import COUNTS
from discreet.redaction import withheld

if TYPE_CHECKING:
    from collections.abc import Callable

SIGNAL = "span"


class CleanSpan(ReadableSpan):
    """The redacted and classified copy of an ended span."""


def clean_span(span: ReadableSpan) -> ReadableSpan | None:
    """Give the clean copy of a span; a skeleton where redaction fails, None where even that does."""
    try:
        return _copy(span)
    except Exception:
        COUNTS.withheld(SIGNAL, "redaction_failed")
    try:
        return _skeleton(span)
    except Exception:
        return None


def _copy(span: ReadableSpan) -> ReadableSpan:
    found: set[str] = set()
    name = parts.clean_text(span._name, found)
    attributes = parts.clean_attributes(span._attributes, found)
    events = _rebuilt(span._events, lambda event: _event(event, found))
    links = _rebuilt(span._links, lambda link: _link(link, found))
    status = _status(span._status, found)
    _classify(span, name, attributes, found)
    return _assemble(span, name, attributes, events, links, status)


def _classify(span: ReadableSpan, name: str, attributes: Any, found: set[str]) -> None:
    """Stamp the final category and level on the copy, the level raised by what was found."""
    scope = span._instrumentation_scope
    subject = Subject(
        signal=SIGNAL,
        scope=(scope.name if scope else "") or "",
        name=name,
        kind=span._kind.name.lower(),
        attributes=attributes._dict,
    )
    category, level, _ = classify(subject)
    level = max(level, level_of(found))
    attributes._dict[parts.CATEGORY] = category
    attributes._dict[parts.SECURITY_LEVEL] = level.label
    if not isinstance(span, CleanSpan):
        COUNTS.processed(SIGNAL, category, level.label)
        COUNTS.redacted(found)


def _assemble(span: ReadableSpan, name: str, attributes: Any, events: Any, links: Any, status: Status) -> CleanSpan:  # noqa: PLR0913, PLR0917
    return CleanSpan(
        name=name,
        context=parts.clean_span_context(span._context),
        parent=parts.clean_span_context(span._parent),
        resource=parts.clean_resource(span._resource),
        attributes=attributes,
        events=events,
        links=links,
        kind=span._kind,
        status=status,
        start_time=parts.clean_time(span._start_time),
        end_time=parts.clean_time(span._end_time),
        instrumentation_scope=parts.clean_scope(span._instrumentation_scope),
    )


def _rebuilt(items: Any, clean: Callable[[Any], Any]) -> Any:
    """Give the list with every item cleaned, and the count of those that the limit dropped."""
    if not items:
        return items
    rebuilt = BoundedList.from_seq(None, [clean(item) for item in items])
    rebuilt.dropped = getattr(items, "dropped", 0)
    return rebuilt


def _event(event: Any, found: set[str]) -> Event:
    time = parts.clean_time(event.timestamp) or 0
    return Event(parts.clean_text(event.name, found), parts.clean_attributes(event.attributes, found), timestamp=time)


def _link(link: Link, found: set[str]) -> Link:
    context = parts.clean_span_context(link.context)
    return Link(context or link.context, parts.clean_attributes(link.attributes, found))


def _status(status: Status, found: set[str]) -> Status:
    if status.description is None:
        return status
    return Status(status.status_code, parts.clean_text(status.description, found))


def _skeleton(span: ReadableSpan) -> CleanSpan:
    """Give what is left where redaction failed: ids, times, kind, status code, scope and resource."""
    scope = span._instrumentation_scope
    category = classify(Subject(SIGNAL, getattr(scope, "name", ""), "", span._kind.name.lower(), {})).category
    attributes = {
        parts.CATEGORY: category,
        parts.SECURITY_LEVEL: Level.RESTRICTED.label,
        parts.WITHHELD: True,
    }
    code = getattr(span._status, "status_code", StatusCode.UNSET)
    COUNTS.processed(SIGNAL, category, Level.RESTRICTED.label)
    return _assemble(span, withheld("redaction_failed"), parts.bounded(attributes), (), (), Status(code))


def on_start(_original: Callable[..., None]) -> Callable[..., None]:
    """Replace the multi-processor's ``on_start``: whoever is not ours sees a view that reads clean."""

    def guarded(self: Any, span: Any, parent_context: Any = None) -> None:
        for processor, adopted in each_processor(self._span_processors):
            seen = span if adopted else LiveSpan(span, clean_span)
            contained(SIGNAL, processor.on_start, seen, parent_context=parent_context)

    return guarded


def on_ending(_original: Callable[..., None]) -> Callable[..., None]:
    """Replace the multi-processor's ``_on_ending`` alike: the span can still be written to."""

    def guarded(self: Any, span: Any) -> None:
        for processor, adopted in each_processor(self._span_processors):
            seen = span if adopted else LiveSpan(span, clean_span)
            contained(SIGNAL, processor._on_ending, seen)

    return guarded


def on_end(_original: Callable[..., None]) -> Callable[..., None]:
    """Replace the multi-processor's ``on_end``: one clean copy for all that are not adopted."""

    def guarded(self: Any, span: ReadableSpan) -> None:
        clean: ReadableSpan | None = None
        for processor, adopted in each_processor(self._span_processors):
            if adopted:
                contained(SIGNAL, processor.on_end, span)
                continue
            clean = clean or clean_span(span)
            if clean is not None:
                contained(SIGNAL, processor.on_end, clean)

    return guarded
