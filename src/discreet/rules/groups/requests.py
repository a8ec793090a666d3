"""Whether requests are served: availability, error budget, latency.

From spans, or where a service has none, from the metric `http.server.request.duration` or its forerunner.
"""

from __future__ import annotations

from typing import Final

from discreet.rules.model import Alert, Group, Recording
from discreet.rules.promql import first_of, quantiles, share

SERVED: Final = 'span_kind=~"SPAN_KIND_(SERVER|CONSUMER)"'
_CALLS = "traces_span_metrics_calls_total"
_OLD, _NEW = "http_server_duration_milliseconds", "http_server_request_duration_seconds"
_SPANS = "traces_span_metrics_duration_seconds"
QUANTILES: Final = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "min": 0.000001, "max": 1}
"""The last two are bounds: the lower edge of the lowest bucket that has something, the upper one of the highest."""

_SOURCES = (
    (f"{_CALLS}{{{SERVED}}}", f'{_CALLS}{{{SERVED},status_code="STATUS_CODE_ERROR"}}'),
    (f"{_NEW}_count", f'{_NEW}_count{{http_response_status_code=~"5.."}}'),
    (f"{_OLD}_count", f'{_OLD}_count{{http_status_code=~"5.."}}'),
)
_RATIO = "service:request_error_ratio"
_JUDGED = "and on (service_name) service:requests:rate5m >= <judged_requests>"
_LONGER = ("30m", "1h", "2h", "6h", "1d", "3d")


def _burns(long: str, short: str, factor: float) -> str:
    return f"({_RATIO}:rate{long} > {factor} * <error_budget> and {_RATIO}:rate{short} > {factor} * <error_budget>)"


AVAILABILITY: Final = Group(
    "availability",
    "Whether services are there and serve",
    (
        Recording(
            "service:requests:rate5m",
            first_of(*(f"sum by (service_name) (rate({total}[5m]))" for total, _ in _SOURCES)),
        ),
        Recording("service:request_errors:rate5m", first_of(*(share(errors, total) for total, errors in _SOURCES))),
        Recording(f"{_RATIO}:rate5m", "service:request_errors:rate5m / (service:requests:rate5m > 0)"),
        Alert(
            "RequestErrorRateHigh",
            "critical",
            "api",
            f"{_RATIO}:rate5m > <error_ratio>\n{_JUDGED}",
            "{{ $labels.service_name }} fails {{ $value | humanizePercentage }} of its requests",
            "a service fails more than `error_ratio` of its requests, for 3 minutes",
            "10 minutes after",
            wait="3m",
            keep="10m",
        ),
        Alert(
            "RequestsStopped",
            "warning",
            "api",
            "(service:requests:rate5m offset 30m > <missed_requests>) unless service:requests:rate5m > 0",
            "{{ $labels.service_name }} serves nobody; half an hour ago {{ $value | humanize }} requests a second",
            "a service that had `missed_requests` half an hour ago has none, for 10 minutes",
            "with the first request, or half an hour after the last",
            wait="10m",
        ),
        Alert(
            "ServiceSilent",
            "warning",
            "system",
            'max by (service_name) (last_over_time(discreet_guard_active_ratio{signal="span"}[1h] offset 5m))\n'
            'unless on (service_name) discreet_guard_active_ratio{signal="span"}',
            "{{ $labels.service_name }} sends no metrics any more",
            "a service that sent metrics within the last hour sends none, for 5 minutes",
            "when it sends again, or an hour after",
            wait="5m",
        ),
        Alert(
            "RestartLoop",
            "critical",
            "system",
            "max by (service_name) (process_uptime_seconds) < 300\n"
            "and on (service_name) max by (service_name) (process_uptime_seconds offset 30m)",
            "no process of {{ $labels.service_name }} lives for five minutes",
            "for 15 minutes no process of a service is older than 5 minutes, though the service is",
            "when a process is 5 minutes old",
            wait="15m",
        ),
    ),
)

ERRORS: Final = Group(
    "errors",
    "How fast the error budget is used up, by several windows",
    (
        *(
            Recording(
                f"{_RATIO}:rate{window}",
                f"sum_over_time(service:request_errors:rate5m[{window}])\n"
                f"/ (sum_over_time(service:requests:rate5m[{window}]) > 0)",
            )
            for window in _LONGER
        ),
        # Site Reliability Workbook, chapter 5: 2 % of a month's budget in an hour, 5 % in six; 10 % in a day or three.
        Alert(
            "ErrorBudgetBurnFast",
            "critical",
            "api",
            f"({_burns('1h', '5m', 14.4)}\nor {_burns('6h', '30m', 6)})\n"
            f"and {_RATIO}:rate5m > <error_budget>\n{_JUDGED}",
            "{{ $labels.service_name }} uses up its error budget: {{ $value | humanizePercentage }} of requests fail",
            "2 % of a month's `error_budget` are used in an hour, or 5 % in six, for 5 minutes",
            "5 minutes after it does not burn",
            wait="5m",
            keep="5m",
        ),
        Alert(
            "ErrorBudgetBurnSlow",
            "warning",
            "api",
            f"({_burns('1d', '2h', 3)}\nor {_burns('3d', '6h', 1)})\n{_JUDGED}",
            "{{ $labels.service_name }} uses up its error budget before the month is over:"
            " {{ $value | humanizePercentage }} of requests fail",
            "10 % of a month's `error_budget` are used in a day, or in three",
            "half an hour after it burns slower",
            wait="15m",
            keep="30m",
        ),
        Alert(
            "ErrorLogsBurst",
            "warning",
            "system",
            "sum by (service_name) (rate(discreet_log_errors_total[5m])) * 60 > <error_logs>",
            "{{ $labels.service_name }} logs {{ $value | humanize }} errors a minute",
            "a service logs more than `error_logs`, for 5 minutes",
            "10 minutes after",
            wait="5m",
            keep="10m",
        ),
    ),
)

_BUCKETS = "service_le:request_duration_seconds_bucket:rate5m"


def _mean(of: str, selector: str = "") -> str:
    return (
        f"sum by (service_name) (rate({of}_sum{selector}[5m]))"
        f" / (sum by (service_name) (rate({of}_count{selector}[5m])) > 0)"
    )


def _slow(name: str, severity: str, quantile: str) -> Alert:
    return Alert(
        name,
        severity,
        "api",
        f"service:request_duration_seconds:{quantile}_5m > <latency_{quantile}>\n{_JUDGED}",
        f"{quantile[1:]} % of requests to {{{{ $labels.service_name }}}}"
        " take up to {{ $value | humanizeDuration }}",
        f"the {quantile[1:]}th percentile of a service's requests is above `latency_{quantile}`, for 10 minutes",
        "10 minutes after",
        wait="10m",
        keep="10m",
    )


LATENCY: Final = Group(
    "latency",
    "How long requests take",
    (
        Recording(
            _BUCKETS,
            first_of(
                f"sum by (service_name, le) (rate({_SPANS}_bucket{{{SERVED}}}[5m]))",
                f"sum by (service_name, le) (rate({_NEW}_bucket[5m]))",
            ),
        ),
        *(Recording(*row) for row in quantiles("service:request_duration_seconds", _BUCKETS, QUANTILES)),
        Recording(
            "service:request_duration_seconds:mean_5m",
            first_of(_mean(_SPANS, f"{{{SERVED}}}"), _mean(_NEW)),
        ),
        _slow("LatencyHigh", "warning", "p95"),
        _slow("LatencyVeryHigh", "critical", "p99"),
    ),
)
