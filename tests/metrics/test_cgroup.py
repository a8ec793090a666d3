"""The CPU quota of a container is found in both versions of control groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from discreet.metrics.cgroup import cpu_quota

if TYPE_CHECKING:
    from pathlib import Path

V2 = "0::/kubepods/pod1/app\n"
V1 = "5:memory:/x\n4:cpu,cpuacct:/docker/abc\n0::/\n"


@pytest.mark.parametrize(
    ("membership", "files", "quota"),
    [
        (V2, {"kubepods/pod1/app/cpu.max": "50000 100000\n"}, 0.5),
        (V2, {"kubepods/pod1/app/cpu.max": "max 100000\n", "kubepods/cpu.max": "200000 100000\n"}, 2.0),
        (V2, {"kubepods/pod1/app/cpu.max": "300000 100000\n", "kubepods/cpu.max": "200000 100000\n"}, 2.0),
        (V2, {"cpu.max": "150000 100000\n"}, 1.5),
        (V2, {"cpu.max": "max 100000\n"}, None),
        (V2, {"cpu.max": "no number\n"}, None),
        (V2, {}, None),
        (V1, {"cpu/docker/abc/cpu.cfs_quota_us": "25000", "cpu/docker/abc/cpu.cfs_period_us": "100000"}, 0.25),
        (V1, {"cpu/cpu.cfs_quota_us": "25000", "cpu/cpu.cfs_period_us": "100000"}, 0.25),
        (V1, {"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, None),
    ],
)
def test_the_smallest_quota_counts(tmp_path: Path, membership: str, files: dict[str, str], quota: float | None) -> None:
    """The smallest quota from the process's own group up to the root limits it; "max" and -1 are no limit."""
    (tmp_path / "membership").write_text(membership)
    for name, text in files.items():
        path = tmp_path / "root" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert cpu_quota(tmp_path / "membership", tmp_path / "root") == quota


def test_without_control_groups_nothing_limits(tmp_path: Path) -> None:
    """Where there are no control groups there is no quota, and no error."""
    assert cpu_quota(tmp_path / "none", tmp_path) is None
