"""A bound on the series of one instrument: what comes beyond it goes to one overflow series, and is counted.

The SDK keeps a series for every set of attributes it ever saw, and has no bound of its own (1.40 to 1.45). This is the
cardinality limit of the OpenTelemetry metrics SDK specification: so many sets of attributes for each view of an
instrument at each reader, and one more, ``otel.metric.overflow=true``, for all the rest. The bound is for the life of
the process, as the SDK's memory is. Nothing is locked, so threads that bring new sets at the same instant may exceed
it by their number; and nothing is kept beside what the SDK keeps until the bound is reached.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from discreet.metrics.counts import COUNTS
from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OVERFLOW = {"otel.metric.overflow": True}
"""Attributes of the overflow series (OpenTelemetry metrics SDK specification, overflow attribute)."""

_STATE = "_discreet_overflow"


class _Full:
    """What is needed once a view of an instrument is full: the sets that it has, and where the rest goes.

    Attributes:
        known: The sets of attributes that have a series.
        size: How many series there were when they were looked at.
        rest: A twin of the match that shares its series, and whose view lets the overflow attribute pass.
    """

    def __init__(self, match: Any) -> None:
        series = list(match._attributes_aggregation.values())
        self.size = len(series)
        self.known = {_key(aggregation._attributes) for aggregation in series}
        self.rest = copy.copy(match)
        self.rest._view = copy.copy(match._view)
        self.rest._view._attribute_keys = None


def _key(attributes: Mapping[str, Any] | None) -> frozenset[Any]:
    return frozenset((key, type(value), _hashable(value)) for key, value in (attributes or {}).items())


def _hashable(value: Any) -> Any:
    return value if isinstance(value, (str, int, float)) else repr(value)


def _seen_by(view: Any, attributes: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    keys = view._attribute_keys
    return attributes if keys is None else {key: value for key, value in (attributes or {}).items() if key in keys}


def _full(match: Any) -> _Full:
    full: _Full | None = getattr(match, _STATE, None)
    if full is None or full.size != len(match._attributes_aggregation):
        full = _Full(match)
        setattr(match, _STATE, full)
    return full


def _overflow(match: Any, measurement: Any) -> tuple[Any, Any]:
    """Give where a measurement of a full instrument goes, and as what: to its own series where it has one."""
    full = _full(match)
    if _key(_seen_by(match._view, measurement.attributes)) in full.known:
        return match, measurement
    rest = copy.copy(measurement)
    object.__setattr__(rest, "attributes", dict(OVERFLOW))
    COUNTS.overflowed()
    return full.rest, rest


def consume_measurement(original: Callable[..., None]) -> Callable[..., None]:
    """Wrap ``_ViewInstrumentMatch.consume_measurement``, which all measurements and observations pass."""

    def guarded(self: Any, measurement: Any, sampled: bool = True) -> None:
        match, taken = self, measurement
        try:
            if len(self._attributes_aggregation) >= current().cardinality_limit:
                match, taken = _overflow(self, measurement)
        except Exception:  # it is clean already: better a series too many than an error in the app
            match, taken = self, measurement
        original(match, taken, sampled)

    return guarded
