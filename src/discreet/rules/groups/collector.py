"""The collector's own work, and whether the alerting chain works at all."""

from __future__ import annotations

from typing import Final, NamedTuple

from discreet.rules.model import Alert, Group, Recording
from discreet.rules.promql import SIGNALS, forecast, happened_by, happened_by_signal

_AUDIT = 'exporter=~".+/audit"'
_SAME = "job, instance"
_QUEUE = "collector:queue:used_ratio"
_AFTER = "20 minutes after the last one"
_WHERE = "the collector at {{ $labels.instance }}"


class _Lost(NamedTuple):
    """Something that is lost, of which one record is enough; `counter` has ``{}`` for the signal."""

    name: str
    counter: str
    by: str
    summary: str
    fires: str
    severity: str = "critical"

    def alert(self) -> Alert:
        expression = happened_by_signal(f"{_SAME}, {self.by}", self.counter)
        return Alert(
            self.name, self.severity, "system", expression, f"{_WHERE} {self.summary}", self.fires, _AFTER, keep="10m"
        )


_SENT = "\n".join(
    f"unless on (instance, exporter) sum by (instance, exporter) (rate(otelcol_exporter_sent_{word}_total[10m])) > 0"
    for word in SIGNALS.values()
)

COLLECTOR: Final = Group(
    "collector",
    "The collector's own work",
    (
        Recording(_QUEUE, "otelcol_exporter_queue_size / otelcol_exporter_queue_capacity"),
        Alert(
            "CollectorDown",
            "critical",
            "system",
            'up{job=~"otelcol.*"} == 0',
            "the collector's {{ $labels.job }} at {{ $labels.instance }} cannot be scraped",
            "the collector cannot be scraped for 1 minute",
            "at once",
            wait="1m",
        ),
        Alert(
            "CollectorRestarts",
            "critical",
            "system",
            "resets(otelcol_process_uptime_seconds_total[30m]) > 2",
            f"{_WHERE} started {{{{ $value }}}} times in half an hour",
            "the collector started anew three times in half an hour",
            "half an hour after",
        ),
        Alert(
            "CollectorMemoryHigh",
            "warning",
            "system",
            "otelcol_process_memory_rss_bytes > <collector_memory>",
            f"{_WHERE} has {{{{ $value | humanize1024 }}}}B of memory",
            "the collector has more than `collector_memory`, for 5 minutes",
            "10 minutes after",
            wait="5m",
            keep="10m",
        ),
        _Lost(
            "CollectorRefuses",
            "otelcol_receiver_refused_{}_total",
            "receiver",
            "refuses {{ $labels.signal }} records",
            "the collector refused records; senders try again, for a while",
            severity="warning",
        ).alert(),
        _Lost(
            "CollectorReceiverFails",
            "otelcol_receiver_failed_{}_total",
            "receiver",
            "fails at {{ $labels.signal }} records that it received",
            "the collector failed at records for a fault of its own",
        ).alert(),
        _Lost(
            "CollectorExportFails",
            "otelcol_exporter_send_failed_{}_total",
            "exporter",
            "dropped {{ $labels.signal }} records that {{ $labels.exporter }} could not deliver",
            "an exporter gave up records: the backend answered with 400, 401, 403, 404, 408, 413 or 500",
        ).alert(),
        _Lost(
            "CollectorQueueOverflows",
            "otelcol_exporter_enqueue_failed_{}_total",
            "exporter",
            "has no room for {{ $labels.signal }} records in the queue of {{ $labels.exporter }}",
            "records found an exporter's queue full",
        ).alert(),
        Alert(
            "CollectorQueueFilling",
            "warning",
            "system",
            f"{_QUEUE} > <queue_ratio>",
            f"{_WHERE}: {{{{ $value | humanizePercentage }}}} of the queue of {{{{ $labels.exporter }}}} is full",
            "more than `queue_ratio` of an exporter's queue is full, for 5 minutes",
            "5 minutes after",
            wait="5m",
            keep="5m",
        ),
        Alert(
            "QueueRunsOut",
            "warning",
            "system",
            forecast(_QUEUE, "30m", "<queue_seconds>", "10m"),
            f"{_WHERE}: the queue of {{{{ $labels.exporter }}}} is full within"
            " {{ <queue_seconds> | humanizeDuration }} if it goes on like this",
            "an exporter's queue: more than `forecast_floor` in use, all within `queue_seconds` by the last 30 minutes",
            "10 minutes after",
            wait="10m",
            keep="10m",
        ),
        Alert(
            "ShipmentStopped",
            "critical",
            "system",
            f"sum by ({_SAME}, exporter) (otelcol_exporter_queue_size) > 0\n{_SENT}",
            f"{_WHERE}: {{{{ $labels.exporter }}}} delivers nothing, though there is something to deliver",
            "an exporter has records in its queue and delivers none, for 10 minutes",
            "with the next delivery",
            wait="10m",
        ),
        Alert(
            "CollectorSeriesNearLimit",
            "warning",
            "system",
            "otelcol_deltatocumulative_streams_tracked / otelcol_deltatocumulative_streams_limit > 0.9",
            f"{_WHERE} derives {{{{ $value | humanizePercentage }}}} of the series that it can",
            "derived metrics have more than 90 % of the series that the collector takes, for 10 minutes",
            "10 minutes after",
            wait="10m",
            keep="10m",
        ),
        Alert(
            "AuditRecordsRejected",
            "critical",
            "security",
            f"{happened_by(f'{_SAME}, exporter', f'otelcol_exporter_send_failed_log_records_total{{{_AUDIT}}}')} > 0",
            f"{_WHERE} dropped audit records that the backend rejected",
            "the backend rejected audit records; the collector drops those at once",
            _AFTER,
            keep="10m",
        ),
        Alert(
            "AuditQueueGrows",
            "warning",
            "security",
            f"min_over_time(otelcol_exporter_queue_size{{{_AUDIT}}}[15m]) > 0",
            f"{_WHERE}: audit records wait in the queue of {{{{ $labels.exporter }}}}",
            "audit records have waited in the queue for 15 minutes",
            "when the queue was empty once",
            wait="1m",
        ),
    ),
)

WATCHDOG: Final = Group(
    "watchdog",
    "A dead man's switch",
    (
        Alert(
            "Watchdog",
            "none",
            "system",
            "vector(1)",
            "the alerting chain works",
            "always: whoever gets it raises the alarm when it stops",
            "never",
        ),
    ),
)
