"""Starts a command, waits for the reports of its processes, and ends it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import psutil

from discreet.runtime import DIRECTORY

if TYPE_CHECKING:
    from collections.abc import Sequence

PERIOD = 0.2
SETTLED = 1.5
"""Seconds in which no process may report anything new before the reports are taken as complete."""
UNREPORTED = 5.0
"""Seconds that processes without a report are waited for, once all that report are ready."""
GRACE = 10.0
"""Seconds between SIGTERM and SIGKILL."""


class Visited(NamedTuple):
    """What came of a visit.

    Attributes:
        reports: The last report of each process that reported.
        complete: Whether each of them said that it is set up, or the command ran to its end.
        status: The exit status, if the command ended by itself.
    """

    reports: list[dict[str, Any]]
    complete: bool
    status: int | None


def visit(command: Sequence[str], timeout: float) -> Visited:
    """Start a command, wait for the reports of its processes, and end it.

    Raises:
        OSError: When the command cannot be started.
    """
    with tempfile.TemporaryDirectory(prefix="discreet-doctor-") as directory:
        process = subprocess.Popen(  # noqa: S603 - the user's own command is what is asked for
            command,
            env={**os.environ, DIRECTORY: directory},
            stdout=sys.stderr.fileno(),
            start_new_session=True,
        )
        try:
            complete = _wait(process, Path(directory), timeout)
            status = process.poll()
        finally:
            reports = _reports(Path(directory))
            _end(process)
        return Visited(reports or _reports(Path(directory)), complete, status)


def _wait(process: subprocess.Popen[bytes], directory: Path, timeout: float) -> bool:
    """Wait until every process has reported and is set up, or the command ended; false if the time is over before."""
    end = time.monotonic() + timeout
    since, last = time.monotonic(), _reports(directory)
    while time.monotonic() < end and process.poll() is None:
        time.sleep(PERIOD)
        reports = _reports(directory)
        if reports != last:
            since, last = time.monotonic(), reports
        if reports and all(report["ready"] for report in reports):
            complete = _processes(process.pid) <= {report["pid"] for report in reports}
            if time.monotonic() - since > (SETTLED if complete else UNREPORTED):
                return True
    return process.poll() is not None


def _processes(pid: int) -> set[int]:
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        return {one.pid for one in (root, *root.children(recursive=True))}
    return set()


def _reports(directory: Path) -> list[dict[str, Any]]:
    """Give what was reported, the process that was first to start first."""
    reports = []
    for path in sorted(directory.glob("*.json"), key=lambda path: int(path.stem)):
        with contextlib.suppress(OSError, ValueError):
            reports.append(json.loads(path.read_text(encoding="utf-8")))
    return reports


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the command and all that it started, which is the process group that it leads."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            continue
        break
