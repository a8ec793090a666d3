"""Pieces of PromQL that several panels share."""

from __future__ import annotations

ENTRY = 'span_kind=~"SPAN_KIND_(SERVER|CONSUMER)"'
"""Spans with which a request enters a service."""
EXIT = 'span_kind=~"SPAN_KIND_(CLIENT|PRODUCER)"'
"""Spans with which a call leaves it."""
FAILED = 'status_code="STATUS_CODE_ERROR"'
SERVICE = 'service_name=~"$service"'
HONEYTOKEN = 'kind="honeytoken"'
CALLS = "traces_span_metrics_calls_total"
SECONDS = "traces_span_metrics_duration_seconds"


def rate(metric: str, by: str, *matchers: str) -> str:
    """Give events a second, by labels."""
    return f"sum by ({by}) (rate({metric}{{{','.join(matchers)}}}[$__rate_interval]))"


def increase(metric: str, by: str, *matchers: str) -> str:
    """Give how many events there were in the time range that is looked at, the first of a series among them.

    A counter that is born with its first event has no increase, so that its value counts where it was not before.
    """
    series = f"{metric}{{{','.join(matchers)}}}"
    return f"sum by ({by}) (({series} unless {series} offset $__range) or increase({series}[$__range]))"


def ratio(part: str, whole: str) -> str:
    """Give the share of two rates that have the same labels: 0 where there is no part, nothing without a whole."""
    return f"(({part}) or 0 * ({whole})) / (({whole}) > 0)"


def quantile(share: float, by: str, *matchers: str) -> str:
    """Give a percentile of the duration of spans."""
    return f"histogram_quantile({share}, {rate(f'{SECONDS}_bucket', f'{by}, le', *matchers)})"


def mean(by: str, *matchers: str) -> str:
    """Give the mean duration of spans."""
    return f"{rate(f'{SECONDS}_sum', by, *matchers)} / ({rate(f'{SECONDS}_count', by, *matchers)} > 0)"


def in_a_day(gauge: str) -> str:
    """Give what a gauge will be in a day by its course over the time range, and no less than nothing."""
    return f"clamp_min(predict_linear({gauge}[$__range], 86400), 0)"
