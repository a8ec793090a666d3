"""How many processors a container may use: the smallest CPU quota from the process's control group up to the root."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMBERSHIP: Final = Path("/proc/self/cgroup")
ROOT: Final = Path("/sys/fs/cgroup")


class Hierarchy(NamedTuple):
    """One way the kernel keeps control groups.

    Attributes:
        controllers: The word in the second field of ``/proc/self/cgroup`` (cgroups(7)); empty for version 2.
        folder: Where it is mounted below `ROOT`.
        files: Read together they give quota and period in microseconds; the quota is "max" or "-1" where there is none.
    """

    controllers: str
    folder: str
    files: tuple[str, ...]


HIERARCHIES: Final = (
    Hierarchy("", "", ("cpu.max",)),
    Hierarchy("cpu", "cpu", ("cpu.cfs_quota_us", "cpu.cfs_period_us")),
)


def cpu_quota(membership: Path = MEMBERSHIP, root: Path = ROOT) -> float | None:
    """Give the number of processors, such as 0.5, that the quotas leave to this process; None where there is none."""
    try:
        lines = membership.read_text().splitlines()
    except OSError:
        return None
    return min((quota for line in lines for quota in _quotas(line, root)), default=None)


def _quotas(line: str, root: Path) -> Iterator[float]:
    _, controllers, path = line.split(":", 2)
    for row in HIERARCHIES:
        if row.controllers in controllers.split(","):
            top = root / row.folder
            # Inside a container the path may be the host's; its own group is then the top of the mount.
            own = top / path.lstrip("/")
            for folder in (own, *own.parents):
                yield from _quota(folder, row.files)
                if folder == top:
                    break


def _quota(folder: Path, files: tuple[str, ...]) -> Iterator[float]:
    try:
        quota, period = (int(word) for name in files for word in (folder / name).read_text().split())
    except (OSError, ValueError):  # not there, or "max"
        return
    if quota > 0 and period > 0:
        yield quota / period
