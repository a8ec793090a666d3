"""The table of psutil metrics: names, kinds and units of the semantic conventions 1.44, process and system metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from discreet.metrics import readings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from discreet.metrics.snapshot import Snapshot

COUNTER, UP_DOWN, GAUGE = "counter", "up_down_counter", "gauge"


class Row(NamedTuple):
    """One metric.

    Attributes:
        name: Its name in the conventions.
        kind: counter, up_down_counter or gauge; the instrument is the observable one.
        unit: Its unit (UCUM).
        read: Gives the points; the first line of its docstring is the description.
    """

    name: str
    kind: str
    unit: str
    read: Callable[[Snapshot], Iterator[readings.Point]]

    @property
    def description(self) -> str:
        """What it counts."""
        return (self.read.__doc__ or "").strip()


ROWS: tuple[Row, ...] = (
    Row("process.cpu.time", COUNTER, "s", readings.process_cpu_time),
    Row("process.cpu.utilization", GAUGE, "1", readings.process_cpu_utilization),
    Row("process.memory.usage", UP_DOWN, "By", readings.process_memory),
    Row("process.memory.virtual", UP_DOWN, "By", readings.process_memory_virtual),
    Row("process.disk.io", COUNTER, "By", readings.process_disk_io),
    Row("process.thread.count", UP_DOWN, "{thread}", readings.process_threads),
    Row("process.unix.file_descriptor.count", UP_DOWN, "{file_descriptor}", readings.process_file_descriptors),
    Row("process.context_switches", COUNTER, "{context_switch}", readings.process_context_switches),
    Row("process.uptime", GAUGE, "s", readings.process_uptime),
    Row("system.cpu.time", COUNTER, "s", readings.system_cpu_time),
    Row("system.cpu.utilization", GAUGE, "1", readings.system_cpu_utilization),
    Row("system.cpu.logical.count", UP_DOWN, "{cpu}", readings.system_cpu_logical),
    Row("system.memory.usage", UP_DOWN, "By", readings.system_memory_usage),
    Row("system.memory.utilization", GAUGE, "1", readings.system_memory_utilization),
    Row("system.memory.limit", UP_DOWN, "By", readings.system_memory_limit),
    Row("system.paging.usage", UP_DOWN, "By", readings.system_paging_usage),
    Row("system.disk.io", COUNTER, "By", readings.system_disk_io),
    Row("system.disk.operations", COUNTER, "{operation}", readings.system_disk_operations),
    Row("system.filesystem.usage", UP_DOWN, "By", readings.system_filesystem_usage),
    Row("system.filesystem.utilization", GAUGE, "1", readings.system_filesystem_utilization),
    Row("system.network.io", COUNTER, "By", readings.system_network_io),
    Row("system.network.packet.count", COUNTER, "{packet}", readings.system_network_packets),
    Row("system.network.errors", COUNTER, "{error}", readings.system_network_errors),
    Row("system.process.count", UP_DOWN, "{process}", readings.system_processes),
)
