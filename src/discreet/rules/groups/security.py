"""Who tries what he may not."""

from __future__ import annotations

from typing import Final, NamedTuple

from discreet.rules.model import Alert, Group
from discreet.rules.promql import first_of, happened_by

_REQUESTS = (
    'http_server_request_duration_seconds_count{{http_response_status_code="{}"}}',
    'http_server_duration_milliseconds_count{{http_status_code="{}"}}',
)


class _Burst(NamedTuple):
    """More of something than the threshold says."""

    name: str
    expression: str
    threshold: str
    summary: str
    fires: str

    def alert(self) -> Alert:
        expression = f"({self.expression}) > <{self.threshold}>"
        over = "10 minutes after there are fewer"
        return Alert(self.name, "warning", "security", expression, self.summary, self.fires, over, keep="10m")


def _answered(status: int) -> str:
    return first_of(*(happened_by("service_name", series.format(status), "5m") for series in _REQUESTS))


SECURITY: Final = Group(
    "security",
    "Who tries what he may not",
    (
        _Burst(
            "FailedLogins",
            happened_by("service_name", "discreet_security_login_failures_total"),
            "login_failures",
            "{{ $value | humanize }} logins to {{ $labels.service_name }} failed in ten minutes",
            "more than `login_failures` events of failed logins came from a service in 10 minutes",
        ).alert(),
        _Burst(
            "UnauthorizedBurst",
            _answered(401),
            "unauthorized",
            "{{ $labels.service_name }} answered {{ $value | humanize }} requests with 401 in five minutes",
            "a service answered more than `unauthorized` requests with 401 in 5 minutes",
        ).alert(),
        _Burst(
            "ForbiddenBurst",
            _answered(403),
            "forbidden",
            "{{ $labels.service_name }} answered {{ $value | humanize }} requests with 403 in five minutes",
            "a service answered more than `forbidden` requests with 403 in 5 minutes",
        ).alert(),
        _Burst(
            "SecurityWarningsBurst",
            happened_by("service_name", "discreet_security_warnings_total"),
            "security_warnings",
            "{{ $labels.service_name }} logged {{ $value | humanize }} security warnings in ten minutes",
            "more than `security_warnings` records of category security and severity WARN came in 10 minutes",
        ).alert(),
        Alert(
            "PrivilegesChanged",
            "warning",
            "security",
            f"{happened_by('service_name', 'discreet_security_privilege_changes_total')} > 0",
            "privileges were changed in {{ $labels.service_name }}",
            "a service told of changed roles, permissions or privileges",
            "20 minutes after the last one",
            keep="10m",
        ),
    ),
)
