"""The state of all services on one page."""

from __future__ import annotations

from deploy.dashboards.model import Dashboard, Panel, Query, Row
from deploy.dashboards.promql import CALLS, ENTRY, FAILED, increase, quantile, rate, ratio

OVERVIEW = Dashboard(
    uid="discreet-overview",
    title="Discreet: overview",
    description="All services: traffic, errors, speed, protection and what is wrong now.",
    rows=(
        Row(
            "Now",
            (
                Panel(
                    "Alerts",
                    (Query('count(ALERTS{alertstate="firing",alertname!="Watchdog"}) or vector(0)'),),
                    "Alerts that fire.",
                    kind="stat",
                    width=4,
                    good="zero",
                ),
                Panel(
                    "Guarded",
                    (Query("min(discreet_guard_active_ratio)"),),
                    "1 where every signal of every process is guarded.",
                    kind="stat",
                    width=4,
                    good="one",
                ),
                Panel(
                    "Withheld",
                    (Query(increase("discreet_records_withheld_total", "")),),
                    "Records that left as skeletons, as their redaction failed.",
                    kind="stat",
                    width=4,
                    good="zero",
                ),
                Panel(
                    "Found by the second gate",
                    (Query(f"{increase('discreet_gate_found_records_total', '')} or vector(0)"),),
                    "Records in which the collector found private data.",
                    kind="stat",
                    width=4,
                    good="zero",
                ),
                Panel(
                    "Scraped",
                    (Query("min(up)"),),
                    "1 where everything that Prometheus scrapes answers.",
                    kind="stat",
                    width=4,
                    good="one",
                ),
                Panel(
                    "Services",
                    (Query(f"count(count by (service_name) ({CALLS}))"),),
                    "Services that sent spans.",
                    kind="stat",
                    width=4,
                ),
            ),
        ),
        Row(
            "Requests",
            (
                Panel(
                    "Requests", (Query(rate(CALLS, "service_name", ENTRY), "{{service_name}}"),), "By service.", "reqps"
                ),
                Panel(
                    "Errors",
                    (
                        Query(
                            ratio(rate(CALLS, "service_name", ENTRY, FAILED), rate(CALLS, "service_name", ENTRY)),
                            "{{service_name}}",
                        ),
                    ),
                    "The share of requests whose span ended with an error.",
                    "percentunit",
                    most=1,
                ),
                Panel(
                    "95th percentile",
                    (Query(quantile(0.95, "service_name", ENTRY), "{{service_name}}"),),
                    "What 95 of 100 requests took at most.",
                    "s",
                ),
            ),
        ),
        Row(
            "Logs and resources",
            (
                Panel(
                    "Log records",
                    (Query(rate("discreet_log_records_total", "service_name"), "{{service_name}}"),),
                    "By service.",
                    "cps",
                ),
                Panel(
                    "Log records of severity error",
                    (
                        Query(
                            rate("discreet_log_errors_total", "service_name, discreet_category"),
                            "{{service_name}} {{discreet_category}}",
                        ),
                    ),
                    "By service and category.",
                    "cps",
                ),
                Panel(
                    "Memory",
                    (Query("sum by (service_name) (process_memory_usage_bytes)", "{{service_name}}"),),
                    "Physical memory of all processes of a service.",
                    "bytes",
                ),
            ),
        ),
        Row(
            "What is wrong",
            (
                Panel(
                    "Firing alerts",
                    (
                        Query(
                            "sum by (alertname, severity, category, service_name)"
                            ' (ALERTS{alertstate="firing",alertname!="Watchdog"})'
                        ),
                    ),
                    "Each with its labels; runbooks are in docs/runbooks.",
                    kind="table",
                    width=12,
                ),
                Panel(
                    "Health checks",
                    (Query("sort(min by (service_name, check) (discreet_health_status_ratio))"),),
                    "0 where a check fails in a process of the service; what it found is at its /healthz.",
                    kind="table",
                    width=12,
                ),
            ),
        ),
    ),
)
