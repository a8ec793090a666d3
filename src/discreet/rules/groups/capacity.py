"""What runs out: for each resource the share in use, an alert on its level, and one on where it leads."""

from __future__ import annotations

from typing import Final, NamedTuple

from discreet.rules.model import Alert, Group, Recording
from discreet.rules.promql import forecast


class Resource(NamedTuple):
    """Something of which there is only so much.

    Attributes:
        name: As it stands in the names of series and of the threshold of its level.
        used: PromQL for the share in use, from 0 to 1.
        full: The alert on its level.
        runs_out: The alert on where it leads.
        whose: The words of the summary.
        what: The words of the documentation.
    """

    name: str
    used: str
    full: str
    runs_out: str
    whose: str
    what: str


_RESOURCES = (
    Resource(
        "cpu",
        # Of what it may use, and of what it can: pure Python keeps one processor busy, however many there are.
        "max by (service_name) (\n"
        '  sum without (cpu_mode) (process_cpu_utilization_ratio{cpu_mode=~"user|system"})\n'
        "  or label_replace(sum without (cpu_mode) ("
        'rate(process_cpu_time_seconds_total{cpu_mode=~"user|system"}[5m])) / <cpu_cores>, "of", "cores", "", "")\n)',
        "CpuSaturated",
        "CpuRunsOut",
        "the processors that a process of {{ $labels.service_name }} can use",
        "a process's `cpu_cores`, or of the processors that it may use,",
    ),
    Resource(
        "memory",
        'max by (service_name) (system_memory_utilization_ratio{system_memory_state="used"})',
        "MemorySaturated",
        "MemoryRunsOut",
        "the memory of a host of {{ $labels.service_name }}",
        "the memory of a host",
    ),
    Resource(
        "filesystem",
        "max by (service_name, system_filesystem_mountpoint) (\n"
        '  system_filesystem_utilization_ratio{system_filesystem_state="used",system_filesystem_mode="rw"}\n)',
        "FilesystemSaturated",
        "FilesystemRunsOut",
        "{{ $labels.system_filesystem_mountpoint }} on a host of {{ $labels.service_name }}",
        "a filesystem",
    ),
    Resource(
        "file_descriptors",
        "max by (service_name) (process_unix_file_descriptor_count) / <file_descriptors>",
        "FileDescriptorsSaturated",
        "FileDescriptorsRunOut",
        "the file descriptors of a process of {{ $labels.service_name }}",
        "a process's `file_descriptors`",
    ),
    Resource(
        "pool",
        'max by (service_name, pool_name) (db_client_connections_usage{state="used"}) / <pool_connections>',
        "ConnectionPoolSaturated",
        "ConnectionPoolRunsOut",
        "a pool of {{ $labels.service_name }} to {{ $labels.pool_name }}",
        "a pool's `pool_connections`",
    ),
)


def _series(resource: Resource) -> str:
    return f"service:{resource.name}:used_ratio"


def _full(resource: Resource) -> Alert:
    return Alert(
        resource.full,
        "warning",
        "system",
        f"{_series(resource)} > <{resource.name}_ratio>",
        f"{resource.whose}: {{{{ $value | humanizePercentage }}}} in use",
        f"more than `{resource.name}_ratio` of {resource.what} are in use, for 10 minutes",
        "10 minutes after",
        wait="10m",
        keep="10m",
    )


def _runs_out(resource: Resource) -> Alert:
    return Alert(
        resource.runs_out,
        "warning",
        "system",
        forecast(_series(resource), "6h", "<forecast_seconds>", "1h"),
        f"{resource.whose}: used up within {{{{ <forecast_seconds> | humanizeDuration }}}} if it goes on like this",
        f"{resource.what}: more than `forecast_floor` in use, all within `forecast_seconds` by the last 6 hours",
        "half an hour after",
        wait="30m",
        keep="30m",
    )


SATURATION: Final = Group(
    "saturation",
    "What is nearly used up",
    (
        *(Recording(_series(resource), resource.used) for resource in _RESOURCES),
        *(_full(resource) for resource in _RESOURCES),
    ),
)

CAPACITY: Final = Group("capacity", "What will be used up", tuple(_runs_out(resource) for resource in _RESOURCES))
