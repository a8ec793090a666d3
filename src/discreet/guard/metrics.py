"""Measurements: attributes are redacted before aggregation, so that no two series become one later."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from discreet.guard import parts, proven
from discreet.guard.containment import report, say_strict, withhold
from discreet.metrics.counts import COUNTS
from discreet.policy import StrictError, current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from discreet.policy import Policy

SIGNAL = "metric"


def clean_measured(attributes: Mapping[str, Any] | None, policy: Policy | None = None) -> Mapping[str, Any] | None:
    """Give the attributes of a measurement or data point as they may be aggregated; the same object where clean.

    Args:
        attributes: The attributes.
        policy: By which they are cleaned; else the one in force now.
    """
    found: set[str] = set()
    try:
        policy = policy or current()
        if not attributes or proven.all_known(attributes, policy):
            return attributes
        clean: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in proven.clean(attributes, found, policy).items()
        }
    except Exception:
        withhold(SIGNAL, "redaction_failed")
        return {parts.WITHHELD: True}
    if found:
        report(found, SIGNAL)
        COUNTS.redacted(found)
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
        try:
            attributes = measurement.attributes
            if attributes and not proven.all_known(attributes, current()):  # without a call more where all is known
                measurement = _clean(measurement)
        except StrictError:
            raise
        except Exception:
            withhold(SIGNAL, "dropped")
            return
        original(self, measurement)

    return guarded


def callback(original: Callable[..., Iterable[Any]]) -> Callable[..., Iterable[Any]]:
    """Wrap ``_Asynchronous.callback``: what observable instruments observe does not pass the consumer."""

    def guarded(self: Any, callback_options: Any) -> Iterable[Any]:
        for measurement in original(self, callback_options):
            try:
                clean = _clean(measurement)
            except Exception:  # its reader collects the others, on a thread of its own
                say_strict(SIGNAL, "dropped")
            else:
                yield clean

    return guarded
