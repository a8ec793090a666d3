"""Which processors may hold a raw record, and how those of others are called."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from discreet.metrics.counts import COUNTS
from discreet.policy import StrictError, current

_ADOPTED = (BatchSpanProcessor, BatchLogRecordProcessor)
"""Exactly these only queue a record, and `discreet.guard.batches` cleans the batch on their worker. A subclass may read
the record itself, so it is handed a clean copy like everybody else."""


_closed = threading.Event()


def adopt(*, yes: bool) -> None:
    """Say whether batches are cleaned on their worker; where that point is not armed, nobody gets a raw record."""
    if yes:
        _closed.clear()
    else:
        _closed.set()


def each_processor(processors: tuple[Any, ...]) -> list[tuple[Any, bool]]:
    """Give each processor with whether it is adopted, that is: may be handed the raw record.

    A strict policy adopts none, so that what cannot be cleaned is raised in the thread that hands the record over.
    """
    adopted = _adopted()
    return [(processor, type(processor) in adopted) for processor in processors]


def is_adopted(processor: object) -> bool:
    """Say whether a processor may be handed the raw record."""
    return type(processor) in _adopted()


def _adopted() -> tuple[type, ...]:
    return () if _closed.is_set() or current().strict else _ADOPTED


def hand_on(signal: str, processor: Any, method: str, *args: Any, **kwargs: Any) -> None:
    """Call a processor; what it raises is counted, and reaches neither the app nor the processors after it."""
    try:
        getattr(processor, method)(*args, **kwargs)
    except StrictError:
        raise
    except Exception:
        with contextlib.suppress(Exception):
            COUNTS.foreign_raised(signal)
