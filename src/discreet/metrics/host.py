"""Registers the table of psutil metrics: one loop, observable instruments, one snapshot a collection."""

from __future__ import annotations

import logging
import weakref
from typing import TYPE_CHECKING, Any

import psutil
from opentelemetry.metrics import MeterProvider, Observation, get_meter_provider

from discreet.metrics.snapshot import Snapshot
from discreet.metrics.table import ROWS, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_logger = logging.getLogger("discreet")
_registered: weakref.WeakKeyDictionary[Any, set[str]] = weakref.WeakKeyDictionary()
_snapshot = Snapshot()

SCOPE = "discreet.metrics"


def register_host_metrics(
    meter_provider: MeterProvider | None = None, *, process: bool = True, system: bool = True
) -> None:
    """Report on this process (``process.*``) and its host (``system.*``); once for each provider."""
    provider = get_meter_provider() if meter_provider is None else meter_provider
    done = _registered.setdefault(provider, set())
    meter = provider.get_meter(SCOPE)
    chosen = tuple(prefix for prefix, wanted in (("process.", process), ("system.", system)) if wanted)
    for row in ROWS:
        if row.name.startswith(chosen) and row.name not in done:
            done.add(row.name)
            create = getattr(meter, f"create_observable_{row.kind}")
            create(row.name, [_callback(row)], unit=row.unit, description=row.description)


def _callback(row: Row) -> Callable[..., Iterable[Observation]]:
    said: list[bool] = []

    def observe(_options: object) -> Iterable[Observation]:
        try:
            return [Observation(value, attributes) for value, attributes in row.read(_snapshot)]
        except (psutil.Error, OSError, NotImplementedError, AttributeError) as error:
            if not said:
                said.append(True)
                _logger.info("discreet: %s cannot be read here (%s)", row.name, type(error).__name__)
            return []

    return observe
