"""The table of metrics of process, interpreter and host, as the semantic conventions 1.44 have them.

Names, kinds, units, descriptions and attributes are theirs but for those that begin with ``discreet``.
Written out, as the constants of `opentelemetry.semconv` come and go between versions; a test compares.
"""

from __future__ import annotations

from typing import Final

from discreet.metrics.interpreter import ROWS as _INTERPRETER
from discreet.metrics.readings import busy, share, split, value
from discreet.metrics.row import COUNTER, GAUGE, UP_DOWN, Row

# Attributes
_CPU = "cpu.mode"
_DIRECTION = "disk.io.direction"
_TRAFFIC = "network.io.direction"
_FAULT = "system.paging.fault.type"
_SWITCH = "process.context_switch.type"
_MEMORY = "system.memory.state"
_PAGING = "system.paging.state"
_PAGED = "system.paging.direction"
_SPACE = "system.filesystem.state"
_STATE = "process.state"
_DEVICE = "system.device"
_INTERFACE = "network.interface.name"
_PLACE = (_DEVICE, "system.filesystem.mountpoint", "system.filesystem.type", "system.filesystem.mode")

# Values of attributes, and the fields of psutil that make them up
_PROCESS_MODES = {"user": ("user",), "system": ("system",), "wait": ("iowait",)}
_SYSTEM_MODES = {
    "user": ("user",),
    "system": ("system",),
    "nice": ("nice",),
    "idle": ("idle",),
    "iowait": ("iowait",),
    "interrupt": ("irq", "softirq", "interrupt", "dpc"),
    "steal": ("steal",),
}
_BYTES = {"read": ("read_bytes",), "write": ("write_bytes",)}
_OPERATIONS = {"read": ("read_count",), "write": ("write_count",)}
_MERGED = {"read": ("read_merged_count",), "write": ("write_merged_count",)}
_OPERATION_TIME = {"read": ("read_time",), "write": ("write_time",)}
_MEMORY_STATES = {"used": ("used",), "free": ("free",), "buffers": ("buffers",), "cached": ("cached",)}
_USED_FREE = {"used": ("used",), "free": ("free",)}
_SPACE_STATES = {**_USED_FREE, "reserved": ("reserved",)}
_FAULTS = {"major": ("major",), "minor": ("minor",)}
_SWITCHES = {"voluntary": ("voluntary",), "involuntary": ("involuntary",)}
_STATES = {state: (state,) for state in ("running", "sleeping", "stopped", "defunct")}
_MS = 0.001


def _sent(transmit: str, receive: str) -> dict[str, tuple[str, ...]]:
    return {"transmit": (transmit,), "receive": (receive,)}


_PROCESS: Final = (
    Row(
        "process.cpu.time",
        COUNTER,
        "s",
        "Total CPU seconds broken down by different CPU modes.",
        (_CPU,),
        split("process_cpu", _CPU, _PROCESS_MODES),
    ),
    Row(
        "process.cpu.utilization",
        GAUGE,
        "1",
        "Difference in process.cpu.time since the last measurement, divided by the elapsed time and number of CPUs "
        "available to the process.",
        (_CPU,),
        busy("process_cpu", _CPU, _PROCESS_MODES, cpus="available_cpus", since="process_uptime"),
    ),
    Row(
        "process.memory.usage",
        UP_DOWN,
        "By",
        "The amount of physical memory in use.",
        (),
        value("process_memory", "rss"),
    ),
    Row(
        "process.memory.virtual",
        UP_DOWN,
        "By",
        "The amount of committed virtual memory.",
        (),
        value("process_memory", "vms"),
    ),
    Row(
        "process.memory.utilization",
        GAUGE,
        "1",
        "Percentage of total physical memory that is used by the process.",
        (),
        share("process_memory_share", "", {"": ("used",)}, of="total"),
    ),
    Row(
        "process.disk.io",
        COUNTER,
        "By",
        "Disk bytes transferred.",
        (_DIRECTION,),
        split("process_io", _DIRECTION, _BYTES),
    ),
    Row("process.thread.count", UP_DOWN, "{thread}", "Process threads count.", (), value("process_threads")),
    Row(
        "process.unix.file_descriptor.count",
        UP_DOWN,
        "{file_descriptor}",
        "Number of UNIX file descriptors in use by the process.",
        (),
        value("process_descriptors"),
    ),
    Row(
        "process.context_switches",
        COUNTER,
        "{context_switch}",
        "Number of times the process has been context switched.",
        (_SWITCH,),
        split("process_switches", _SWITCH, _SWITCHES),
    ),
    Row(
        "process.paging.faults",
        COUNTER,
        "{fault}",
        "Number of page faults the process has made.",
        (_FAULT,),
        split("process_faults", _FAULT, _FAULTS),
    ),
    Row("process.uptime", GAUGE, "s", "The time the process has been running.", (), value("process_uptime")),
)

