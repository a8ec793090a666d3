"""The chain itself: what collectors take in, refuse, send on and hold."""

from __future__ import annotations

from deploy.dashboards.model import Dashboard, Panel, Query, Row

_SIGNALS = {"spans": "spans", "log_records": "log records", "metric_points": "metric points"}


def _each(direction: str, by: str) -> tuple[Query, ...]:
    """Give a query for each signal of a family `otelcol_<direction>_<signal>_total`."""
    return tuple(
        Query(f"sum by ({by}) (rate(otelcol_{direction}_{name}_total[$__rate_interval]))", f"{{{{{by}}}}} {said}")
        for name, said in _SIGNALS.items()
    )


COLLECTOR = Dashboard(
    uid="discreet-collector",
    title="Discreet: collector",
    description="What collectors take in, refuse, send on, hold and drop.",
    rows=(
        Row(
            "In and out",
            (
                Panel("Accepted", _each("receiver_accepted", "receiver"), "What came in.", "cps"),
                Panel(
                    "Refused",
                    _each("receiver_refused", "receiver"),
                    "Answered with 503 for want of memory or room; the sender tries again.",
                    "cps",
                ),
                Panel("Sent", _each("exporter_sent", "exporter"), "What went out.", "cps"),
            ),
        ),
        Row(
            "Queues",
            (
                Panel(
                    "Queues",
                    (
                        Query(
                            "sum by (exporter, data_type) (otelcol_exporter_queue_size) / sum by (exporter, data_type)"
                            " (otelcol_exporter_queue_capacity)",
                            "{{exporter}} {{data_type}}",
                        ),
                    ),
                    "How full they are. One that grows is a backend that does not take what it is sent.",
                    "percentunit",
                    most=1,
                ),
                Panel(
                    "Requests in flight",
                    (Query("sum by (exporter) (otelcol_exporter_in_flight_requests)", "{{exporter}}"),),
                    "Requests that wait for the backend's answer.",
                ),
                Panel(
                    "Dropped",
                    _each("exporter_send_failed", "exporter"),
                    "Lost at once, as the backend answered 400, 401, 403, 404, 408, 413 or 500; the files keep them.",
                    "cps",
                ),
            ),
        ),
        Row(
            "Processes",
            (
                Panel(
                    "Memory of collectors",
                    (Query("otelcol_process_memory_rss_bytes", "{{instance}}"),),
                    "Above the memory limiter's limit, requests are refused.",
                    "bytes",
                ),
                Panel(
                    "CPU of collectors",
                    (Query("rate(otelcol_process_cpu_seconds_total[$__rate_interval])", "{{instance}}"),),
                    "Cores in use.",
                ),
                Panel(
                    "Up since",
                    (Query("otelcol_process_uptime_seconds_total", "{{instance}}"),),
                    "Falls to nothing again and again where one is restarted in a loop.",
                    "s",
                ),
            ),
        ),
    ),
)
