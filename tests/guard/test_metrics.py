"""Metrics: redacted before aggregation, merged at collection where they are older than the guard."""

from __future__ import annotations

from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.metrics import Observation
from opentelemetry.sdk.metrics import AlwaysOnExemplarFilter, Counter, Histogram, MeterProvider
from opentelemetry.sdk.metrics.export import AggregationTemporality, InMemoryMetricReader
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource

from discreet import guard
from discreet.redaction import Redactor
from tests.guard.memory import EMAIL, measured, points

pytestmark = pytest.mark.seams

OTHER = "adam.canary@example.org"
MARKER = "[REDACTED:email]"


@pytest.fixture(autouse=True)
def _armed() -> None:
    guard.install()


def test_measurements_are_redacted_before_aggregation() -> None:
    """Two addresses become one series with one sum, for counters and histograms alike."""
    provider, reader = measured()
    meter = provider.get_meter("t")
    counter, histogram = meter.create_counter("c"), meter.create_histogram("h")
    for who in (EMAIL, OTHER):
        counter.add(2, {"who": who})
        histogram.record(1.0, {"who": who})
    found = points(reader)
    assert [(dict(point.attributes), point.value) for point in found["c"]] == [({"who": "[REDACTED:email]"}, 4)]
    assert [(dict(point.attributes), point.count) for point in found["h"]] == [({"who": "[REDACTED:email]"}, 2)]


def test_observations_are_redacted() -> None:
    """What a callback observes is redacted too."""
    provider, reader = measured()
    provider.get_meter("t").create_observable_gauge("g", [lambda _: [Observation(1, {"who": EMAIL, EMAIL: "x"})]])
    (point,) = points(reader)["g"]
    assert "canary" not in repr(dict(point.attributes))


def test_scope_resource_description_and_unit_are_clean() -> None:
    """Everything beside the points is redacted at collection."""
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader], Resource({"owner": EMAIL}, EMAIL), shutdown_on_exit=False)
    meter = provider.get_meter(f"lib.{EMAIL}", EMAIL, EMAIL, {"of": EMAIL})
    meter.create_counter("visits.219-10-1234", EMAIL, f"of {EMAIL}").add(1)
    data = reader.get_metrics_data()
    assert data is not None
    text = f"{data.to_json()} {data!r}"
    assert "canary" not in text
    assert "219-10-1234" not in text


def test_exemplars_are_clean() -> None:
    """Filtered attributes of exemplars hold nothing private."""
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader], exemplar_filter=AlwaysOnExemplarFilter(), shutdown_on_exit=False)
    span = trace.NonRecordingSpan(trace.SpanContext(1, 1, False, trace.TraceFlags(1)))
    with trace.use_span(span):
        provider.get_meter("t").create_histogram("h").record(1, {"who": EMAIL})
    data = reader.get_metrics_data()
    assert data is not None
    assert "canary" not in repr(data)


def _older_series(exponential: bool) -> InMemoryMetricReader:
    guard.uninstall()
    preferred: dict[type, Any] = {Histogram: ExponentialBucketHistogramAggregation()} if exponential else {}
    reader = InMemoryMetricReader(preferred_aggregation=preferred)
    meter = MeterProvider([reader], shutdown_on_exit=False).get_meter("t")
    instruments: list[Any] = [meter.create_counter("c"), meter.create_up_down_counter("u"), meter.create_histogram("h")]
    gauge = meter.create_gauge("g")
    for who, amount in ((EMAIL, 2), (OTHER, 500)):
        for instrument in instruments:
            record = instrument.record if hasattr(instrument, "record") else instrument.add
            record(amount, {"who": who})
        gauge.set(amount, {"who": who})
    guard.install()
    return reader


@pytest.mark.parametrize("exponential", [False, True])
def test_series_older_than_the_guard_are_merged(exponential: bool) -> None:
    """Series that became equal are one point, as if they had been redacted before they were aggregated."""
    found = points(_older_series(exponential))
    assert {name: len(series) for name, series in found.items()} == {"c": 1, "u": 1, "h": 1, "g": 1}
    assert found["c"][0].value == found["u"][0].value == 502
    histogram = found["h"][0]
    assert (histogram.count, histogram.sum, histogram.min, histogram.max) == (2, 502, 2, 500)
    counts = histogram.positive.bucket_counts if exponential else histogram.bucket_counts
    assert sum(counts) == 2
    assert found["g"][0].value == 500
    assert "canary" not in repr(found)


def test_delta_series_older_than_the_guard_are_never_duplicated() -> None:
    """With delta temporality too, what became equal is one point at every collection, each amount reported once."""
    guard.uninstall()
    reader = InMemoryMetricReader(preferred_temporality={Counter: AggregationTemporality.DELTA})
    counter = MeterProvider([reader], shutdown_on_exit=False).get_meter("t").create_counter("c")
    for who in (EMAIL, OTHER):
        counter.add(2, {"who": who})
    guard.install()
    counter.add(5, {"who": EMAIL})
    assert [(dict(point.attributes), point.value) for point in points(reader)["c"]] == [({"who": MARKER}, 9)]
    counter.add(1, {"who": OTHER})
    assert [(dict(point.attributes), point.value) for point in points(reader)["c"]] == [({"who": MARKER}, 1)]
    assert points(reader) == {}


def test_views_are_applied_to_clean_attributes() -> None:
    """A view keeps the keys that it names, with clean values; a key that is private itself cannot be kept by name."""
    reader = InMemoryMetricReader()
    views = [View(instrument_name="c", name=f"of.{OTHER}", attribute_keys={"who", EMAIL})]
    counter = MeterProvider([reader], views=views, shutdown_on_exit=False).get_meter("t").create_counter("c")
    counter.add(1, {"who": EMAIL, EMAIL: "x", "left": "y"})
    counter.add(1, {"who": OTHER, EMAIL: "x", "left": "z"})
    ((name, series),) = points(reader).items()
    assert "canary" not in name
    assert [(dict(point.attributes), point.value) for point in series] == [({"who": MARKER}, 2)]


def test_a_failing_redactor_withholds_the_attributes(monkeypatch: pytest.MonkeyPatch) -> None:
    """When redaction raises, the measurement counts, without its attributes; the app sees nothing."""

    def broken(*_: Any) -> Any:
        raise RuntimeError(EMAIL)

    provider, reader = measured()
    counter = provider.get_meter("t").create_counter("c")
    monkeypatch.setattr(Redactor, "attributes", broken)
    counter.add(1, {"who": f"x {EMAIL}"})
    (point,) = points(reader)["c"]
    assert dict(point.attributes) == {"discreet.withheld": True}
    assert point.value == 1


def test_the_apps_attributes_are_never_changed() -> None:
    """The dictionary that the app passes is what it was."""
    provider, _ = measured()
    attributes = {"who": EMAIL, "password": "abc"}
    provider.get_meter("t").create_counter("c").add(1, attributes)
    assert attributes == {"who": EMAIL, "password": "abc"}
