"""What comes in with a request: ids that others gave it, and listed entries of baggage, as attributes."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, cast

from opentelemetry import baggage
from opentelemetry.context import create_key, set_value

from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.context import Context

_KEY = create_key("discreet.request_ids")
_LONGEST: Final = 256
"""Characters of an id; what is longer is none."""
_MOST: Final = 4
_PLAIN = (str, int, float, bool)
_NOTHING: Mapping[str, Any] = MappingProxyType({})


def with_request_ids(context: Context, carrier: Any, getter: Any) -> Context:
    """Give the context that was extracted from a carrier with the ids that its headers hold."""
    headers = current().incoming.headers
    ids = {attribute: ids for name, attribute in headers.items() if (ids := _texts(getter.get(carrier, name)))}
    return set_value(_KEY, ids, context) if ids or _KEY in context else context


def _texts(values: Any) -> tuple[str, ...]:
    listed = [values] if isinstance(values, str) else values or ()
    return tuple(value for value in listed if isinstance(value, str) and 0 < len(value) <= _LONGEST)[:_MOST]


def request_ids_in(context: Context) -> Mapping[str, Any]:
    """Give the ids of the request that a context was extracted from, by attribute."""
    return cast("Mapping[str, Any]", context.get(_KEY, _NOTHING))


def baggage_in(context: Context) -> Mapping[str, Any]:
    """Give the entries of the baggage that the policy lists, by attribute."""
    rules = current().incoming
    if not rules.reads_baggage:
        return _NOTHING
    held = baggage.get_all(context)
    return {key: value for key, value in held.items() if type(value) in _PLAIN and rules.takes(key)}
