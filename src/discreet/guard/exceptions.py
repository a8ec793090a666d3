"""Exceptions in records: each gets its fingerprint on the copy that leaves, and is counted once."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any, Final

from discreet.errors import GROUPS, Fingerprint, fingerprint
from discreet.errors.fingerprint import LONGEST, tail
from discreet.errors.places import Roots
from discreet.guard import limits, parts
from discreet.guard.records import traceback_of
from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TYPE: Final = "exception.type"
STACKTRACE: Final = "exception.stacktrace"
FINGERPRINT: Final = "discreet.error.fingerprint"
_MESSAGE: Final = "exception.message"


class _Roots:
    """The folders of modules for one policy and one `sys.path`, as a clean traceback names them."""

    def __init__(self) -> None:
        self._known: tuple[object, Roots] = (None, Roots((), ()))

    def now(self) -> Roots:
        policy = current()
        of = (policy, tuple(sys.path))
        if self._known[0] != of:
            self._known = (of, Roots.here(lambda folder: policy.redactor.text(folder, set())))
        return self._known[1]


_roots = _Roots()


def fingerprint_of(error: BaseException) -> str:
    """Give the fingerprint of an exception, as its records carry it in `discreet.error.fingerprint`."""
    return fingerprint(traceback_of((type(error), error, error.__traceback__))).code


def mark_log(held: dict[str, Any], original: Any, trace_id: int, at: int, *, again: bool) -> None:
    """Mark a clean log record that tells of an exception, and count it unless it passes again.

    Args:
        held: Its clean attributes, which are marked.
        original: The attributes that they were made of.
        trace_id: Its trace; 0 for none.
        at: Its time.
        again: Whether it was cleaned before.
    """
    with contextlib.suppress(Exception):  # a record without a fingerprint is as clean as one with it
        error = _marked(held, original)
        if not again:
            GROUPS.saw(error, held[parts.CATEGORY], trace_id, at)


def mark_events(span: Any, events: Iterable[Any], category: Any) -> None:
    """Mark the clean events of a span that tell of exceptions, and count those.

    Args:
        span: The span, as it was.
        events: The clean copies of its events, which are marked.
        category: The `discreet.category` of the span.
    """
    for event, original in zip(events, span._events, strict=False):
        held = event.attributes._dict
        if TYPE in held or STACKTRACE in held:
            with contextlib.suppress(Exception):  # a record without a fingerprint is as clean as one with it
                GROUPS.saw(_marked(held, original.attributes), category, span._context.trace_id, event.timestamp)


def _marked(held: dict[str, Any], original: Any) -> Fingerprint:
    kind, message = (value if isinstance(value := held.get(name), str) else "" for name in (TYPE, _MESSAGE))
    error = fingerprint(_traceback(held, original), kind, message, _roots.now())
    held[FINGERPRINT] = error.code
    return error


def _traceback(held: Mapping[str, Any], original: Mapping[str, Any]) -> str:
    """Give the redacted traceback, from before a length limit cut it."""
    clean, raw = held.get(STACKTRACE), original.get(STACKTRACE)
    if not isinstance(clean, str):
        return ""
    if isinstance(raw, str) and (len(raw) > LONGEST or limits.is_cut(original)):
        return str(current().redactor.text(tail(raw), set()))
    return clean
