"""Durations of everything that has a histogram in seconds, named `….duration`: those of `discreet.timed` and others."""

from __future__ import annotations

from typing import Final

from discreet.rules.groups.requests import QUANTILES
from discreet.rules.model import Group, Recording
from discreet.rules.promql import quantiles

_BUCKETS = "service_timer_le:timer_duration_seconds_bucket:rate5m"
_OTHERS = '__name__!~"(traces_span_metrics|http_server_request)_.+"'


def _rate(part: str, by: str) -> str:
    """Give the rate of all timers' parts: their names become the label `timer`, as `rate` takes names away."""
    named = f'{{__name__=~".+_duration_seconds_{part}",{_OTHERS}}}'
    labelled = f'label_replace({named}, "timer", "$1", "__name__", "(.+)_duration_seconds_{part}")'
    return f"sum by ({by}) (rate(\n  {labelled}[5m:]\n))"


TIMERS: Final = Group(
    "timers",
    "How long timed work takes",
    (
        Recording(_BUCKETS, _rate("bucket", "service_name, timer, le")),
        *(Recording(*row) for row in quantiles("service_timer:timer_duration_seconds", _BUCKETS, QUANTILES)),
        Recording(
            "service_timer:timer_duration_seconds:mean_5m",
            f"{_rate('sum', 'service_name, timer')}\n/ ({_rate('count', 'service_name, timer')} > 0)",
        ),
    ),
)
