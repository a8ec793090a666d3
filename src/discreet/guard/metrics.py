"""Measurements: attributes are redacted before aggregation, so that no two series become one later."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from discreet.guard import parts
from discreet.metrics.counts import COUNTS
from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

SIGNAL = "metric"

_MOST_PROVEN = 16_384
_LONGEST_PROVEN = 256


class _Proven:
    """Pairs of key and value in which nothing was found, under one policy. Holds no pair that was redacted."""

    def __init__(self) -> None:
        self._policy: object = None
        self._pairs: set[tuple[str, Any, type]] = set()

    def all(self, attributes: Mapping[str, Any]) -> bool:
        """Say whether every pair is known to be clean."""
        if self._policy is not current():
            return False
        try:
            return all((key, value, value.__class__) in self._pairs for key, value in attributes.items())
        except TypeError:  # a value that has no hash
            return False

    def learn(self, attributes: Mapping[str, Any]) -> None:
        """Remember the pairs."""
        if self._policy is not current() or len(self._pairs) > _MOST_PROVEN:
            self._policy, self._pairs = current(), set()
        self._pairs.update(
            (key, value, value.__class__)
            for key, value in attributes.items()
            if isinstance(value, (str, int, float)) and len(str(value)) <= _LONGEST_PROVEN
        )


_proven = _Proven()


def clean_measured(attributes: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Give the attributes of a measurement or data point as they may be aggregated; the same object where clean."""
    if not attributes or _proven.all(attributes):
        return attributes
    found: set[str] = set()
    try:
        clean: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in current().redactor.attributes(attributes, found).items()
        }
    except Exception:
        COUNTS.withheld(SIGNAL, "redaction_failed")
        return {parts.WITHHELD: True}
    if found:
        COUNTS.redacted(found)
        return clean
    _proven.learn(clean)
    return clean


def _clean(measurement: Any) -> Any:
    clean = clean_measured(measurement.attributes)
    if clean is measurement.attributes:
        return measurement
    twin = copy.copy(measurement)
    object.__setattr__(twin, "attributes", clean)
    return twin


def consume_measurement(original: Callable[..., None]) -> Callable[..., None]:
    """Wrap ``SynchronousMeasurementConsumer.consume_measurement``: counters, gauges, histograms of every provider."""

    def guarded(self: Any, measurement: Any) -> None:
        original(self, _clean(measurement))

    return guarded


def callback(original: Callable[..., Iterable[Any]]) -> Callable[..., Iterable[Any]]:
    """Wrap ``_Asynchronous.callback``: what observable instruments observe does not pass the consumer."""

    def guarded(self: Any, callback_options: Any) -> Iterable[Any]:
        for measurement in original(self, callback_options):
            yield _clean(measurement)

    return guarded
