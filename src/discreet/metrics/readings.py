"""What psutil reads, as points: pairs of a number and its attributes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator

    from discreet.metrics.snapshot import Snapshot

Point = tuple[float, dict[str, Any]]

_CPU_MODES = {
    "user": "user", "system": "system", "nice": "nice", "idle": "idle", "iowait": "iowait", "irq": "interrupt",
    "softirq": "interrupt", "steal": "steal",
}  # fmt: skip
_MEMORY_STATES = ("used", "free", "buffers", "cached")
_PROCESS_STATES = {"running": "running", "sleeping": "sleeping", "disk-sleep": "sleeping", "idle": "sleeping",
                   "stopped": "stopped", "tracing-stop": "stopped", "zombie": "defunct"}  # fmt: skip


def process_cpu_time(seen: Snapshot) -> Iterator[Point]:
    """CPU seconds of the process by mode."""
    times = seen.once("process.cpu", lambda: (time.monotonic(), seen.process.cpu_times()))[1]
    yield times.user, {"cpu.mode": "user"}
    yield times.system, {"cpu.mode": "system"}


def process_cpu_utilization(seen: Snapshot) -> Iterator[Point]:
    """CPU seconds per second and processor since the last collection, by mode."""
    pair = seen.since("process.cpu", seen.once("process.cpu", lambda: (time.monotonic(), seen.process.cpu_times())))
    if pair is None:
        return
    (t0, before), (t1, now) = pair
    available = max(t1 - t0, 1e-9) * (psutil.cpu_count() or 1)
    yield (now.user - before.user) / available, {"cpu.mode": "user"}
    yield (now.system - before.system) / available, {"cpu.mode": "system"}


def process_memory(seen: Snapshot) -> Iterator[Point]:
    """Resident bytes."""
    yield seen.once("process.memory", seen.process.memory_info).rss, {}


def process_memory_virtual(seen: Snapshot) -> Iterator[Point]:
    """Virtual bytes."""
    yield seen.once("process.memory", seen.process.memory_info).vms, {}


def process_disk_io(seen: Snapshot) -> Iterator[Point]:
    """Bytes read from and written to disk."""
    counters = seen.once("process.io", seen.process.io_counters)
    yield counters.read_bytes, {"disk.io.direction": "read"}
    yield counters.write_bytes, {"disk.io.direction": "write"}


def process_threads(seen: Snapshot) -> Iterator[Point]:
    """Threads."""
    yield seen.once("process.threads", seen.process.num_threads), {}


def process_file_descriptors(seen: Snapshot) -> Iterator[Point]:
    """Open file descriptors."""
    yield seen.once("process.fds", seen.process.num_fds), {}


def process_context_switches(seen: Snapshot) -> Iterator[Point]:
    """Context switches by type."""
    switches = seen.once("process.switches", seen.process.num_ctx_switches)
    yield switches.voluntary, {"process.context_switch.type": "voluntary"}
    yield switches.involuntary, {"process.context_switch.type": "involuntary"}


def process_uptime(seen: Snapshot) -> Iterator[Point]:
    """Seconds since the process began."""
    yield max(time.time() - seen.once("process.created", seen.process.create_time), 0.0), {}


def system_cpu_time(seen: Snapshot) -> Iterator[Point]:
    """CPU seconds of the host by mode, all processors together."""
    times = seen.once("system.cpu", psutil.cpu_times)
    yield from _by_mode({field: getattr(times, field) for field in _CPU_MODES if hasattr(times, field)})


def system_cpu_utilization(seen: Snapshot) -> Iterator[Point]:
    """Fraction of all CPU time since the last collection, by mode."""
    pair = seen.since("system.cpu", seen.once("system.cpu", psutil.cpu_times))
    if pair is None:
        return
    before, now = pair
    spent = {f: max(getattr(now, f) - getattr(before, f), 0.0) for f in _CPU_MODES if hasattr(now, f)}
    total = sum(spent.values()) or 1.0
    yield from _by_mode({field: value / total for field, value in spent.items()})


def _by_mode(values: dict[str, float]) -> Iterator[Point]:
    modes: dict[str, float] = {}
    for field, value in values.items():
        modes[_CPU_MODES[field]] = modes.get(_CPU_MODES[field], 0.0) + value
    for mode, value in modes.items():
        yield value, {"cpu.mode": mode}


def system_cpu_logical(_seen: Snapshot) -> Iterator[Point]:
    """Logical processors."""
    yield psutil.cpu_count() or 0, {}


def system_memory_usage(seen: Snapshot) -> Iterator[Point]:
    """Bytes by state."""
    memory = seen.once("system.memory", psutil.virtual_memory)
    for state in _MEMORY_STATES:
        if hasattr(memory, state):
            yield getattr(memory, state), {"system.memory.state": state}


def system_memory_utilization(seen: Snapshot) -> Iterator[Point]:
    """Fraction of memory by state."""
    total = seen.once("system.memory", psutil.virtual_memory).total or 1
    for value, attributes in system_memory_usage(seen):
        yield value / total, attributes


def system_memory_limit(seen: Snapshot) -> Iterator[Point]:
    """Bytes of memory in all."""
    yield seen.once("system.memory", psutil.virtual_memory).total, {}


def system_paging_usage(seen: Snapshot) -> Iterator[Point]:
    """Swap bytes by state."""
    swap = seen.once("system.swap", psutil.swap_memory)
    yield swap.used, {"system.paging.state": "used"}
    yield swap.free, {"system.paging.state": "free"}


def system_disk_io(seen: Snapshot) -> Iterator[Point]:
    """Bytes by disk and direction."""
    for device, counters in _disks(seen):
        yield counters.read_bytes, {"system.device": device, "disk.io.direction": "read"}
        yield counters.write_bytes, {"system.device": device, "disk.io.direction": "write"}


def system_disk_operations(seen: Snapshot) -> Iterator[Point]:
    """Operations by disk and direction."""
    for device, counters in _disks(seen):
        yield counters.read_count, {"system.device": device, "disk.io.direction": "read"}
        yield counters.write_count, {"system.device": device, "disk.io.direction": "write"}


def _disks(seen: Snapshot) -> list[tuple[str, Any]]:
    counters = seen.once("system.disk", lambda: psutil.disk_io_counters(perdisk=True) or {})
    return sorted(counters.items())


def system_filesystem_usage(seen: Snapshot) -> Iterator[Point]:
    """Bytes by filesystem and state."""
    for where, usage in _filesystems(seen):
        yield usage.used, {**where, "system.filesystem.state": "used"}
        yield usage.free, {**where, "system.filesystem.state": "free"}


def system_filesystem_utilization(seen: Snapshot) -> Iterator[Point]:
    """Fraction of each filesystem that is used."""
    for where, usage in _filesystems(seen):
        yield usage.percent / 100, where


def _filesystems(seen: Snapshot) -> list[tuple[dict[str, str], Any]]:
    return seen.once("system.filesystem", _read_filesystems)


def _read_filesystems() -> list[tuple[dict[str, str], Any]]:
    """Give each filesystem of a real device once; one that may not be asked is left out."""
    found: dict[str, tuple[dict[str, str], Any]] = {}
    for part in psutil.disk_partitions(all=False):
        try:
            usage = psutil.disk_usage(part.mountpoint)
        except OSError:
            continue
        where = {
            "system.device": part.device,
            "system.filesystem.mountpoint": part.mountpoint,
            "system.filesystem.type": part.fstype,
        }
        found.setdefault(part.device, (where, usage))
    return list(found.values())


def system_network_io(seen: Snapshot) -> Iterator[Point]:
    """Bytes by interface and direction."""
    return _network(seen, "bytes_sent", "bytes_recv")


def system_network_packets(seen: Snapshot) -> Iterator[Point]:
    """Packets by interface and direction."""
    return _network(seen, "packets_sent", "packets_recv")


def system_network_errors(seen: Snapshot) -> Iterator[Point]:
    """Errors by interface and direction."""
    return _network(seen, "errout", "errin")


def _network(seen: Snapshot, sent: str, received: str) -> Iterator[Point]:
    counters = seen.once("system.network", lambda: psutil.net_io_counters(pernic=True) or {})
    for name, values in sorted(counters.items()):
        yield getattr(values, sent), {"network.interface.name": name, "network.io.direction": "transmit"}
        yield getattr(values, received), {"network.interface.name": name, "network.io.direction": "receive"}


def system_processes(seen: Snapshot) -> Iterator[Point]:
    """Processes by state."""
    counted = dict.fromkeys(sorted(set(_PROCESS_STATES.values())), 0)
    for status in seen.once("system.processes", _read_states):
        counted[_PROCESS_STATES.get(status, "sleeping")] += 1
    for state, count in counted.items():
        yield count, {"system.process.status": state}


def _read_states() -> list[str]:
    """Give the state of each process; those that ended meanwhile or may not be asked are left out."""
    states: list[str] = []
    for process in psutil.process_iter():
        try:
            states.append(process.status())
        except psutil.Error:
            continue
    return states
