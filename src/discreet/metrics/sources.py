"""What psutil is asked: one table of sources, each asked at most once a snapshot.

Every source gives the same shape: pairs of the attributes that tell one thing from another (a disk, an interface; none
where there is but one) and its figures by psutil's field names.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psutil

from discreet.metrics.cgroup import cpu_quota
from discreet.metrics.event_loop import event_loops
from discreet.metrics.interpreter import collections

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Figures = list[tuple[dict[str, str | int], dict[str, float]]]
    Source = Callable[[], Figures]

STATES_ASKED: Final = 128
"""Processes whose state is read in one collection; of more than that, an even sample is taken."""

PAGE: Final = 4096
"""Bytes that psutil takes for a page in ``sin`` and ``sout``, on every machine."""

CONTAINER_LINKS: Final = ("veth", "cali", "lxc", "tap")
"""Interfaces that come and go with containers: names without end, whose traffic the host's interface carries too."""

FULL_BY_DESIGN: Final = frozenset({"squashfs", "iso9660", "erofs", "cramfs", "udf"})
"""Read-only images (snaps, media): they are always full, and no one can do anything about it."""

STATES: Final[Mapping[str, str]] = {
    psutil.STATUS_RUNNING: "running",
    psutil.STATUS_WAKING: "running",
    psutil.STATUS_STOPPED: "stopped",
    psutil.STATUS_TRACING_STOP: "stopped",
    psutil.STATUS_ZOMBIE: "defunct",
    psutil.STATUS_DEAD: "defunct",
}
"""``process.state`` of the conventions for the states of psutil; all the others wait for something: sleeping."""

LETTERS: Final[Mapping[bytes, str]] = {
    b"R": "running",
    b"T": "stopped",
    b"t": "stopped",
    b"Z": "defunct",
    b"X": "defunct",
    b"x": "defunct",
}
"""The same for the state in ``/proc/<pid>/stat`` (proc_pid_stat(5)), which is several times as fast to read."""


def _one(**figures: float) -> Figures:
    return [({}, figures)]


def _fields(of: Any) -> Figures:
    return [({}, dict(of._asdict()))]


def _own(method: str) -> Source:
    """Ask the process that runs now. Bound at each snapshot, so that a forked child never reports its parent."""

    def ask() -> Figures:
        answer = getattr(psutil.Process(), method)()
        return _fields(answer) if hasattr(answer, "_asdict") else _one(value=answer)

    return ask


def _faults() -> Figures:
    import resource

    # psutil gives page faults on macOS and Windows only.
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return _one(minor=usage.ru_minflt, major=usage.ru_majflt)


def _uptime() -> Figures:
    return _one(value=max(time.time() - psutil.Process().create_time(), 0.0))


def _system_uptime() -> Figures:
    return _one(value=max(time.time() - psutil.boot_time(), 0.0))


def _logical_cpus() -> Figures:
    return _one(value=psutil.cpu_count() or 1)


def _available_cpus() -> Figures:
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else psutil.cpu_count() or 1
    return _one(value=min(allowed, cpu_quota() or allowed))


def _memory() -> Figures:
    memory = psutil.virtual_memory()
    # "used" is MemTotal - MemAvailable by the conventions; psutil has called other things so, by version and platform.
    figures = {**memory._asdict(), "used": memory.total - memory.available}
    linux = {"linux_available": memory.available} if sys.platform.startswith("linux") else {}
    return [({}, {**figures, **linux})]


def _share_of_memory() -> Figures:
    return _one(used=psutil.Process().memory_info().rss, total=psutil.virtual_memory().total)


def _swap() -> Figures:
    swap = psutil.swap_memory()
    return _one(
        used=swap.used, free=swap.free, total=swap.total, paged_in=swap.sin // PAGE, paged_out=swap.sout // PAGE
    )


def _system_faults() -> Figures:
    # psutil has no such figure.
    text = Path(_procfs(), "vmstat").read_text()
    counts = dict(line.split() for line in text.splitlines())
    major = int(counts["pgmajfault"])
    return _one(major=major, minor=int(counts["pgfault"]) - major)


def _procfs() -> str:
    return str(getattr(psutil, "PROCFS_PATH", "/proc"))


def _disks() -> Figures:
    # Not psutil's guard against wrap-around: it holds a lock, which a fork could leave held.
    counters = psutil.disk_io_counters(perdisk=True, nowrap=False) or {}
    return [
        ({"system.device": name}, figures)
        for name, counted in sorted(counters.items())
        if any((figures := dict(counted._asdict())).values()) and _is_whole(name)
    ]


