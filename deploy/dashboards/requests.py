"""Rate, errors and duration of a service's requests, of its operations and of what it calls."""

from __future__ import annotations

from deploy.dashboards.model import Dashboard, Panel, Query, Row
from deploy.dashboards.promql import CALLS, ENTRY, EXIT, FAILED, SERVICE, increase, mean, quantile, rate, ratio

_ERRORS = "discreet_errors_total"
_ERROR = "service_name, error_type, discreet_error_fingerprint"
_OPERATION = "service_name, span_name"
_NAMED = "{{service_name}} {{span_name}}"
_BODIES = "http_server_"
_DATABASE = 'discreet_category="database"'

REQUESTS = Dashboard(
    uid="discreet-requests",
    title="Discreet: requests",
    description="Rate, errors and duration (RED) of services, their operations, and the calls that they make.",
    service=CALLS,
    rows=(
        Row(
            "Requests",
            (
                Panel(
                    "Rate",
                    (Query(rate(CALLS, "service_name", SERVICE, ENTRY), "{{service_name}}"),),
                    "Requests that came in.",
                    "reqps",
                ),
                Panel(
                    "Errors",
                    (
                        Query(
                            ratio(
                                rate(CALLS, "service_name", SERVICE, ENTRY, FAILED),
                                rate(CALLS, "service_name", SERVICE, ENTRY),
                            ),
                            "{{service_name}}",
                        ),
                    ),
                    "The share of requests whose span ended with an error; the alert is above 5 %.",
                    "percentunit",
                    most=1,
                ),
                Panel(
                    "Duration",
                    (
                        Query(quantile(0.5, "service_name", SERVICE, ENTRY), "{{service_name}} P50"),
                        Query(quantile(0.95, "service_name", SERVICE, ENTRY), "{{service_name}} P95"),
                        Query(quantile(0.99, "service_name", SERVICE, ENTRY), "{{service_name}} P99"),
                        Query(mean("service_name", SERVICE, ENTRY), "{{service_name}} mean"),
                    ),
                    "Percentiles are estimated from buckets.",
                    "s",
                ),
            ),
        ),
        Row(
            "Operations",
            (
                Panel(
                    "Rate by operation",
                    (Query(f"topk(10, {rate(CALLS, _OPERATION, SERVICE, ENTRY)})", _NAMED),),
                    "The ten busiest.",
                    "reqps",
                ),
                Panel(
                    "Errors by operation",
                    (Query(f"topk(10, {rate(CALLS, _OPERATION, SERVICE, ENTRY, FAILED)})", _NAMED),),
                    "The ten that fail most, failures a second.",
                    "reqps",
                ),
                Panel(
                    "95th percentile by operation",
                    (Query(f"topk(10, {quantile(0.95, _OPERATION, SERVICE, ENTRY)})", _NAMED),),
                    "The ten slowest.",
                    "s",
                ),
            ),
        ),
        Row(
            "Errors",
            (
                Panel(
                    "Errors by category",
                    (Query(rate(_ERRORS, "service_name, discreet_category", SERVICE), "{{discreet_category}}"),),
                    "Exceptions in spans and log records, each once in a trace.",
                    "cps",
                ),
                Panel(
                    "Errors in the time range",
                    (
                        Query(
                            f"topk(20, {increase(_ERRORS, _ERROR, SERVICE)} > 0)",
                        ),
                    ),
                    "By type and fingerprint, the twenty most frequent: look for the fingerprint in the logs.",
                    kind="table",
                    width=16,
                ),
            ),
        ),
        Row(
            "HTTP server",
            (
                Panel(
                    "Status",
                    (
                        Query(
                            rate("http_server_duration_milliseconds_count", "http_status_code", SERVICE),
                            "{{http_status_code}}",
                        ),
                    ),
                    "Answers by status, from the app's own metrics.",
                    "reqps",
                ),
                Panel(
                    "Open requests",
                    (Query(f"sum by (service_name) (http_server_active_requests{{{SERVICE}}})", "{{service_name}}"),),
                    "Requests that are being answered.",
                ),
                Panel(
                    "Bytes",
                    (
                        Query(rate(f"{_BODIES}request_size_bytes_sum", "service_name", SERVICE), "{{service_name}} in"),
                        Query(
                            rate(f"{_BODIES}response_size_bytes_sum", "service_name", SERVICE), "{{service_name}} out"
                        ),
                    ),
                    "Bodies of requests and answers.",
                    "Bps",
                ),
            ),
        ),
        Row(
            "What it calls",
            (
                Panel(
                    "Calls",
                    (Query(f"topk(10, {rate(CALLS, _OPERATION, SERVICE, EXIT)})", _NAMED),),
                    "Calls to other services and to databases, the ten most frequent.",
                    "reqps",
                ),
                Panel(
                    "95th percentile of calls",
                    (Query(f"topk(10, {quantile(0.95, _OPERATION, SERVICE, EXIT)})", _NAMED),),
                    "The ten slowest.",
                    "s",
                ),
                Panel(
                    "Database",
                    (
                        Query(quantile(0.95, "service_name", SERVICE, EXIT, _DATABASE), "{{service_name}} P95"),
                        Query(mean("service_name", SERVICE, EXIT, _DATABASE), "{{service_name}} mean"),
                    ),
                    "Duration of statements.",
                    "s",
                ),
            ),
        ),
    ),
)
