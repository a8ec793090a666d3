"""Whether processes are well, and whether the library keeps what is private."""

from __future__ import annotations

from typing import Final, NamedTuple

from discreet.rules.model import Alert, Group
from discreet.rules.promql import happened_by

_AFTER = "20 minutes after the last one"
_GONE = "at once; 15 minutes after the process is gone"


class _Event(NamedTuple):
    """Something of which one is enough."""

    name: str
    severity: str
    by: str
    series: str
    summary: str
    fires: str

    def alert(self) -> Alert:
        expression = f"{happened_by(self.by, self.series)} > 0"
        return Alert(self.name, self.severity, "security", expression, self.summary, self.fires, _AFTER, keep="10m")


HEALTH: Final = Group(
    "health",
    "What processes say of themselves",
    (
        Alert(
            "HealthCheckFailing",
            "critical",
            "system",
            'min by (service_name, check) (discreet_health_status_ratio{check!="guard"}) == 0',
            "{{ $labels.service_name }}: health check {{ $labels.check }} fails",
            "a health check of a process fails, for 2 minutes",
            _GONE,
            wait="2m",
            keep="1m",
        ),
    ),
)

REDACTION: Final = Group(
    "redaction",
    "What the library withholds, finds and refuses",
    (
        _Event(
            "RecordsWithheld",
            "critical",
            "service_name, signal, reason",
            "discreet_records_withheld_total",
            "{{ $labels.service_name }} withholds {{ $labels.signal }} records ({{ $labels.reason }})",
            "the library could not redact a record",
        ).alert(),
        _Event(
            "HoneytokenSeen",
            "critical",
            "service_name",
            'discreet_redactions_total{kind="honeytoken"}',
            "a planted value was used in {{ $labels.service_name }}",
            "a planted value appeared in telemetry",
        ).alert(),
        _Event(
            "SecondGateFoundData",
            "warning",
            "service_name, discreet_gate_signal",
            "discreet_gate_found_records_total",
            "the collector found private data in {{ $labels.discreet_gate_signal }} records"
            " of {{ $labels.service_name }}",
            "private data reached the collector",
        ).alert(),
        Alert(
            "GuardInactive",
            "critical",
            "security",
            "min by (service_name, signal) (discreet_guard_active_ratio) == 0",
            "{{ $labels.service_name }} does not guard {{ $labels.signal }}",
            "a process does not guard a signal, for 2 minutes",
            _GONE,
            wait="2m",
            keep="1m",
        ),
        _Event(
            "ConfigurationRefused",
            "warning",
            "service_name",
            'discreet_reloads_total{outcome="refused"}',
            "{{ $labels.service_name }} refuses its changed configuration; the one before is in force",
            "a process refused a changed configuration",
        ).alert(),
        _Event(
            "ForeignProcessorRaised",
            "warning",
            "service_name, signal",
            "discreet_foreign_raised_total",
            "a processor of {{ $labels.service_name }} raises errors on {{ $labels.signal }} records",
            "a processor that is not ours raised an error",
        ).alert(),
        _Event(
            "SeriesOverflow",
            "warning",
            "service_name",
            "discreet_metrics_overflow_total",
            "metrics of {{ $labels.service_name }} have more series than their limit",
            "an instrument reached its cardinality limit",
        ).alert(),
    ),
)
