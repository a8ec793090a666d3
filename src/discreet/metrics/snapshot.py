"""One look at process and host, shared by all rows of a collection. No lock: a fork could leave one held."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from discreet.metrics.sources import Figures

FRESH_FOR: Final = 0.1
"""Seconds for which a snapshot serves: the rows of one collection are asked within milliseconds of each other."""

LEAST_INTERVAL: Final = 1.0
"""Seconds a change is taken over, at least: the kernel counts CPU time in hundredths, and readers may come in pairs."""


class Reading(NamedTuple):
    """What a source gave, and when (seconds of `time.monotonic`)."""

    at: float
    figures: Figures


def _sources() -> Mapping[str, Callable[[], Figures]]:
    # Here, at the first collection, and not when an app starts: psutil takes 10 to 20 ms to import.
    from discreet.metrics.sources import SOURCES

    return SOURCES


class Snapshot:
    """One look. A source is asked when the first row needs it, and its answer kept.

    Attributes:
        pid: The process that it is of.
        begun: When it was begun (seconds of `time.monotonic`).
    """

    def __init__(self, before: Mapping[str, Reading], sources: Mapping[str, Callable[[], Figures]]) -> None:
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
        """Give what the source said at an earlier collection in this process; None if there was none."""
        return self._before.get(source)

    def kept(self) -> dict[str, Reading]:
        """Give for each source the reading that the next snapshot takes its changes from."""
        now = time.monotonic()
        late = {
            source: reading
            for source, reading in self._known.items()
            if source not in self._before or now - reading.at >= LEAST_INTERVAL
        }
        return {**self._before, **late}


class Snapshots:
    """Gives the snapshot of now: the last one while it is fresh and of this process.

    Two threads that come at the same moment may get one each; both are right.
    """

    def __init__(self, sources: Callable[[], Mapping[str, Callable[[], Figures]]] = _sources) -> None:
        self._sources = sources
        self._last: Snapshot | None = None

    def current(self) -> Snapshot:
        """Give a snapshot at most `FRESH_FOR` seconds old; a forked child knows nothing of its parent's."""
        last = self._last
        if last is None or last.pid != os.getpid():
            last = self._last = Snapshot({}, self._sources())
        elif time.monotonic() - last.begun > FRESH_FOR:
            last = self._last = Snapshot(last.kept(), self._sources())
        return last
