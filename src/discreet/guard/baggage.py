"""Baggage and trace state of a context, without what is private; and of that, what may go out with a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry import baggage, trace
from opentelemetry.context import Context, get_current

from discreet.guard.containment import report, withhold
from discreet.guard.hosts import host_of_span
from discreet.guard.otherwise import bare
from discreet.guard.parts import clean_span_context, tells
from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from discreet.policy import Policy

# W3C Baggage section 3.3.2; OpenTelemetry 1.40, and propagators of other formats, write more than that.
_MOST_ENTRIES = 180
_LONGEST_ENTRY = 4096
_LONGEST_BAGGAGE = 8192
_PLAIN = (str, int, float, bool)  # the text of anything else may be another one when it is written

_MOST_REMEMBERED = 1024
_LONGEST_REMEMBERED = 256
_proven: tuple[object, set[tuple[str, object]]] = (None, set())


class OutgoingContext(Context):
    """A context of which everything may go out. What is derived from it is an ordinary one again."""


def clean_context(context: Context | None, policy: Policy | None = None) -> Context | None:
    """Give the context without baggage entries and trace state members in which something private was found.

    For those in the process that export what they see there. Where that cannot be told, there is neither baggage nor
    trace state.
    """
    if context is not None and not context:  # what a batch processor keeps
        return context
    try:
        cleaned: Context | None = _clean_span(clean_baggage(context, policy), policy)
    except Exception:
        withhold("headers", "redaction_failed")
        return bare(get_current() if context is None else context)
    return cleaned


def clean_baggage(context: Context | None, policy: Policy | None = None) -> Context | None:
    """Give the context without baggage entries in which something private was found; None stands for the current one.

    Where that cannot be told, there is no baggage at all.
    """
    try:
        held = baggage.get_all(context)
        for key, value in held.items():
            if _is_private(key, value, policy or current()):
                context = baggage.remove_baggage(key, context)
    except Exception:
        withhold("headers", "redaction_failed")
        return baggage.clear(context)
    return context


def outgoing_context(context: Context) -> Context:
    """Give the context with what may go out with a call: entries of allowed keys, if its host is allowed, and clean.

    The host is that of the client span in the context. Where anything fails, no baggage goes out.
    """
    try:
        held = baggage.get_all(context)
        if held:
            kept = _allowed(held, context)
            if len(kept) < len(held):
                context = baggage.clear(context)
                for key, value in kept.items():
                    context = baggage.set_baggage(key, value, context)
    except Exception:
        withhold("headers", "redaction_failed")
        context = baggage.clear(context)
    return OutgoingContext(_clean_span(context, None))


def _allowed(held: Mapping[str, object], context: Context) -> dict[str, object]:
    rules = current().baggage
    if not rules or not rules.allows_host(host_of_span(trace.get_current_span(context))):
        return {}
    return dict(_bounded((key, value) for key, value in held.items() if type(key) is str and rules.allows_key(key)))


def _bounded(entries: Iterator[tuple[str, object]]) -> Iterator[tuple[str, object]]:
    """Give the entries that are clean, up to the bounds of the format."""
    number = length = 0
    for key, value in entries:
        if type(value) not in _PLAIN:
            continue
        size = len(key) + len(str(value)) + 1
        if size > _LONGEST_ENTRY or _is_private(key, value, current()):
            continue
        number, length = number + 1, length + size + 1
        if number > _MOST_ENTRIES or length > _LONGEST_BAGGAGE:
            return
        yield key, value


def _is_private(key: str, value: object, policy: Policy) -> bool:
    pairs = _proven_clean(policy)
    short = type(value) is str and len(value) <= _LONGEST_REMEMBERED
    if short and (key, value) in pairs:
        return False
    found = set[str]()
    if policy.redactor.attributes({key: value}, found) != {key: value} or tells(key, value, policy):
        report(found, "headers")
        return True
    if short and len(pairs) < _MOST_REMEMBERED:
        pairs.add((key, value))
    return False


def _proven_clean(policy: Policy) -> set[tuple[str, object]]:
    """Give the entries in which a policy found nothing; no other is remembered."""
    global _proven  # noqa: PLW0603 - replaced whole with the policy
    known = _proven
    if known[0] is not policy or len(known[1]) >= _MOST_REMEMBERED:
        known = _proven = (policy, set())
    return known[1]


def _clean_span(context: Any, policy: Policy | None) -> Any:
    before = trace.get_current_span(context).get_span_context()
    if not before.trace_state:
        return context
    after = clean_span_context(before, policy or current())
    if after is before or after is None:
        return context
    return trace.set_span_in_context(trace.NonRecordingSpan(after), context)
