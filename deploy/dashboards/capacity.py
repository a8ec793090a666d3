"""How much of each resource is used, and what it will be in a day."""

from __future__ import annotations

from deploy.dashboards.model import Dashboard, Panel, Query, Row
from deploy.dashboards.promql import SERVICE, in_a_day, rate

_MEMORY = f"process_memory_usage_bytes{{{SERVICE}}}"
_DESCRIPTORS = f"process_unix_file_descriptor_count{{{SERVICE}}}"
_AVAILABLE = f"system_memory_linux_available_bytes{{{SERVICE}}}"
_PROCESS = "{{service_name}} {{instance}}"
_USED = f'system_filesystem_usage_bytes{{{SERVICE},system_filesystem_state="used"}}'
_LIMIT = f"system_filesystem_limit_bytes{{{SERVICE}}}"
_PLACE = "service_name, instance, system_filesystem_mountpoint"
_PLACES = "{{instance}} {{system_filesystem_mountpoint}}"

CAPACITY = Dashboard(
    uid="discreet-capacity",
    title="Discreet: capacity",
    description="Processes and hosts: what is used, and where it leads. Forecasts are straight lines through the time "
    "range: choose one of some hours.",
    service="process_memory_usage_bytes",
    rows=(
        Row(
            "Processes",
            (
                Panel(
                    "CPU",
                    (
                        Query(
                            "sum by (service_name, instance)"
                            f' (process_cpu_utilization_ratio{{{SERVICE},cpu_mode=~"user|system"}})',
                            _PROCESS,
                        ),
                    ),
                    "The share of the processors that the process may use.",
                    "percentunit",
                    most=1,
                ),
                Panel(
                    "Memory",
                    (
                        Query(_MEMORY, f"{_PROCESS} used"),
                        Query(in_a_day(_MEMORY), f"{_PROCESS} in a day"),
                    ),
                    "Physical memory.",
                    "bytes",
                ),
                Panel(
                    "Share of memory",
                    (Query(f"process_memory_utilization_ratio{{{SERVICE}}}", _PROCESS),),
                    "Of the memory that the process may use: its container's limit, or the host's.",
                    "percentunit",
                    most=1,
                ),
                Panel(
                    "File descriptors",
                    (
                        Query(_DESCRIPTORS, _PROCESS),
                        Query(in_a_day(_DESCRIPTORS), f"{_PROCESS} in a day"),
                    ),
                    "One that only grows is a leak.",
                ),
                Panel("Threads", (Query(f"process_thread_count{{{SERVICE}}}", _PROCESS),), "Threads of the process."),
                Panel(
                    "Connections of pools",
                    (
                        Query(
                            f"sum by (service_name, pool_name, state) (db_client_connections_usage{{{SERVICE}}})",
                            "{{service_name}} {{pool_name}} {{state}}",
                        ),
                    ),
                    "SQLAlchemy's pools: used and idle.",
                ),
                Panel(
                    "Disk",
                    (
                        Query(
                            rate("process_disk_io_bytes_total", "service_name, disk_io_direction", SERVICE),
                            "{{service_name}} {{disk_io_direction}}",
                        ),
                    ),
                    "Bytes that processes read and write.",
                    "Bps",
                ),
                Panel(
                    "Major page faults",
                    (
                        Query(
                            rate(
                                "process_paging_faults_total",
                                "service_name",
                                SERVICE,
                                'system_paging_fault_type="major"',
                            ),
                            "{{service_name}}",
                        ),
                    ),
                    "More than a few mean that memory is short.",
                    "cps",
                ),
                Panel(
                    "Lag of event loops",
                    (Query(f"discreet_event_loop_lag_seconds{{{SERVICE}}}", _PROCESS),),
                    "By how much a callback came too late at most, in the last minute: something blocks the loop.",
                    "s",
                ),
                Panel(
                    "Garbage collections",
                    (
                        Query(
                            rate("cpython_gc_collections_total", "service_name, cpython_gc_generation", SERVICE),
                            "{{service_name}} generation {{cpython_gc_generation}}",
                        ),
                    ),
                    "Of CPython, by generation.",
                    "cps",
                ),
                Panel(
                    "Youngest process",
                    (Query(f"min by (service_name) (process_uptime_seconds{{{SERVICE}}})", "{{service_name}}"),),
                    "Falls to nothing again and again where a process is restarted in a loop.",
                    "s",
                ),
            ),
        ),
        Row(
            "Telemetry of its own",
            (
                Panel(
                    "Queues of batch processors",
                    (
                        Query(
                            f"max by (service_name, signal) (discreet_queue_size{{{SERVICE}}})"
                            f" / max by (service_name, signal) (discreet_queue_capacity{{{SERVICE}}})",
                            "{{service_name}} {{signal}}",
                        ),
                    ),
                    "How full the fullest is. Full ones drop.",
                    "percentunit",
                    most=1,
                ),
                Panel(
                    "Dropped records",
                    (
                        Query(
                            rate("discreet_records_dropped_total", "signal, reason", SERVICE), "{{signal}} {{reason}}"
                        ),
                    ),
                    "By batch processors; from OpenTelemetry 1.43 on.",
                    "cps",
                ),
                Panel(
                    "Exports",
                    (Query(rate("discreet_exports_total", "signal, outcome", SERVICE), "{{signal}} {{outcome}}"),),
                    "Batches, by whether they arrived.",
                    "cps",
                ),
            ),
        ),
        Row(
            "Hosts",
            (
                Panel(
                    "CPU of the host",
                    (
                        Query(
                            f'avg by (cpu_mode) (system_cpu_utilization_ratio{{{SERVICE},cpu_mode!="idle"}})',
                            "{{cpu_mode}}",
                        ),
                    ),
                    "By mode, the mean of all hosts.",
                    "percentunit",
                ),
                Panel(
                    "Available memory",
                    (Query(f"{_AVAILABLE} / system_memory_limit_bytes{{{SERVICE}}}", "{{instance}}"),),
                    "The share that can be had without swapping.",
                    "percentunit",
                    most=1,
                ),
                Panel(
                    "Swap",
                    (Query(f'system_paging_usage_bytes{{{SERVICE},system_paging_state="used"}}', "{{instance}}"),),
                    "Swap in use.",
                    "bytes",
                ),
                Panel(
                    "Filesystems",
                    (Query(f"system_filesystem_utilization_ratio{{{SERVICE}}}", _PLACES),),
                    "The share that is used.",
                    "percentunit",
                    most=1,
                ),
                Panel(
                    "Filesystems in a day",
                    (
                        Query(
                            f"sum by ({_PLACE}) ({in_a_day(_USED)}) / sum by ({_PLACE}) ({_LIMIT})",
                            _PLACES,
                        ),
                    ),
                    "What will be used if it goes on like this; full at 100 %.",
                    "percentunit",
                ),
                Panel(
                    "Disks busy",
                    (
                        Query(
                            rate("system_disk_io_time_seconds_total", "instance, system_device", SERVICE),
                            "{{instance}} {{system_device}}",
                        ),
                    ),
                    "The share of time in which a disk works.",
                    "percentunit",
                ),
                Panel(
                    "Network",
                    (
                        Query(
                            rate("system_network_io_bytes_total", "instance, network_io_direction", SERVICE),
                            "{{instance}} {{network_io_direction}}",
                        ),
                    ),
                    "Bytes by direction.",
                    "Bps",
                ),
                Panel(
                    "Network errors and drops",
                    (
                        Query(rate("system_network_errors_total", "instance", SERVICE), "{{instance}} errors"),
                        Query(rate("system_network_packet_dropped_total", "instance", SERVICE), "{{instance}} drops"),
                    ),
                    "Should be nothing.",
                    "cps",
                ),
                Panel(
                    "Processes by state",
                    (
                        Query(
                            f"max by (instance, process_state) (system_process_count{{{SERVICE}}})",
                            "{{instance}} {{process_state}}",
                        ),
                    ),
                    "Defunct ones that stay are a bug of their parent.",
                ),
            ),
        ),
    ),
)
