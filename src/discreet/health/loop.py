"""The thread that makes rounds of checks: one daemon in each process, also in those that were forked."""

from __future__ import annotations

import logging
import os
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_logger = logging.getLogger("discreet")
_ASK_AGAIN: Final = 15
"""Seconds after which an interval of 0 is asked for again: it may have been reloaded."""


class Loop:
    """Calls a function at once and then every so many seconds, in this process and in each one forked from it.

    Args:
        call: What is called; what it raises is said by type, and the loop goes on.
        interval: Seconds between calls; asked for before each call, 0 for none.
        forked: Called in a child, before its own thread begins.
    """

    def __init__(self, call: Callable[[], None], interval: Callable[[], int], forked: Callable[[], None]) -> None:
        self._call, self._interval, self._forked = call, interval, forked
        self._stopped: Event | None = None
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._anew)

    def begin(self) -> None:
        """Start the thread, unless it runs already. Never raises."""
        if self._stopped is not None:
            return
        stopped = Event()
        try:
            Thread(target=self._run, args=(stopped,), name="discreet-health", daemon=True).start()
        except RuntimeError:  # no more threads, or the interpreter ends
            _logger.warning("discreet: health is not checked: no thread can be started")
        else:
            self._stopped = stopped

    def stop(self) -> None:
        """End the thread after the call that it is in."""
        if self._stopped is not None:
            self._stopped.set()
        self._stopped = None

    def _anew(self) -> None:
        if self._stopped is not None:
            self._stopped = None
            self._forked()
            self.begin()

    def _run(self, stopped: Event) -> None:
        while not stopped.is_set():
            interval = self._interval()
            if interval:
                self._once()
            stopped.wait(interval or _ASK_AGAIN)

    def _once(self) -> None:
        try:
            self._call()
        except Exception as error:
            _logger.warning("discreet: health could not be checked (%s)", type(error).__name__)
