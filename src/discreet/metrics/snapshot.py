"""One look at process and host a collection: every reading of psutil is made once and shared by all instruments."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable

FRESH_FOR = 0.5
"""Seconds for which a reading serves: the instruments of one collection are asked within milliseconds."""

T = TypeVar("T")


class Snapshot:
    """Readings of psutil, kept for one collection; made anew in a forked child, whose process is another."""

    def __init__(self) -> None:
        self._begin()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._process: psutil.Process | None = None
        self._kept: dict[str, tuple[float, Any]] = {}
        self._before: dict[str, Any] = {}

    @property
    def process(self) -> psutil.Process:
        """This process, and never its parent."""
        if self._process is None or self._process.pid != os.getpid():
            self._process = psutil.Process()
        return self._process

    def once(self, name: str, read: Callable[[], T]) -> T:
        """Give the reading of this name, at most `FRESH_FOR` seconds old.

        Raises:
            psutil.Error, OSError, NotImplementedError, AttributeError: As psutil does where it may not or cannot read.
        """
        with self._lock:
            now = time.monotonic()
            known = self._kept.get(name)
            if known is None or now - known[0] > FRESH_FOR:
                known = self._kept[name] = (now, read())
            value: T = known[1]
            return value

    def since(self, name: str, reading: T) -> tuple[T, T] | None:
        """Give the last reading of this name in this process and the present one; None the first time.

        Asked again for the same reading, it gives the same pair.
        """
        before = self._before.get(name)
        if before is None or before[1] is not reading:
            self._before[name] = (before[1] if before else None, reading)
        old, new = self._before[name]
        return None if old is None else (old, new)
