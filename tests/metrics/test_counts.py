"""What the guard did is counted exactly, from anywhere, without a lock and without OpenTelemetry."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest

from discreet.metrics.counts import COUNTS, RECORDS, WITHHELD, Counts


def test_every_known_pair_starts_at_zero() -> None:
    """A counter that is born at its first failure would hide that failure from `increase()`."""
    counts = Counts()
    assert counts.snapshot() == {
        "withheld": dict.fromkeys(WITHHELD, 0),
        "processed": {},
        "redactions": {},
        "foreign_raised": {(signal,): 0 for signal in RECORDS},
        "overflow": {(): 0},
        "reloads": {("swapped",): 0, ("refused",): 0},
        "dropped": {("span", "queue_full"): 0, ("log", "queue_full"): 0},
        "exports": {(signal, outcome): 0 for signal in RECORDS for outcome in ("success", "failure")},
        "held": {},
        "level_actions": {},
        "errors": {},
    }


def test_each_count_is_kept_by_its_attributes() -> None:
    """What is counted is what the snapshot gives, and a reset begins anew."""
    counts = Counts()
    counts.withheld("span", "redaction_failed")
    counts.withheld("log", "a reason nobody knew of")
    counts.processed("log", "api", "internal")
    counts.processed("log", "api", "internal")
    counts.redacted({"email", "card"})
    counts.redacted(["email"])
    counts.foreign_raised("log")
    counts.overflowed()
    counts.held("log", "console", "restricted")
    counts.acted("span", "strip", "restricted")
    counts.error(("api", "KeyError", "f00d"))
    found = counts.snapshot()
    assert found["withheld"]["span", "redaction_failed"] == 1
    assert found["withheld"]["log", "a reason nobody knew of"] == 1
    assert found["processed"] == {("log", "api", "internal"): 2}
    assert found["redactions"] == {("email",): 2, ("card",): 1}
    assert found["foreign_raised"] == {("span",): 0, ("log",): 1}
    assert found["overflow"] == {(): 1}
    assert found["held"] == {("log", "console", "restricted"): 1}
    assert found["level_actions"] == {("span", "strip", "restricted"): 1}
    assert found["errors"] == {("api", "KeyError", "f00d"): 1}
    counts.reset()
    assert counts.snapshot() == Counts().snapshot()


def test_a_snapshot_is_a_copy() -> None:
    """What is done to a snapshot does not change the counts."""
    counts = Counts()
    counts.snapshot()["foreign_raised"]["span",] = 9
    assert counts.snapshot()["foreign_raised"]["span",] == 0


def test_no_count_is_lost_between_threads() -> None:
    """Threads that count the same thing at the same time lose nothing, without a lock."""
    counts, before = Counts(), sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=_count, args=(counts, 20_000)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    finally:
        sys.setswitchinterval(before)
    found = counts.snapshot()
    assert found["processed"] == {("span", "api", "internal"): 120_000}
    assert found["redactions"] == {("email",): 120_000, ("card",): 120_000}


def _count(counts: Counts, times: int) -> None:
    for _ in range(times):
        counts.processed("span", "api", "internal")
        counts.redacted(("email", "card"))


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers on this platform")
def test_a_signal_handler_may_count_too() -> None:
    """A handler that interrupts the counting and counts itself neither hangs nor loses anything."""
    counts, handled = Counts(), []

    def handler(*_: Any) -> None:
        handled.append(1)
        counts.processed("span", "api", "internal")

    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    try:
        _count(counts, 100_000)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert handled
    assert counts.snapshot()["processed"] == {("span", "api", "internal"): 100_000 + len(handled)}


def test_a_forked_child_counts_anew() -> None:
    """What the parent counted is not reported by the child again."""
    COUNTS.withheld("log", "redaction_failed")
    child = os.fork()
    if child == 0:
        os._exit(sum(COUNTS.snapshot()["withheld"].values()))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert COUNTS.snapshot()["withheld"]["log", "redaction_failed"] >= 1


def test_counting_needs_no_opentelemetry() -> None:
    """The module on the guard's hot path imports the standard library only."""
    code = (
        "import importlib.util, sys\n"
        "spec = importlib.util.spec_from_file_location('counts', sys.argv[1])\n"
        "module = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(module)\n"
        "module.COUNTS.withheld('span', 'redaction_failed')\n"
        "print([name for name in sys.modules if name.startswith(('opentelemetry', 'discreet', 'psutil'))])\n"
    )
    source = sys.modules[Counts.__module__].__file__
    done = subprocess.run(
        [sys.executable, "-c", code, str(source)], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
