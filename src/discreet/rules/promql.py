"""Expressions that several rules share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

WINDOW: Final = "10m"
SIGNALS: Final = {"span": "spans", "log": "log_records", "metric": "metric_points"}
"""Our word for a signal, and the collector's in names of its metrics."""


def happened(series: str, window: str = WINDOW) -> str:
    """Give how often a counter counted within a window, series by series, the first time included.

    `increase` takes the difference of two samples, so it does not see what a series is born with: that is what the
    first term is for. A series counts as born when it was not there in the hour before the window, so that an hour
    without scrapes brings nothing back.
    """
    return f"({series} unless last_over_time({series}[1h] offset {window})) or increase({series}[{window}])"


def happened_by(by: str, series: str, window: str = WINDOW) -> str:
    """Give how often a counter counted within a window, summed by labels."""
    return f"sum by ({by}) (\n  {happened(series, window)}\n)"


def happened_by_signal(by: str, name: str, selector: str = "") -> str:
    """Give how often one of the collector's three counters counted, by labels and `signal`.

    Args:
        by: Labels, as in ``sum by``.
        name: The counter's name, with ``{}`` where the collector's word for the signal stands.
        selector: Matchers in braces.
    """
    return "\nor ".join(
        f'label_replace(\n{happened_by(by, name.format(word) + selector)} > 0,\n"signal", "{signal}", "", "")'
        for signal, word in SIGNALS.items()
    )


def share(errors: str, total: str) -> str:
    """Give the rate of errors by service, 0 where there are requests but no errors."""
    requests = f"sum by (service_name) (rate({total}[5m]))"
    return f"(sum by (service_name) (rate({errors}[5m])) or {requests} * 0)"


def first_of(*expressions: str) -> str:
    """Give what the first expression has for a service; for services that it lacks, what the second one has."""
    return "\nor on (service_name) ".join(expressions)


def forecast(ratio: str, window: str, seconds: str, born: str) -> str:
    """Give the ratio that a straight line through the window leads to, where it is beyond 1.

    Args:
        ratio: A recorded series of what is used, from 0 to 1.
        window: What the line is drawn through.
        seconds: How far ahead.
        born: For how long the series must have been there: a line through the first minutes leads anywhere.
    """
    return (
        f"(predict_linear({ratio}[{window}], {seconds}) > 1)\nand {ratio} > <forecast_floor>\nand {ratio} offset {born}"
    )


def quantiles(level: str, buckets: str, parts: Mapping[str, float]) -> list[tuple[str, str]]:
    """Give names and expressions of recordings of quantiles of recorded rates of buckets."""
    return [(f"{level}:{name}_5m", f"histogram_quantile({share}, {buckets})") for name, share in parts.items()]
