"""The queues of batch processors: how full they are, and what they dropped because they were full."""

from __future__ import annotations

import contextlib
import weakref
from typing import TYPE_CHECKING, Any, Final

from discreet.metrics.counts import COUNTS

if TYPE_CHECKING:
    from collections.abc import Callable

FULL: Final = "queue_full"
"""What the SDK calls it (semantic conventions, ``otel.sdk.processor.span.processed``)."""

_SIGNALS: Final = {"Span": "span", "Log": "log"}
_watched: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()


def watch(processor: Any) -> None:
    """Know a ``BatchProcessor`` from now on, and count what it drops. Idempotent.

    Raises:
        Exception: Where it is none, or one that cannot be held weakly.
    """
    if processor in _watched:
        return
    signal = _watched[processor] = _SIGNALS[processor._exporting]
    metrics = getattr(processor, "_metrics", None)  # not before OpenTelemetry 1.43
    if metrics is not None:
        metrics.drop_items = _counting(metrics.drop_items, signal)


def _counting(original: Callable[..., None], signal: str) -> Callable[..., None]:
    def drop_items(count: int, error_type: str = FULL) -> None:
        with contextlib.suppress(Exception):
            COUNTS.dropped(signal, error_type, count)
        original(count, error_type)

    return drop_items


def sizes() -> dict[tuple[str, ...], int]:
    """Give the records that wait in the queues of each signal."""
    return _sums(lambda processor: len(processor._queue))


def capacities() -> dict[tuple[str, ...], int]:
    """Give how many records the queues of each signal hold."""
    return _sums(lambda processor: processor._max_queue_size)


def _sums(figure: Any) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    for processor, signal in list(_watched.items()):
        if not processor._shutdown:
            found[signal,] = found.get((signal,), 0) + figure(processor)
    return found
