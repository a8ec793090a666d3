"""The loop that asks at an interval whether the configuration changed: one daemon thread in each process."""

from __future__ import annotations

import atexit
import logging
import os
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_logger = logging.getLogger("discreet")


class Loop:
    """Calls a function every so many seconds, in this process and in each one forked from it, until it is stopped.

    Args:
        call: What is called; what it raises is said by type, and the loop goes on.
        interval: Seconds between calls; asked for again after each call, 0 ends the loop.
        at_once: Whether the first call is made as the loop begins, not an interval later.
    """

    def __init__(self, call: Callable[[], None], interval: Callable[[], int], *, at_once: bool = False) -> None:
        self._call, self._interval, self._at_once = call, interval, at_once
        self._running = False
        self._stopped = Event()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._anew)
        atexit.register(self.stop)

    def begin(self) -> None:
        """Start the thread, unless it runs already or the interval is 0. Never raises."""
        if self._running or not self._interval():
            return
        self._stopped = Event()
        try:
            Thread(target=self._run, args=(self._stopped,), name="discreet-reload", daemon=True).start()
            self._running = True
        except RuntimeError:  # no more threads, or the interpreter ends
            _logger.warning("discreet: the configuration is not reloaded: no thread can be started")

    def stop(self) -> None:
        """End the thread at its next look."""
        self._running = False
        self._stopped.set()

    def _anew(self) -> None:
        if self._running:
            self._running = False
            self.begin()

    def _run(self, stopped: Event) -> None:
        pause = 0 if self._at_once else self._interval()
        while self._interval() and not stopped.wait(pause):
            try:
                self._call()
            except Exception as error:
                _logger.warning("discreet: could not look for a changed configuration (%s)", type(error).__name__)
            pause = self._interval()
        if not stopped.is_set():
            self._running = False