_HOST: Final = (
    Row("system.uptime", GAUGE, "s", "The time the system has been running.", (), value("system_uptime")),
    Row(
        "system.cpu.time",
        COUNTER,
        "s",
        "Seconds each logical CPU spent on each mode.",
        (_CPU,),
        split("system_cpu", _CPU, _SYSTEM_MODES),
    ),
    Row(
        "system.cpu.utilization",
        GAUGE,
        "1",
        "For each logical CPU, the utilization is calculated as the change in cumulative CPU time (cpu.time) over a "
        "measurement interval, divided by the elapsed time.",
        (_CPU,),
        busy("system_cpu", _CPU, _SYSTEM_MODES, cpus="logical_cpus"),
    ),
    Row(
        "system.cpu.logical.count",
        UP_DOWN,
        "{cpu}",
        "Reports the number of logical (virtual) processor cores created by the operating system to manage "
        "multitasking.",
        (),
        value("logical_cpus"),
    ),
    Row(
        "system.memory.usage",
        UP_DOWN,
        "By",
        "Reports memory in use by state.",
        (_MEMORY,),
        split("memory", _MEMORY, _MEMORY_STATES),
    ),
    Row(
        "system.memory.utilization",
        GAUGE,
        "1",
        "Percentage of memory bytes in use.",
        (_MEMORY,),
        share("memory", _MEMORY, _MEMORY_STATES, of="total"),
    ),
    Row(
        "system.memory.limit",
        UP_DOWN,
        "By",
        "Total virtual memory available in the system.",
        (),
        value("memory", "total"),
    ),
    Row(
        "system.memory.linux.available",
        UP_DOWN,
        "By",
        "An estimate of how much memory is available for starting new applications, without causing swapping.",
        (),
        value("memory", "linux_available"),
    ),
    Row(
        "system.paging.usage",
        UP_DOWN,
        "By",
        "UNIX swap or windows pagefile usage.",
        (_PAGING,),
        split("swap", _PAGING, _USED_FREE),
    ),
    Row(
        "system.paging.utilization",
        GAUGE,
        "1",
        "Swap (UNIX) or pagefile (windows) utilization.",
        (_PAGING,),
        share("swap", _PAGING, _USED_FREE, of="total"),
    ),
    Row(
        "system.paging.operations",
        COUNTER,
        "{operation}",
        "The number of paging operations.",
        (_FAULT, _PAGED),
        # A page that is brought in from swap is what makes a fault a major one.
        split("swap", _PAGED, {"in": ("paged_in",), "out": ("paged_out",)}, also={_FAULT: "major"}),
    ),
    Row(
        "system.paging.faults",
        COUNTER,
        "{fault}",
        "The number of page faults.",
        (_FAULT,),
        split("system_faults", _FAULT, _FAULTS),
    ),
)

_DEVICES: Final = (
    Row(
        "system.disk.io",
        COUNTER,
        "By",
        "Disk bytes transferred.",
        (_DEVICE, _DIRECTION),
        split("disks", _DIRECTION, _BYTES),
    ),
    Row(
        "system.disk.operations",
        COUNTER,
        "{operation}",
        "Disk operations count.",
        (_DEVICE, _DIRECTION),
        split("disks", _DIRECTION, _OPERATIONS),
    ),
    Row(
        "system.disk.operation_time",
        COUNTER,
        "s",
        "Sum of the time each operation took to complete.",
        (_DEVICE, _DIRECTION),
        split("disks", _DIRECTION, _OPERATION_TIME, scale=_MS),
    ),
    Row(
        "system.disk.io_time",
        COUNTER,
        "s",
        "Time disk spent activated.",
        (_DEVICE,),
        value("disks", "busy_time", scale=_MS),
    ),
    Row(
        "system.disk.merged",
        COUNTER,
        "{operation}",
        "The number of disk reads/writes merged into single physical disk access operations.",
        (_DEVICE, _DIRECTION),
        split("disks", _DIRECTION, _MERGED),
    ),
    Row(
        "system.filesystem.usage",
        UP_DOWN,
        "By",
        "Reports a filesystem's space usage across different states.",
        (*_PLACE, _SPACE),
        split("filesystems", _SPACE, _SPACE_STATES),
    ),
    Row(
        "system.filesystem.utilization",
        GAUGE,
        "1",
        "Fraction of filesystem bytes used.",
        (*_PLACE, _SPACE),
        share("filesystems", _SPACE, {"used": ("used",)}, of="usable"),
    ),
    Row(
        "system.filesystem.limit",
        UP_DOWN,
        "By",
        "The total storage capacity of the filesystem.",
        _PLACE,
        value("filesystems", "total"),
    ),
    Row(
        "system.network.io",
        COUNTER,
        "By",
        "The number of bytes transmitted and received.",
        (_INTERFACE, _TRAFFIC),
        split("interfaces", _TRAFFIC, _sent("bytes_sent", "bytes_recv")),
    ),
    Row(
        "system.network.packet.count",
        COUNTER,
        "{packet}",
        "The number of packets transferred.",
        (_DEVICE, _INTERFACE, _TRAFFIC),
        split("packets", _TRAFFIC, _sent("packets_sent", "packets_recv")),
    ),
    Row(
        "system.network.packet.dropped",
        COUNTER,
        "{packet}",
        "Count of packets that are dropped or discarded even though there was no error.",
        (_INTERFACE, _TRAFFIC),
        split("interfaces", _TRAFFIC, _sent("dropout", "dropin")),
    ),
    Row(
        "system.network.errors",
        COUNTER,
        "{error}",
        "Count of network errors detected.",
        (_INTERFACE, _TRAFFIC),
        split("interfaces", _TRAFFIC, _sent("errout", "errin")),
    ),
    Row(
        "system.process.count",
        UP_DOWN,
        "{process}",
        "Total number of processes in each state.",
        (_STATE,),
        split("process_states", _STATE, _STATES),
    ),
)

ROWS: Final[tuple[Row, ...]] = (*_PROCESS, *_INTERPRETER, *_HOST, *_DEVICES)
