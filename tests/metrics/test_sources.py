"""What psutil is asked: each thing once, nothing private, and in bounded time."""

from __future__ import annotations

import os
import sys
from collections import namedtuple
from typing import Any

import psutil
import pytest

from discreet.metrics import sources

LINUX = sys.platform.startswith("linux")
Part = namedtuple("Part", "device mountpoint fstype opts")  # noqa: PYI024 - as psutil's own
Usage = namedtuple("Usage", "total used free percent")  # noqa: PYI024
Disk = namedtuple("Disk", "read_count write_count")  # noqa: PYI024


@pytest.mark.parametrize("name", sources.SOURCES)
def test_every_source_has_the_same_shape(name: str) -> None:
    """Pairs of attributes and numbers; no number is below zero."""
    for where, figures in sources.SOURCES[name]():
        assert all(isinstance(name, str) and isinstance(word, (str, int)) for name, word in where.items())
        assert all(isinstance(number, (int, float)) and number >= 0 for number in figures.values()), figures


def test_states_of_memory_are_those_of_the_conventions() -> None:
    """Used memory is what is not available, whatever the version of psutil calls so."""
    ((_, memory),) = sources.SOURCES["memory"]()
    assert memory["used"] == memory["total"] - memory["available"]


def test_a_filesystem_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bind mounts of one device are one filesystem; images that are always full, and those refused, are left out."""
    parts = [
        Part("/dev/vda", "/etc/hosts", "ext4", "rw,relatime"),
        Part("/dev/vda", "/", "ext4", "rw,relatime"),
        Part("/dev/loop3", "/snap/core", "squashfs", "ro"),
        Part("/dev/vdb", "/refused", "ext4", "rw"),
        Part("/dev/vdc", "/data", "xfs", "ro,noatime"),
    ]

    def usage(mountpoint: str) -> Usage:
        if mountpoint == "/refused":
            raise PermissionError
        return Usage(100, 30, 50, 37.5)

    monkeypatch.setattr(psutil, "disk_partitions", lambda all: parts)  # noqa: A006 - psutil's name
    monkeypatch.setattr(psutil, "disk_usage", usage)
    figures = {"used": 30, "free": 50, "reserved": 20, "total": 100, "usable": 80}
    assert sources.SOURCES["filesystems"]() == [
        (_place("/dev/vda", "/", "ext4", "rw"), figures),
        (_place("/dev/vdc", "/data", "xfs", "ro"), figures),
    ]


def _place(device: str, mountpoint: str, kind: str, mode: str) -> dict[str, str]:
    return {
        "system.device": device,
        "system.filesystem.mountpoint": mountpoint,
        "system.filesystem.type": kind,
        "system.filesystem.mode": mode,
    }


def test_parts_of_a_disk_and_idle_disks_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A partition is counted in its disk already; a device that never moved a byte has nothing to report."""
    whole = [name for name in os.listdir("/sys/block") if not name.startswith("loop")][0] if LINUX else "disk0"  # noqa: PTH208, RUF015
    counted = {whole: Disk(1, 0), f"{whole}p1": Disk(1, 0), "loop0": Disk(0, 0)}
    monkeypatch.setattr(psutil, "disk_io_counters", lambda **_: counted)
    names = [where["system.device"] for where, _ in sources.SOURCES["disks"]()]
    assert names == ([whole] if LINUX else [whole, f"{whole}p1"])


def test_no_disks_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without disks, for which psutil gives None, has no points and no error."""
    monkeypatch.setattr(psutil, "disk_io_counters", lambda **_: None)
    monkeypatch.setattr(psutil, "net_io_counters", lambda **_: None)
    assert sources.SOURCES["disks"]() == sources.SOURCES["interfaces"]() == []


def test_links_of_containers_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Interfaces named anew for each container would be series without end."""
    counted = {name: Disk(1, 1) for name in ("eth0", "lo", "veth1a2b3c", "cali0f0f")}
    monkeypatch.setattr(psutil, "net_io_counters", lambda **_: counted)
    assert [where["network.interface.name"] for where, _ in sources.SOURCES["interfaces"]()] == ["eth0", "lo"]


def test_the_guard_of_psutil_against_wraparound_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes a lock of psutil's module, which a fork in another thread would leave held in the child."""
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(psutil, "disk_io_counters", lambda **how: asked.append(how))
    monkeypatch.setattr(psutil, "net_io_counters", lambda **how: asked.append(how))
    sources.SOURCES["disks"]()
    sources.SOURCES["interfaces"]()
    assert [how["nowrap"] for how in asked] == [False, False]


def test_all_processes_are_counted() -> None:
    """The states together are all processes, but for those that end meanwhile."""
    ((_, states),) = sources.SOURCES["process_states"]()
    assert set(states) == {"running", "sleeping", "stopped", "defunct"}
    assert sum(states.values()) == pytest.approx(len(psutil.pids()), abs=20)
    assert states["running"] >= 1


def test_a_zombie_is_defunct() -> None:
    """A child that ended and was not waited for is counted as defunct."""
    child = os.fork()
    if child == 0:
        os._exit(0)
    try:
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        assert list(sources._state(child)) == ["defunct"]
    finally:
        os.waitpid(child, 0)
    assert list(sources._state(child)) == []


def test_the_state_is_read_the_same_where_there_is_no_procfs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere psutil gives the state."""
    own = list(sources._state(os.getpid()))
    monkeypatch.setattr(sys, "platform", "darwin")
    assert list(sources._state(os.getpid())) == own == ["running"]
    assert list(sources._state(2**30)) == []


def test_of_many_processes_a_sample_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host with very many processes costs no more than one with few; the total stays exact."""
    asked: list[int] = []

    def state(pid: int) -> list[str]:
        asked.append(pid)
        return ["running" if pid % 2 else "sleeping"]

    monkeypatch.setattr(psutil, "pids", lambda: list(range(0, 30_000, 3)))
    monkeypatch.setattr(sources, "_state", state)
    ((_, states),) = sources.SOURCES["process_states"]()
    assert len(asked) <= sources.STATES_ASKED
    assert sum(states.values()) == 10_000


@pytest.mark.parametrize(
    ("sample", "total", "whole"),
    [
        ({"a": 1, "b": 1, "c": 1}, 10, {"a": 4, "b": 3, "c": 3}),
        ({"a": 0, "b": 5}, 7, {"a": 0, "b": 7}),
        ({"a": 0}, 7, {"a": 0}),
    ],
)
def test_a_sample_is_scaled_to_the_total(sample: dict[str, int], total: int, whole: dict[str, int]) -> None:
    """The scaled counts are whole numbers that add up to the total."""
    assert sources.scaled(sample, total) == whole


def test_a_quota_counts_as_fewer_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container that may use half a processor is fully busy at half a CPU second a second."""
    monkeypatch.setattr(sources, "cpu_quota", lambda: 0.5)
    assert sources.SOURCES["available_cpus"]() == [({}, {"value": 0.5})]
