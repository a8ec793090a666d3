"""Collection of metrics: scope, resource, name, description and unit; and series that are older than the guard."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.metrics.export import Metric, MetricsData, ResourceMetrics, ScopeMetrics

from discreet.guard import parts
from discreet.guard.containment import say_strict
from discreet.guard.merge import merged
from discreet.guard.metrics import SIGNAL, clean_measured
from discreet.policy import StrictError, current
from discreet.redaction import FAILED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from discreet.policy import Policy

_MARKER = re.compile(r"\[(REDACTED|WITHHELD):([a-z_]+)\]")


def collect(original: Callable[..., MetricsData | None]) -> Callable[..., MetricsData | None]:
    """Wrap ``MetricReaderStorage.collect``: whatever reads, pushes or is scraped gets clean data."""

    def guarded(self: Any) -> MetricsData | None:
        data = original(self)
        try:
            return None if data is None else _cleaned(data)
        except StrictError:  # raised here, it would end the reader's thread
            say_strict(SIGNAL, "guard_failed")
            return None

    return guarded


def _cleaned(data: MetricsData) -> MetricsData:
    policy = current()
    return MetricsData([_resource(part, policy) for part in data.resource_metrics])


def _resource(part: ResourceMetrics, policy: Policy) -> ResourceMetrics:
    return ResourceMetrics(
        parts.clean_resource(part.resource, policy),
        [_scope(scope, policy) for scope in part.scope_metrics],
        _text(part.schema_url, policy),
    )


def _scope(part: ScopeMetrics, policy: Policy) -> ScopeMetrics:
    scope = parts.clean_scope(part.scope, policy)
    return ScopeMetrics(scope or part.scope, list(_metrics(part.metrics, policy)), _text(part.schema_url, policy))


def _metrics(metrics: Iterable[Metric], policy: Policy) -> Iterable[Metric]:
    for metric in metrics:
        try:
            yield _metric(metric, policy)
        except Exception:
            say_strict(SIGNAL, "redaction_failed")


def _metric(metric: Metric, policy: Policy) -> Metric:
    return Metric(
        # A metric's name has no room for brackets and colons (OpenTelemetry metrics API, instrument name syntax).
        _MARKER.sub(r"\1_\2", _text(metric.name, policy)).lower() if metric.name else metric.name,
        _text(metric.description, policy),
        _text(metric.unit, policy),
        _data(metric.data, policy),
    )


def _text(value: str | None, policy: Policy) -> str:
    found: set[str] = set()
    clean = parts.clean_text(value, found, policy)
    if FAILED in found:
        say_strict(SIGNAL, "value_failed")
    return clean


def _data(data: Any, policy: Policy) -> Any:
    """Give the data with clean points, those that became equal merged; the same object where all was clean."""
    dirty, points = False, []
    for point in data.data_points:
        clean = clean_measured(point.attributes, policy)
        exemplars = _exemplars(point, policy)
        if clean is point.attributes and exemplars is None:
            points.append(point)
            continue
        dirty = True
        changes = {"attributes": clean} if exemplars is None else {"attributes": clean, "exemplars": exemplars}
        points.append(replace(point, **changes))
    return replace(data, data_points=merged(points, data)) if dirty else data


def _exemplars(point: Any, policy: Policy) -> list[Any] | None:
    """Give the exemplars with clean filtered attributes; None where nothing had to change."""
    exemplars = getattr(point, "exemplars", None) or ()
    clean = [clean_measured(exemplar.filtered_attributes, policy) for exemplar in exemplars]
    if all(new is exemplar.filtered_attributes for new, exemplar in zip(clean, exemplars, strict=True)):
        return None
    return [replace(exemplar, filtered_attributes=new) for new, exemplar in zip(clean, exemplars, strict=True)]
