"""Data points whose attributes became equal: merged as if they had been redacted before they were aggregated."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from opentelemetry.sdk.metrics.export import ExponentialHistogramDataPoint, Gauge, HistogramDataPoint

from discreet.metrics.counts import COUNTS

_MOST_BUCKETS = 160
"""Most buckets of an exponential histogram by default (OpenTelemetry metrics SDK, base-2 exponential histogram)."""


def merged(points: list[Any], data: Any) -> list[Any]:
    """Give the points with those of equal attributes merged, in order of first appearance."""
    by_attributes: dict[Any, Any] = {}
    for point in points:
        key = tuple(sorted((name, _hashable(value)) for name, value in point.attributes.items()))
        known = by_attributes.get(key)
        by_attributes[key] = point if known is None else _pair(known, point, data)
    return list(by_attributes.values())


def _hashable(value: Any) -> str:
    return f"{type(value).__name__}:{value!r}"


def _pair(a: Any, b: Any, data: Any) -> Any:
    if isinstance(a, HistogramDataPoint):
        return _histogram(a, b)
    if isinstance(a, ExponentialHistogramDataPoint):
        return _exponential(a, b)
    if isinstance(data, Gauge):
        return b if b.time_unix_nano >= a.time_unix_nano else a
    return replace(a, value=a.value + b.value, **_span_of(a, b))


def _span_of(a: Any, b: Any) -> dict[str, Any]:
    starts = [point.start_time_unix_nano for point in (a, b) if point.start_time_unix_nano is not None]
    return {
        "start_time_unix_nano": min(starts) if starts else None,
        "time_unix_nano": max(a.time_unix_nano, b.time_unix_nano),
        "exemplars": [*a.exemplars, *b.exemplars],
    }


def _histogram(a: Any, b: Any) -> Any:
    if tuple(a.explicit_bounds) != tuple(b.explicit_bounds):
        COUNTS.withheld("metric", "unmergeable")
        return a
    return replace(
        a,
        bucket_counts=tuple(x + y for x, y in zip(a.bucket_counts, b.bucket_counts, strict=True)),
        **_totals(a, b),
    )


def _totals(a: Any, b: Any) -> dict[str, Any]:
    return {"count": a.count + b.count, "sum": a.sum + b.sum, "min": min(a.min, b.min), "max": max(a.max, b.max)} | (
        _span_of(a, b)
    )


def _exponential(a: Any, b: Any) -> Any:
    """Merge at the finest scale that both fit: index ``i`` at scale ``k`` is ``i >> (k - s)`` at scale ``s``."""
    scale = min(a.scale, b.scale)
    while True:
        positive = _buckets(a.positive, a.scale - scale, b.positive, b.scale - scale)
        negative = _buckets(a.negative, a.scale - scale, b.negative, b.scale - scale)
        if max(len(positive[1]), len(negative[1])) <= _MOST_BUCKETS:
            break
        scale -= 1
    return replace(
        a,
        scale=scale,
        zero_count=a.zero_count + b.zero_count,
        positive=replace(a.positive, offset=positive[0], bucket_counts=positive[1]),
        negative=replace(a.negative, offset=negative[0], bucket_counts=negative[1]),
        **_totals(a, b),
    )


def _buckets(a: Any, a_shift: int, b: Any, b_shift: int) -> tuple[int, list[int]]:
    counts: dict[int, int] = {}
    for buckets, shift in ((a, a_shift), (b, b_shift)):
        for index, count in enumerate(buckets.bucket_counts, buckets.offset):
            if count:
                counts[index >> shift] = counts.get(index >> shift, 0) + count
    if not counts:
        return 0, []
    first = min(counts)
    return first, [counts.get(index, 0) for index in range(first, max(counts) + 1)]
