"""How late event loops are: a callback a second on each, which notes by how much it came too late."""

from __future__ import annotations

import asyncio
import time
import weakref
from collections import deque
from typing import Any, Final

EVERY: Final = 1.0
"""Seconds between callbacks."""

KEPT: Final = 60
"""Lags that are remembered: those of the last minute."""


class LoopLag:
    """The lag of one loop, measured on its own thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = weakref.ref(loop)
        self._lags: deque[float] = deque(maxlen=KEPT)
        self._due = 0.0
        self._next(loop)

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        self._due = time.monotonic() + EVERY
        loop.call_later(EVERY, self._tick)

    def _tick(self) -> None:
        self._lags.append(max(0.0, time.monotonic() - self._due))
        loop = self._loop()
        if loop is not None and not loop.is_closed():
            self._next(loop)

    def longest(self) -> float | None:
        """Give the longest lag of the last minute, in seconds, that of a callback which is overdue now included."""
        loop = self._loop()
        if loop is None or not loop.is_running():
            return None
        overdue = max(0.0, time.monotonic() - self._due)
        return max((*self._lags.copy(), overdue))


_watched: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, LoopLag] = weakref.WeakKeyDictionary()


def watch_running_loop() -> None:
    """Have the lag of the loop that runs on this thread measured from now on. Cheap where that is done already."""
    loop: Any = asyncio.get_running_loop()
    if loop not in _watched:
        _watched[loop] = LoopLag(loop)


def event_loops() -> list[tuple[dict[str, str | int], dict[str, float]]]:
    """Give the longest lag of all loops that run, as a source of metrics; nothing where none is watched."""
    lags = [lag for one in list(_watched.values()) if (lag := one.longest()) is not None]
    return [({}, {"lag": max(lags)})] if lags else []
