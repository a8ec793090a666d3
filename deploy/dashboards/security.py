"""Signs of an attack, and of somebody who looks where nobody should."""

from __future__ import annotations

from deploy.dashboards.model import Dashboard, Panel, Query, Row
from deploy.dashboards.promql import HONEYTOKEN, SERVICE, increase, rate

_ANSWERS = "http_server_duration_milliseconds_count"
_LOGS = "discreet_log_records_total"
_ROUTE = "service_name, http_target"
_REFUSED = 'http_status_code=~"401|403"'

SECURITY = Dashboard(
    uid="discreet-security",
    title="Discreet: security",
    description="Refused requests, security and audit records, planted values, and data past the library.",
    service=_LOGS,
    rows=(
        Row(
            "Refused",
            (
                Panel(
                    "Answers 401 and 403",
                    (
                        Query(
                            rate(_ANSWERS, "service_name, http_status_code", SERVICE, _REFUSED),
                            "{{service_name}} {{http_status_code}}",
                        ),
                    ),
                    "A burst is somebody who tries passwords or looks around.",
                    "reqps",
                ),
                Panel(
                    "Routes that refuse",
                    (
                        Query(
                            f"topk(10, {increase(_ANSWERS, _ROUTE, SERVICE, _REFUSED)} > 0)",
                            "{{service_name}} {{http_target}}",
                        ),
                    ),
                    "The ten that answered 401 or 403 most in the time range.",
                    kind="table",
                ),
                Panel(
                    "Answers 4xx",
                    (
                        Query(
                            rate(_ANSWERS, "http_status_code", SERVICE, 'http_status_code=~"4.."'),
                            "{{http_status_code}}",
                        ),
                    ),
                    "404 and 422 in numbers are a scan.",
                    "reqps",
                ),
            ),
        ),
        Row(
            "Records",
            (
                Panel(
                    "Security records",
                    (Query(rate(_LOGS, "service_name", SERVICE, 'discreet_category="security"'), "{{service_name}}"),),
                    "Log records of category security: logins, rights, keys.",
                    "cps",
                ),
                Panel(
                    "Audit records",
                    (Query(rate(_LOGS, "service_name", SERVICE, 'discreet_category="audit"'), "{{service_name}}"),),
                    "Log records of category audit; none for a long time is a sign, too.",
                    "cps",
                ),
                Panel(
                    "Restricted records",
                    (
                        Query(
                            rate(_LOGS, "service_name", SERVICE, 'discreet_security_level="restricted"'),
                            "{{service_name}}",
                        ),
                    ),
                    "Log records of the highest level.",
                    "cps",
                ),
            ),
        ),
        Row(
            "Data",
            (
                Panel(
                    "Honeytokens",
                    (Query(f"{increase('discreet_redactions_total', '', HONEYTOKEN)} or vector(0)"),),
                    "Planted values that were used, in all services.",
                    kind="stat",
                    good="zero",
                ),
                Panel(
                    "Credentials in telemetry",
                    (
                        Query(
                            rate(
                                "discreet_redactions_total",
                                "service_name",
                                SERVICE,
                                'kind=~"password|secret|api_key|authorization|jwt|private_key|.*_token|.*access_key"',
                            ),
                            "{{service_name}}",
                        ),
                    ),
                    "Redacted in time, but the app should not have written them.",
                    "cps",
                ),
                Panel(
                    "Past the library",
                    (
                        Query(
                            increase("discreet_gate_found_records_total", "service_name, discreet_gate_signal"),
                            "{{service_name}} {{discreet_gate_signal}}",
                        ),
                    ),
                    "Records in which the second gate found private data, in the time range.",
                    kind="table",
                ),
            ),
        ),
    ),
)
