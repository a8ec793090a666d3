"""Whether what batch processors hand to their exporters arrives."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import Any, Final

from opentelemetry.sdk.trace.export import SpanExportResult

from discreet.metrics.counts import COUNTS

SUCCESS: Final = 0
"""The value of ``SpanExportResult.SUCCESS`` and of its kin of the other signals."""
FAILED: Final = SpanExportResult.FAILURE
"""What an exporter that raises comes to."""


@dataclass(slots=True)
class Delivery:
    """What became of the batches of one exporter.

    Attributes:
        signal: "span" or "log".
        exporter: The class of the exporter.
        arrived: Batches that arrived.
        failed: Batches since the last one that arrived.
    """

    signal: str
    exporter: str
    arrived: int = 0
    failed: int = 0


_by_exporter: weakref.WeakKeyDictionary[Any, Delivery] = weakref.WeakKeyDictionary()


def delivered(signal: str, exporter: Any, result: Any) -> None:
    """Note what an exporter said of a batch; what does not say that it failed arrived."""
    one = _by_exporter.get(exporter)
    if one is None:
        one = _by_exporter[exporter] = Delivery(signal, type(exporter).__name__)
    arrived = getattr(result, "value", SUCCESS) == SUCCESS
    COUNTS.exported(signal, "success" if arrived else "failure")
    if arrived:
        one.arrived, one.failed = one.arrived + 1, 0
    else:
        one.failed += 1


def deliveries() -> tuple[Delivery, ...]:
    """Give what became of the batches of each exporter that still lives."""
    return tuple(_by_exporter.values())
