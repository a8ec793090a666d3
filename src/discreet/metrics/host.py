"""Registers the table of psutil metrics: one loop, observable instruments, one snapshot a collection."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from opentelemetry.metrics import CallbackOptions, MeterProvider, Observation, get_meter_provider

from discreet.metrics.once import CLAIMS
from discreet.metrics.snapshot import Snapshots
from discreet.metrics.table import ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from discreet.metrics.row import Row

_logger = logging.getLogger("discreet")

SCOPE = "discreet.metrics"


def register_host_metrics(
    meter_provider: MeterProvider | None = None, *, process: bool = True, system: bool = True
) -> None:
    """Report on this process (``process.*``) and its host (``system.*``); once for each provider.

    Args:
        meter_provider: The provider to report to; else the global one.
        process: Whether to report on the process.
        system: Whether to report on the host. Leave it to a collector where one reports on the host already.
    """
    provider = get_meter_provider() if meter_provider is None else meter_provider
    families = {"process": process, "system": system}
    names = CLAIMS.claim(provider, (row.name for row in ROWS if families[row.family]))
    meter, snapshots = provider.get_meter(SCOPE), Snapshots()
    for row in ROWS:
        if row.name in names:
            create = getattr(meter, f"create_observable_{row.kind}")
            create(row.name, [_callback(row, snapshots)], unit=row.unit, description=row.description)


def _callback(row: Row, snapshots: Snapshots) -> Callable[[CallbackOptions], Iterable[Observation]]:
    """Give the callback of one row. What cannot be read here costs that row its points, and is said once."""
    said: list[str] = []

    def observe(_options: CallbackOptions) -> Iterable[Observation]:
        try:
            return [Observation(amount, attributes) for amount, attributes in row.read(snapshots.current())]
        except Exception as error:
            if not said:
                said.append(type(error).__name__)
                _logger.info("discreet: %s is left out: it cannot be read here (%s)", row.name, said[0])
            return []

    return observe
