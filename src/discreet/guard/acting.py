"""What the level of a record does to its clean copy: it is kept, stripped to what is public, or dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util import BoundedList
from opentelemetry.trace import Link, Status

from discreet.detectors import attribute_of
from discreet.guard.parts import CATEGORY, RETENTION, SECURITY_LEVEL, STRIPPED, WITHHELD, bounded
from discreet.metrics.counts import COUNTS
from discreet.policy import action_on
from discreet.redaction import withheld

if TYPE_CHECKING:
    from collections.abc import Mapping

_OWN: Final = frozenset({CATEGORY, SECURITY_LEVEL, RETENTION, WITHHELD})


def acted_on(signal: str, clean: Any, actions: Mapping[str, str], *, ended: bool = True) -> Any | None:
    """Give a clean copy as its level wants it: as it is, stripped, or None where it is dropped; count what is done.

    A span that has not ended is not dropped but stripped, and not counted: it comes again.
    """
    if COUNTS.is_aside():
        return clean
    held = _attributes(clean)._dict
    action = action_on(actions, held[SECURITY_LEVEL], held[CATEGORY])
    if action == "keep":
        return clean
    if ended and STRIPPED not in held:
        COUNTS.acted(signal, action, held[SECURITY_LEVEL])
    if action == "drop" and ended:
        return None
    _STRIP[signal](clean)
    return clean


def _attributes(clean: Any) -> Any:
    return clean._attributes if isinstance(clean, ReadableSpan) else clean.log_record.attributes


def _public(attributes: Any, *, immutable: bool) -> Any:
    """Give what the conventions rate public, and what we stamped; the rest counts as dropped."""
    held: Mapping[str, Any] = attributes._dict
    kept = {key: value for key, value in held.items() if key in _OWN or _is_public(key)}
    stripped = bounded({**kept, STRIPPED: True}, attributes, immutable=immutable)
    stripped.dropped += len(held) - len(kept) - (STRIPPED in held)
    return stripped


def _is_public(key: str) -> bool:
    row = attribute_of(key)
    return row is not None and row.sensitivity == "public"


def _strip_span(span: Any) -> None:
    span._attributes = _public(span._attributes, immutable=True)
    events, links = span._events or (), span._links or ()
    span._events = _rebuilt((), len(events) + getattr(events, "dropped", 0))
    span._links = _rebuilt([Link(link.context) for link in links], getattr(links, "dropped", 0))
    span._status = Status(span._status.status_code)


def _rebuilt(items: Any, dropped: int) -> Any:
    rebuilt = BoundedList.from_seq(None, items)
    rebuilt.dropped = dropped
    return rebuilt


def _strip_log(record: Any) -> None:
    log = record.log_record
    log.attributes = _public(log.attributes, immutable=False)
    if log.body is not None:
        log.body = withheld("level")


_STRIP: Final = {"span": _strip_span, "log": _strip_log}
