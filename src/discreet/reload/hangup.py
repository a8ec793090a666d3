"""SIGHUP: reloads the configuration where nobody else uses it, as daemons do, and ends the process as ever elsewhere.

A process with a controlling terminal is told by SIGHUP that the terminal is gone, and has to end. One without, under
systemd or in a container, is told by it only what somebody means to tell it.
"""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_SERVERS: Final = ("gunicorn.", "uvicorn.")
"""Packages that restart their workers by it, which then start with the new configuration."""


def take(ask: Callable[[], None], when: str) -> bool:
    """Have SIGHUP ask for a reload, if this process may; say whether it does so from now on. Idempotent.

    Args:
        ask: Called in the signal handler: has to be safe there.
        when: ``never``; ``auto``: where it has its default action, and no terminal can hang up; ``always``: also beside
            a handler of the app's in Python, which is called as before. Never where it is ignored, as under nohup,
            where gunicorn or uvicorn have taken it, or in a thread other than the main one.
    """
    now: Any = signal.getsignal(signal.SIGHUP) if hasattr(signal, "SIGHUP") else None
    if isinstance(now, _Handler):
        return True
    if threading.current_thread() is not threading.main_thread() or not _MAY.get(when, _never)(now):
        return False
    try:
        signal.signal(signal.SIGHUP, _Handler(ask, now if callable(now) else None))
    except (OSError, ValueError):  # a subinterpreter may set none
        return False
    return True


def give_back() -> None:
    """Put back what was there before, where nobody took the signal since. For tests."""
    now: Any = signal.getsignal(signal.SIGHUP) if hasattr(signal, "SIGHUP") else None
    if isinstance(now, _Handler):
        signal.signal(signal.SIGHUP, now.before or signal.SIG_DFL)


class _Handler:
    """Asks for a reload, and calls the handler that was there before. Takes no lock and writes nothing."""

    def __init__(self, ask: Callable[[], None], before: Callable[..., Any] | None) -> None:
        self._ask, self.before = ask, before

    def __call__(self, number: int, frame: Any) -> None:
        self._ask()
        if self.before is not None:
            self.before(number, frame)


def _never(_now: Any) -> bool:
    return False


def _unless_in_use(now: Any) -> bool:
    return now is signal.SIG_DFL and not _has_terminal()


def _unless_a_servers(now: Any) -> bool:
    if not callable(now):
        return now is signal.SIG_DFL
    return not str(getattr(now, "__module__", "")).startswith(_SERVERS)


_MAY: Final[dict[str, Callable[[Any], bool]]] = {
    "never": _never,
    "auto": _unless_in_use,
    "always": _unless_a_servers,
}
"""By the option, whether the signal is taken from what is there now."""


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK))  # this process's own, by POSIX
    except OSError:
        return False
    return True
