"""Which processors may hold a raw record, and how those of others are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from discreet.metrics.counts import COUNTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ADOPTED = (BatchSpanProcessor, BatchLogRecordProcessor)
"""Exactly these only queue a record, and `discreet.guard.batches` cleans the batch on their worker. A subclass may read
the record itself, so it is handed a clean copy like everybody else."""


def is_adopted(processor: object) -> bool:
    """Say whether a processor may be handed the raw record."""
    return type(processor) in _ADOPTED


def each_processor(processors: tuple[Any, ...]) -> Iterator[tuple[Any, bool]]:
    """Give each processor with whether it is adopted, that is: may be handed the raw record."""
    for processor in processors:
        yield processor, is_adopted(processor)


def contained(signal: str, call: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """Call a processor; what it raises is counted, and reaches neither the app nor the processors after it."""
    try:
        call(*args, **kwargs)
    except Exception:
        COUNTS.foreign_raised(signal)
