"""Reports of a process to `discreet doctor`, which started it: one JSON file a process, renewed as things change."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from discreet.guard import doctor

PERIOD = 0.5
"""Seconds between two looks."""
QUIET = 3.0
"""Seconds without change after which a process that listens nowhere is taken as set up."""

_attending: set[str] = set()


def begin(directory: str) -> None:
    """Report once now, and from then on by a thread, and anew in forked children. Never raises."""
    if directory in _attending:
        return
    _attending.add(directory)
    visit = Visit(Path(directory))
    visit.examine()
    visit.watch()
    atexit.register(visit.last)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=visit.anew)


class Visit:
    """The reports of one process.

    A report is that of `DoctorReport.as_dict`, with ``pid`` and ``ready``: ``listening`` once the process has a
    listening socket, ``quiet`` once nothing changes any more, empty before.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._report: dict[str, Any] = {}
        self._signature: object = None
        self._changed = time.monotonic()
        self._ready = ""
        self._busy = threading.Lock()

    def anew(self) -> None:
        """Go on in a forked child, whatever the parent's thread was about."""
        self._busy = threading.Lock()
        self._changed, self._ready = time.monotonic(), ""
        self.watch()

    def watch(self) -> None:
        """Start looking, unless the interpreter is about to end."""
        with contextlib.suppress(RuntimeError):
            threading.Thread(target=self._watch, name="discreet-doctor", daemon=True).start()

    def _watch(self) -> None:
        while True:
            with contextlib.suppress(Exception):
                self.renew()
            time.sleep(PERIOD)

    def last(self) -> None:
        """Report at exit what came up since, once the thread is done with what it is about."""
        with contextlib.suppress(Exception):
            self.renew()

    def examine(self) -> None:
        """Look and send canaries; write the report."""
        with contextlib.suppress(Exception):
            signature = _signature(doctor.doctor(canaries=False))
            self._report = doctor.doctor().as_dict()
            self._signature = signature  # after the report: a fork in between must not take an older one for this
            self._write()

    def renew(self) -> None:
        """Look again without canaries, and send them only if something changed; write what is new."""
        with self._busy:
            if _signature(doctor.doctor(canaries=False)) != self._signature:
                self._changed = time.monotonic()
                self.examine()
            ready = self._ready or self._now_ready()
            if ready != self._ready or not self._file.exists():
                self._ready = ready
                self._write()

    def _now_ready(self) -> str:
        if _listens():
            return "listening"
        if _imports():
            self._changed = time.monotonic()
        return "quiet" if time.monotonic() - self._changed > QUIET else ""

    @property
    def _file(self) -> Path:
        return self._directory / f"{os.getpid()}.json"

    def _write(self) -> None:
        """Write the whole file at once: it may be read at any moment."""
        part = self._file.with_suffix(".part")
        part.write_text(json.dumps({"pid": os.getpid(), "ready": self._ready, **self._report}), encoding="utf-8")
        part.replace(self._file)


def _signature(report: doctor.DoctorReport) -> object:
    """Give what has to stay the same for the canaries of last time to count."""
    return report.parts, report.problems


def _listens() -> bool:
    import psutil

    process = psutil.Process()
    connections = getattr(process, "net_connections", None) or process.connections
    return any(one.status == psutil.CONN_LISTEN for one in connections("inet"))


def _imports() -> bool:
    """Say whether the main thread is importing, as it is while an app starts."""
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False
