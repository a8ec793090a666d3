"""What the guard did, counted without OpenTelemetry: plain integers, safe to count from anywhere, anew after a fork."""

from __future__ import annotations

import os
from collections import defaultdict
from contextlib import contextmanager
from threading import get_ident
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SIGNALS = ("span", "log", "metric")
REASONS = ("redaction_failed", "unprintable", "unmergeable", "value_failed", "dropped", "guard_failed", "unguarded")
"""Why something was withheld: the record left as a skeleton; its message was none; two points do not fit; one value of
it left as a marker; not even a skeleton left; a point of the guard failed, and gave nothing on; the signal is shut, as
a point of the guard cannot be armed."""
WITHHELD = (
    *((signal, reason) for signal in SIGNALS for reason in REASONS),
    ("headers", "guard_failed"),
    ("headers", "unguarded"),
    ("headers", "value_failed"),
    ("attributes", "value_failed"),
    ("attributes", "guard_failed"),
)
OUTCOMES = ("success", "failure")
RELOADS = ("swapped", "refused")
"""What became of a changed configuration: it is in force, or it is bad and the one before stays."""
RECORDS = ("span", "log")
"""Signals that are made of records: those have a class, and processors."""

Key = tuple[str, ...]


def _from_zero(keys: Iterable[Key] = ()) -> defaultdict[Key, int]:
    return defaultdict(int, dict.fromkeys(keys, 0))


class Counts:
    """Counts by kind of count and attribute values.

    Nothing here takes a lock, so that no fork or signal handler can find one held. It needs none: between reading and
    writing ``counts[key] += 1`` CPython neither changes threads nor runs a signal handler, as it does so at calls and
    backward jumps only, and a ``defaultdict(int)`` with keys of strings makes no call in Python.
    """

    def __init__(self) -> None:
        self._aside = 0
        self.reset()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.reset)

    def reset(self) -> None:
        """Begin anew, every known pair of signal and reason at 0."""
        self._aside = 0
        self._withheld = _from_zero(WITHHELD)
        self._processed = _from_zero()
        self._redactions = _from_zero()
        self._foreign = _from_zero((signal,) for signal in RECORDS)
        self._overflow = _from_zero([()])
        self._errors = _from_zero()
        self._dropped = _from_zero((signal, "queue_full") for signal in RECORDS)
        self._exports = _from_zero((signal, outcome) for signal in RECORDS for outcome in OUTCOMES)
        self._time: defaultdict[Key, float] = defaultdict(float, {(signal,): 0.0 for signal in RECORDS})
        self._reloads = _from_zero((outcome,) for outcome in RELOADS)
        self._held = _from_zero()
        self._level_actions = _from_zero()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Count nothing of what this thread does in the block, such as records of a probe; one thread at a time."""
        self._aside = get_ident()
        try:
            yield
        finally:
            self._aside = 0

    def is_aside(self) -> bool:
        """Say whether nothing of what this thread does is counted."""
        return bool(self._aside) and self._aside == get_ident()

    def withheld(self, signal: str, reason: str) -> None:
        """Count a record that left as a skeleton, or not at all."""
        if self._aside and self._aside == get_ident():
            return
        self._withheld[signal, reason] += 1

    def processed(self, signal: str, category: str, level: str) -> None:
        """Count a record that was cleaned and classified."""
        if self._aside and self._aside == get_ident():
            return
        self._processed[signal, category, level] += 1

    def redacted(self, kinds: Iterable[str]) -> None:
        """Count the kinds that were found in one record, each once."""
        if self._aside and self._aside == get_ident():
            return
        for kind in kinds:
            self._redactions[kind,] += 1

    def foreign_raised(self, signal: str) -> None:
        """Count what a processor that is not ours raised, and was contained."""
        if self._aside and self._aside == get_ident():
            return
        self._foreign[signal,] += 1

    def overflowed(self) -> None:
        """Count a measurement that went to an overflow series."""
        if self._aside and self._aside == get_ident():
            return
        self._overflow[()] += 1

    def dropped(self, signal: str, reason: str, count: int) -> None:
        """Count records that the SDK dropped, such as those that a full queue has no room for."""
        if self.is_aside():
            return
        self._dropped[signal, reason] += count

    def exported(self, signal: str, outcome: str) -> None:
        """Count a batch by what its exporter said of it, one of `OUTCOMES`."""
        if self.is_aside():
            return
        self._exports[signal, outcome] += 1

    def worked(self, signal: str, seconds: float) -> None:
        """Count the time that cleaning a batch took."""
        if self.is_aside():
            return
        self._time[signal,] += seconds

    def reloaded(self, outcome: str) -> None:
        """Count a changed configuration by its outcome, one of `RELOADS`."""
        self._reloads[outcome,] += 1

    def held(self, signal: str, exporter: str, level: str) -> None:
        """Count a record that is above the ceiling of an exporter, and was held back there."""
        if self.is_aside():
            return
        self._held[signal, exporter, level] += 1

    def acted(self, signal: str, action: str, level: str) -> None:
        """Count a record that was stripped or dropped for its level."""
        if self.is_aside():
            return
        self._level_actions[signal, action, level] += 1

    def error(self, key: Key) -> None:
        """Count an error by its category, its type and its fingerprint."""
        self._errors[key] += 1

    def seconds(self) -> dict[Key, float]:
        """Give the time that cleaning batches took, by signal."""
        return dict(self._time)

    def snapshot(self) -> Mapping[str, dict[Key, int]]:
        """Give all counts now: ``{"withheld": {("span", "redaction_failed"): 0, ...}, ...}``."""
        return {
            "withheld": dict(self._withheld),
            "processed": dict(self._processed),
            "redactions": dict(self._redactions),
            "foreign_raised": dict(self._foreign),
            "overflow": dict(self._overflow),
            "dropped": dict(self._dropped),
            "exports": dict(self._exports),
            "reloads": dict(self._reloads),
            "held": dict(self._held),
            "level_actions": dict(self._level_actions),
            "errors": dict(self._errors),
        }


COUNTS = Counts()
"""The counts of this process."""
