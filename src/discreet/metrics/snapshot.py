"""One look at process and host, shared by all rows of a collection. No lock: a fork could leave one held."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final, NamedTuple

from discreet.metrics.sources import SOURCES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discreet.metrics.sources import Figures, Source

FRESH_FOR: Final = 0.1
"""Seconds for which a snapshot serves: the rows of one collection are asked within milliseconds of each other."""

LEAST_INTERVAL: Final = 1.0
"""Seconds a change is taken over, at least: the kernel counts CPU time in hundredths, and readers may come in pairs."""


class Reading(NamedTuple):
    """What a source gave, and when (seconds of `time.monotonic`)."""

    at: float
    figures: Figures


Readings = tuple[Reading, ...]


class Snapshot:
    """One look. A source is asked when the first row needs it, and its answer kept.

    Attributes:
        pid: The process that it is of.
        begun: When it was begun (seconds of `time.monotonic`).
    """

    def __init__(self, before: Mapping[str, Readings], sources: Mapping[str, Source]) -> None:
        self.pid = os.getpid()
        self.begun = time.monotonic()
        self._before = before
        self._sources = sources
        self._known: dict[str, Reading] = {}

    def reading(self, source: str) -> Reading:
        """Give what the source says.

        Raises:
            Exception: Whatever psutil raises where it may not or cannot read.
        """
        known = self._known.get(source)
        if known is None:
            known = self._known[source] = Reading(time.monotonic(), self._sources[source]())
        return known

    def before(self, source: str) -> Reading | None:
        """Give the last reading in this process that is `LEAST_INTERVAL` old; None if there is none."""
        earlier = self._before.get(source)
        return earlier[0] if earlier and self.begun - earlier[0].at >= LEAST_INTERVAL else None

    def kept(self) -> dict[str, Readings]:
        """Give for each source what the next snapshot takes its changes from: one old reading, and all young ones."""
        now = time.monotonic()
        kept: dict[str, Readings] = dict(self._before)
        for source, reading in self._known.items():
            readings = (*kept.get(source, ()), reading)
            old = sum(now - one.at >= LEAST_INTERVAL for one in readings)
            kept[source] = readings[max(old - 1, 0) :]
        return kept


class Snapshots:
    """Gives the snapshot of now: the last one while it is fresh and of this process.

    Two threads that come at the same moment may get one each; both are right.
    """

    def __init__(self, sources: Mapping[str, Source] = SOURCES) -> None:
        self._sources = sources
        self._last: Snapshot | None = None

    def current(self) -> Snapshot:
        """Give a snapshot at most `FRESH_FOR` seconds old; a forked child knows nothing of its parent's."""
        last = self._last
        if last is None or last.pid != os.getpid():
            last = self._last = Snapshot({}, self._sources)
        elif time.monotonic() - last.begun > FRESH_FOR:
            last = self._last = Snapshot(last.kept(), self._sources)
        return last
