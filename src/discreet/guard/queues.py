"""The queues of batch processors: how full they are, and what they dropped because they were full."""

from __future__ import annotations

import weakref
from typing import Any, Final

from discreet.metrics.counts import COUNTS

FULL: Final = "queue_full"
"""What the SDK calls it (semantic conventions, ``otel.sdk.processor.span.processed``)."""

_SIGNALS: Final = {"Span": "span", "Log": "log"}
_watched: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()


def watch(processor: Any) -> None:
    """Know a ``BatchProcessor`` from now on, and count what it drops. Idempotent; never raises."""
    try:
        if processor in _watched:
            return
        signal = _SIGNALS[processor._exporting]
        _watched[processor] = signal
        if hasattr(processor, "_metrics"):  # not before OpenTelemetry 1.43
            processor._metrics = _Counting(processor._metrics, signal)
    except Exception:  # a gauge and a counter less
        return


class _Counting:
    """The processor's own metrics, which are told of each record that is dropped, and our counter beside them."""

    def __init__(self, inner: Any, signal: str) -> None:
        self._inner, self._signal = inner, signal

    def drop_items(self, count: int, error_type: str = FULL) -> None:
        COUNTS.dropped(self._signal, error_type, count)
        self._inner.drop_items(count, error_type)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


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
