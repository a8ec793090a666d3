"""The checks that every process has: guard, configuration, exports and disk space."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Final

import psutil

from discreet.guard import active, deliveries
from discreet.health.checks import Check, add, checks, remove
from discreet.health.results import Found, Status
from discreet.policy import in_force_since
from discreet.policy.refused import refused

LOW: Final = 0.10
"""Share of a filesystem that should be free."""
LEAST: Final = 0.02
"""Share of a filesystem below which writing will fail soon."""


def guard() -> Found:
    """Fail where a signal is not guarded."""
    lost = sorted(signal for (signal,), state in active().items() if not state)
    if lost:
        return Found(Status.FAIL, f"not guarded: {', '.join(lost)}; `discreet doctor` says why", float(len(lost)), "1")
    return Found(Status.PASS)


def configuration() -> Found:
    """Warn while what the files say now is refused and an earlier configuration is in force; its age in seconds."""
    age = time.time() - in_force_since()
    wrong = refused()
    if wrong:
        return Found(Status.WARN, f"refused, the one before is in force: {wrong[0]}", age, "s")
    return Found(Status.PASS, "", age, "s")


def exports() -> Found:
    """Warn where the last batch of an exporter did not arrive; the figure is the batches since one did."""
    failing = [one for one in deliveries() if one.failed]
    if failing:
        named = ", ".join(sorted({f"{one.signal} by {one.exporter}" for one in failing}))
        return Found(Status.WARN, f"do not arrive: {named}", float(max(one.failed for one in failing)), "{batch}")
    return Found(Status.PASS)


def disk() -> Found:
    """Warn below 10 % of free space, fail below 2 %, of the filesystems of working and temporary directory."""
    shares = [_free(path) for path in {Path.cwd(), Path(tempfile.gettempdir())}]
    share = min(shares, default=1.0)
    if share >= LOW:
        return Found(Status.PASS, "", share, "1")
    return Found(Status.FAIL if share < LEAST else Status.WARN, f"{share:.1%} of the disk are free", share, "1")


def _free(path: Path) -> float:
    usage = psutil.disk_usage(str(path))
    return usage.free / (usage.used + usage.free) if usage.used + usage.free else 1.0


CHECKS: Final = (
    Check("guard", guard),
    Check("configuration", configuration, critical=False),
    Check("exports", exports, critical=False),
    Check("disk", disk, critical=False),
)


def add_built_in() -> None:
    """Register them, but for those whose name the app has taken."""
    taken = {check.name for check in checks()}
    for check in CHECKS:
        if check.name not in taken:
            add(check)


def remove_built_in() -> None:
    """Take them away again."""
    for check in CHECKS:
        remove(check.name)
