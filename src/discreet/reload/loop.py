"""The thread that looks for a changed configuration: one daemon in each process, which can be woken from anywhere."""

from __future__ import annotations

import logging
import os
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_logger = logging.getLogger("discreet")
_SOON: Final = 0.5
"""Seconds after which a forked child looks first: the file may have changed since its parent looked."""

_Queue = SimpleQueue["bool | None"]
"""What the thread is told: True to reload, False to ask for the interval again, None to end."""


class Loop:
    """Calls ``look`` every so many seconds and ``reload`` when asked, in this process and in each forked from it.

    Args:
        look: Called at each interval; what either raises is said by type, and the loop goes on.
        reload: Called after `ask`.
        interval: Seconds between looks, asked for before each; with 0, the thread waits to be asked.
    """

    def __init__(self, look: Callable[[], object], reload: Callable[[], object], interval: Callable[[], int]) -> None:
        self._look, self._reload, self._interval = look, reload, interval
        self._told: _Queue | None = None
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._anew)

    def begin(self) -> None:
        """Start the thread, or have one that runs ask for the interval anew. Never raises."""
        if self._told is None:
            self._start(None)
        else:
            self._told.put(False)

    def ask(self) -> None:
        """Have the configuration reloaded, on the thread. For signal handlers: takes no lock, and returns at once."""
        if self._told is not None:
            self._told.put(True)  # documented as reentrant

    def stop(self) -> None:
        """End the thread."""
        if self._told is not None:
            self._told.put(None)
        self._told = None

    def _anew(self) -> None:
        if self._told is not None:
            self._start(_SOON)

    def _start(self, first: float | None) -> None:
        told: _Queue = SimpleQueue()
        try:
            Thread(target=self._run, args=(told, first), name="discreet-reload", daemon=True).start()
        except RuntimeError:  # no more threads, or the interpreter ends
            self._told = None
            _logger.warning("discreet: the configuration is not reloaded: no thread can be started")
        else:
            self._told = told

    def _run(self, told: _Queue, first: float | None) -> None:
        wait = first or self._interval()
        while True:
            words = _words(told, wait)
            if None in words:
                return
            if True in words:
                self._call(self._reload)
            elif not words:
                self._call(self._look)
            wait = self._interval()

    def _call(self, function: Callable[[], object]) -> None:
        try:
            function()
        except Exception as error:
            _logger.warning("discreet: could not look for a changed configuration (%s)", type(error).__name__)


def _words(told: _Queue, wait: float) -> list[bool | None]:
    """Give what was said since: several at once are one reload. Nothing where the time to wait is over."""
    try:
        words = [told.get(timeout=wait or None)]
        while not told.empty():  # nobody else takes
            words.append(told.get_nowait())
    except Empty:
        return []
    return words
