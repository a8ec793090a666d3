"""Reports on our own work: what was processed, redacted, withheld and contained."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, NamedTuple

from opentelemetry.metrics import MeterProvider, Observation, get_meter_provider

from discreet.metrics.counts import COUNTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_registered: weakref.WeakSet[Any] = weakref.WeakSet()

SCOPE = "discreet"


class Row(NamedTuple):
    """One counter.

    Attributes:
        name: Its name.
        source: The count of `discreet.metrics.counts` that it reports.
        unit: Its unit.
        attributes: Names of the attributes, in the order of the count's key.
        description: What it counts.
    """

    name: str
    source: str
    unit: str
    attributes: tuple[str, ...]
    description: str


ROWS: tuple[Row, ...] = (
    Row("discreet.records.withheld", "withheld", "{record}", ("signal", "reason"), "Records whose redaction failed."),
    Row(
        "discreet.records.processed",
        "processed",
        "{record}",
        ("signal", "discreet.category", "discreet.security_level"),
        "Records that were redacted and classified.",
    ),
    Row(
        "discreet.redactions", "redactions", "{record}", ("kind",), "Records in which a kind of private data was found."
    ),
    Row("discreet.foreign.raised", "foreign_raised", "{error}", ("signal",), "Errors of processors that are not ours."),
)


def register_self_observation(meter_provider: MeterProvider | None = None) -> None:
    """Report the counts, from 0 on, as observable counters; once for each provider."""
    provider = get_meter_provider() if meter_provider is None else meter_provider
    if provider in _registered:
        return
    _registered.add(provider)
    meter = provider.get_meter(SCOPE)
    for row in ROWS:
        meter.create_observable_counter(row.name, [_callback(row)], unit=row.unit, description=row.description)


def _callback(row: Row) -> Callable[..., Iterable[Observation]]:
    def observe(_options: object) -> Iterable[Observation]:
        counts = COUNTS.snapshot()[row.source]
        return [
            Observation(count, dict(zip(row.attributes, key, strict=True))) for key, count in sorted(counts.items())
        ]

    return observe
