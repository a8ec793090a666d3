"""A lock that no fork finds held."""

from __future__ import annotations

import os
from threading import RLock


class ForkLock:
    """A re-entrant lock. In a forked child it is free, unless the thread that forked holds it itself."""

    def __init__(self) -> None:
        self._lock = RLock()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._anew)

    def __enter__(self) -> None:
        """Wait for the lock."""
        self._lock.acquire()

    def __exit__(self, *_error: object) -> None:
        """Give it back."""
        self._lock.release()

    def _anew(self) -> None:
        if self._lock.acquire(blocking=False):
            self._lock.release()
        else:  # held by a thread that the child does not have
            self._lock = RLock()
