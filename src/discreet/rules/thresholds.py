"""What an environment may set: each threshold with its bounds and its meaning."""

from __future__ import annotations

from typing import Final, NamedTuple


class Threshold(NamedTuple):
    """A number in rules.

    Attributes:
        name: As it stands in rules and in files.
        unit: Of the number.
        least: The smallest that makes sense.
        most: The largest that makes sense.
        what: What it is.
    """

    name: str
    unit: str
    least: float
    most: float
    what: str


_DAY = 86400.0

THRESHOLDS: Final = (
    Threshold("error_ratio", "1", 0.0001, 1, "share of failing requests at which a service counts as broken"),
    Threshold("error_budget", "1", 0.00001, 0.05, "share of requests that may fail over a month: 0.001 is 99.9 %"),
    Threshold("judged_requests", "1/s", 0, 1e6, "rate of requests below which latency and ratios are not judged"),
    Threshold("missed_requests", "1/s", 0.001, 1e6, "rate of requests whose end is missed"),
    Threshold("error_logs", "1/min", 0.1, 1e6, "log records of severity ERROR and above"),
    Threshold("latency_p95", "s", 0.001, 600, "what 95 % of requests take at most"),
    Threshold("latency_p99", "s", 0.001, 600, "what 99 % of requests take at most"),
    Threshold("cpu_cores", "1", 0.1, 1024, "processors that a process can keep busy: 1 in pure Python"),
    Threshold("cpu_ratio", "1", 0.1, 1, "share of them, or of those that it may use"),
    Threshold("memory_ratio", "1", 0.1, 1, "share of the host's memory"),
    Threshold("filesystem_ratio", "1", 0.1, 1, "share of a filesystem"),
    Threshold("file_descriptors", "1", 16, 1e9, "file descriptors that a process may have (`ulimit -n`)"),
    Threshold("file_descriptors_ratio", "1", 0.1, 1, "share of them"),
    Threshold(
        "pool_connections", "1", 1, 1e6, "connections that a pool may have (SQLAlchemy: `pool_size + max_overflow`)"
    ),
    Threshold("pool_ratio", "1", 0.1, 1, "share of them that is in use"),
    Threshold("forecast_seconds", "s", 600, 30 * _DAY, "how far forecasts look ahead"),
    Threshold("forecast_floor", "1", 0.05, 1, "share below which no forecast counts"),
    Threshold("login_failures", "1/10min", 0, 1e6, "failed logins of a service"),
    Threshold("unauthorized", "1/5min", 0, 1e6, "requests answered with 401"),
    Threshold("forbidden", "1/5min", 0, 1e6, "requests answered with 403"),
    Threshold("security_warnings", "1/10min", 0, 1e6, "log records of category security and severity WARN and above"),
    Threshold("queue_ratio", "1", 0.1, 1, "share of a queue of the collector"),
    Threshold("queue_seconds", "s", 60, 7 * _DAY, "how far the forecast for these queues looks ahead"),
    Threshold("collector_memory", "By", 2**24, 2**40, "resident memory of the collector"),
)
