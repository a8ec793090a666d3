"""What the guard did: what was classified, redacted, withheld, and what went past it."""

from __future__ import annotations

from deploy.dashboards.model import Dashboard, Panel, Query, Row
from deploy.dashboards.promql import HONEYTOKEN, SERVICE, increase, rate, ratio

_PROCESSED = "discreet_records_processed_total"

REDACTION = Dashboard(
    uid="discreet-redaction",
    title="Discreet: redaction and classification",
    description="The guard in every process, what it found, and what the second gate found after it.",
    service="discreet_guard_active_ratio",
    rows=(
        Row(
            "The guard",
            (
                Panel(
                    "Guarded",
                    (Query(f"min by (signal) (discreet_guard_active_ratio{{{SERVICE}}})", "{{signal}}"),),
                    "1 where the signal is guarded in every process; elsewhere it does not leave.",
                    kind="stat",
                    width=12,
                    good="one",
                ),
                Panel(
                    "Withheld",
                    (Query(increase("discreet_records_withheld_total", "", SERVICE)),),
                    "Records whose redaction failed. See the runbook RecordsWithheld.",
                    kind="stat",
                    width=4,
                    good="zero",
                ),
                Panel(
                    "Found by the second gate",
                    (Query(f"{increase('discreet_gate_found_records_total', '', SERVICE)} or vector(0)"),),
                    "Records that got past the library. See the runbook SecondGateFoundData.",
                    kind="stat",
                    width=4,
                    good="zero",
                ),
                Panel(
                    "Honeytokens",
                    (Query(f"{increase('discreet_redactions_total', '', SERVICE, HONEYTOKEN)} or vector(0)"),),
                    "Planted values that were used. See the runbook HoneytokenSeen.",
                    kind="stat",
                    width=4,
                    good="zero",
                ),
            ),
        ),
        Row(
            "Redaction",
            (
                Panel(
                    "Kinds found",
                    (Query(f"topk(12, {rate('discreet_redactions_total', 'kind', SERVICE)} > 0)", "{{kind}}"),),
                    "Records a second in which a kind of private data was found, the twelve most frequent.",
                    "cps",
                    width=12,
                ),
                Panel(
                    "Kinds found in the time range",
                    (Query(f"sort_desc({increase('discreet_redactions_total', 'kind', SERVICE)} > 0)", "{{kind}}"),),
                    "Records by kind.",
                    kind="table",
                    width=12,
                ),
                Panel(
                    "Withheld, by reason",
                    (
                        Query(
                            rate("discreet_records_withheld_total", "signal, reason", SERVICE), "{{signal}} {{reason}}"
                        ),
                    ),
                    "What the reasons mean: docs/guard.md.",
                    "cps",
                ),
                Panel(
                    "Errors of foreign processors",
                    (Query(rate("discreet_foreign_raised_total", "service_name, signal", SERVICE), "{{signal}}"),),
                    "Raised by processors that are not Discreet's, and contained.",
                    "cps",
                ),
                Panel(
                    "Measurements over the limit",
                    (Query(rate("discreet_metrics_overflow_total", "service_name", SERVICE), "{{service_name}}"),),
                    "Measurements that went to an overflow series: an attribute has too many values.",
                    "cps",
                ),
            ),
        ),
        Row(
            "The guard at work",
            (
                Panel(
                    "Time of the guard",
                    (Query(rate("discreet_guard_time_seconds_total", "service_name, signal", SERVICE), "{{signal}}"),),
                    "The share of one core that workers spend on cleaning batches.",
                    "percentunit",
                ),
                Panel(
                    "Reloads",
                    (Query(increase("discreet_reloads_total", "service_name, outcome", SERVICE)),),
                    "Changed configurations in the time range; of those that were refused the log says why.",
                    kind="table",
                ),
                Panel(
                    "Held, stripped and dropped for their level",
                    (
                        Query(rate("discreet_held_total", "exporter", SERVICE), "held from {{exporter}}"),
                        Query(
                            rate("discreet_level_actions_total", "action, signal", SERVICE), "{{action}}: {{signal}}"
                        ),
                    ),
                    "Records above the ceiling of an exporter, and those with an action of their level.",
                    "cps",
                ),
            ),
        ),
        Row(
            "Classification",
            (
                Panel(
                    "Records by level",
                    (
                        Query(
                            rate(_PROCESSED, "signal, discreet_security_level", SERVICE),
                            "{{signal}} {{discreet_security_level}}",
                        ),
                    ),
                    "Cleaned and classified records.",
                    "cps",
                ),
                Panel(
                    "Records by category",
                    (
                        Query(
                            rate(_PROCESSED, "signal, discreet_category", SERVICE), "{{signal}} {{discreet_category}}"
                        ),
                    ),
                    "Cleaned and classified records.",
                    "cps",
                ),
                Panel(
                    "Share that is restricted",
                    (
                        Query(
                            ratio(
                                rate(_PROCESSED, "service_name", SERVICE, 'discreet_security_level="restricted"'),
                                rate(_PROCESSED, "service_name", SERVICE),
                            ),
                            "{{service_name}}",
                        ),
                    ),
                    "A jump is a new place from which private data comes.",
                    "percentunit",
                    most=1,
                ),
            ),
        ),
        Row(
            "After the library",
            (
                Panel(
                    "Found by the second gate, by service",
                    (
                        Query(
                            rate("discreet_gate_found_records_total", "service_name, discreet_gate_signal"),
                            "{{service_name}} {{discreet_gate_signal}}",
                        ),
                    ),
                    "Of all services, those without Discreet among them.",
                    "cps",
                    width=12,
                ),
                Panel(
                    "Logs in the collector, by level",
                    (
                        Query(
                            rate("discreet_log_records_total", "discreet_security_level", SERVICE),
                            "{{discreet_security_level}}",
                        ),
                    ),
                    "As they are when the gate is through with them.",
                    "cps",
                    width=12,
                ),
            ),
        ),
    ),
)