def _is_whole(disk: str) -> bool:
    """Say whether it is a disk and not a part of one, which would be counted twice."""
    blocks = Path("/sys/block")
    return not blocks.is_dir() or (blocks / disk.replace("/", "!")).exists()


def _interfaces() -> Figures:
    counters = psutil.net_io_counters(pernic=True, nowrap=False) or {}
    return [
        ({"network.interface.name": name}, figures)
        for name, counted in sorted(counters.items())
        if not name.startswith(CONTAINER_LINKS) and any((figures := dict(counted._asdict())).values())
    ]


def _packets() -> Figures:
    # The conventions name the interface `system.device` in this one metric; the name it has in all others goes with it.
    return [({**where, "system.device": where["network.interface.name"]}, seen) for where, seen in _interfaces()]


def _filesystems() -> Figures:
    """Ask each filesystem on a device of this host once; network shares, which may hang, are not asked."""
    found: dict[str, tuple[dict[str, str | int], dict[str, float]]] = {}
    parts = psutil.disk_partitions(all=False)
    for part in sorted(parts, key=lambda part: (len(part.mountpoint), part.mountpoint)):
        if part.device not in found and part.fstype not in FULL_BY_DESIGN:
            try:
                usage = psutil.disk_usage(part.mountpoint)
            except OSError:  # not for us, or gone meanwhile
                continue
            found[part.device] = (_place(part), _space(usage))
    return list(found.values())


def _place(part: Any) -> dict[str, str | int]:
    return {
        "system.device": part.device,
        "system.filesystem.mountpoint": part.mountpoint,
        "system.filesystem.type": part.fstype,
        "system.filesystem.mode": "ro" if "ro" in part.opts.split(",") else "rw",
    }


def _space(usage: Any) -> dict[str, float]:
    # What ordinary users can have is less than the whole: the rest is reserved, and the share is as `df` gives it.
    reserved = max(usage.total - usage.used - usage.free, 0)
    return {
        "used": usage.used,
        "free": usage.free,
        "reserved": reserved,
        "total": usage.total,
        "usable": usage.used + usage.free,
    }


def _process_states() -> Figures:
    pids = psutil.pids()
    step = -(-len(pids) // STATES_ASKED) or 1
    counted = Counter(state for pid in pids[::step] for state in _state(pid))
    known = {"running": 0, "sleeping": 0, "stopped": 0, "defunct": 0, **counted}
    return [({}, scaled(known, len(pids)) if step > 1 else dict(known))]


def _state(pid: int) -> Iterator[str]:
    """Give the state, or nothing of a process that ended meanwhile. Reads no name, command line or user."""
    try:
        if sys.platform.startswith("linux"):
            # The name comes before the state and may hold anything, brackets too, but it is short.
            file = os.open(f"{_procfs()}/{pid}/stat", os.O_RDONLY | os.O_CLOEXEC)
            try:
                _, _, rest = os.read(file, 512).rpartition(b") ")
            finally:
                os.close(file)
            yield LETTERS.get(rest[:1], "sleeping")
        else:
            yield STATES.get(psutil.Process(pid).status(), "sleeping")
    except (psutil.Error, OSError):
        return


def scaled(sample: Mapping[str, int], total: int) -> dict[str, float]:
    """Give the counts of a sample scaled up to the total, which they sum up to (largest remainders)."""
    size = sum(sample.values())
    if not size:
        return dict.fromkeys(sample, 0)
    whole: dict[str, float] = {name: count * total // size for name, count in sample.items()}
    left = int(total - sum(whole.values()))
    for name in sorted(sample, key=lambda name: sample[name] * total % size, reverse=True)[:left]:
        whole[name] += 1
    return whole


SOURCES: Final[Mapping[str, Source]] = {
    "process_cpu": _own("cpu_times"),
    "process_memory": _own("memory_info"),
    "process_memory_share": _share_of_memory,
    "process_io": _own("io_counters"),
    "process_threads": _own("num_threads"),
    "process_descriptors": _own("num_fds"),
    "process_switches": _own("num_ctx_switches"),
    "process_faults": _faults,
    "process_uptime": _uptime,
    "gc": collections,
    "event_loops": event_loops,
    "available_cpus": _available_cpus,
    "logical_cpus": _logical_cpus,
    "system_uptime": _system_uptime,
    "system_cpu": lambda: _fields(psutil.cpu_times()),
    "memory": _memory,
    "swap": _swap,
    "system_faults": _system_faults,
    "disks": _disks,
    "filesystems": _filesystems,
    "interfaces": _interfaces,
    "packets": _packets,
    "process_states": _process_states,
}
