"""Every place of OTLP where a text can ride: how to send one there, alone in an otherwise clean request."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.metrics.v1.metrics_pb2 import (
    AggregationTemporality,
    Exemplar,
    ExponentialHistogram,
    ExponentialHistogramDataPoint,
    Gauge,
    Histogram,
    HistogramDataPoint,
    Metric,
    NumberDataPoint,
    Sum,
    Summary,
    SummaryDataPoint,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.collector.sending import attributes, log, logs_request, metrics_request, span, spans_request

if TYPE_CHECKING:
    from collections.abc import Callable

CUMULATIVE = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE

CANARIES = {
    "e-mail": "zoe.canary@example.org",
    "e-mail in a URL": "zoe.canary%40example.org",
    "card": "4242424242424242",
    "ssn": "078-05-1120",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl",
    "aws": "AKIAIOSFODNN7EXAMPLE",
    "password": "password=hunter2",
}
SECRET = "hunter2"


def event(name: str = "step", given: dict[str, Any] | None = None) -> Span.Event:
    """Give a span event."""
    return Span.Event(time_unix_nano=time.time_ns(), name=name, attributes=attributes(given or {}))


def exception(message: str) -> Span.Event:
    """Give the event that records an exception."""
    stack = f'Traceback (most recent call last):\n  File "a.py", line 1\nValueError: {message}'
    given = {"exception.type": "ValueError", "exception.message": message, "exception.stacktrace": stack}
    return event("exception", given)


def point(given: dict[str, Any] | None = None, **fields: Any) -> NumberDataPoint:
    """Give a number's data point."""
    return NumberDataPoint(
        **{"time_unix_nano": time.time_ns(), "as_int": 1, "attributes": attributes(given or {}), **fields}
    )


def gauge(*points: NumberDataPoint, **fields: Any) -> Metric:
    """Give a gauge."""
    return Metric(**{"name": "app.things", "gauge": Gauge(data_points=points or [point()]), **fields})


def _sum(text: str) -> Metric:
    total = Sum(data_points=[point({"a": text})], aggregation_temporality=CUMULATIVE, is_monotonic=True)
    return Metric(name="app.count", sum=total)


def _histogram(text: str) -> Metric:
    one = HistogramDataPoint(
        attributes=attributes({"a": text}), count=1, sum=1, bucket_counts=[1, 0], explicit_bounds=[5]
    )
    return Metric(name="app.time", histogram=Histogram(data_points=[one], aggregation_temporality=CUMULATIVE))


def _exponential(text: str) -> Metric:
    one = ExponentialHistogramDataPoint(attributes=attributes({"a": text}), count=1, sum=1, zero_count=1)
    held = ExponentialHistogram(data_points=[one], aggregation_temporality=CUMULATIVE)
    return Metric(name="app.exp", exponential_histogram=held)


def _summary(text: str) -> Metric:
    one = SummaryDataPoint(attributes=attributes({"a": text}), count=1, sum=1)
    return Metric(name="app.summary", summary=Summary(data_points=[one]))


def _exemplar(text: str) -> Metric:
    kept = Exemplar(as_int=1, time_unix_nano=time.time_ns(), filtered_attributes=attributes({"a": text, text: "b"}))
    return gauge(point(exemplars=[kept]))


def _scope(**fields: Any) -> InstrumentationScope:
    given = fields.pop("given", {})
    return InstrumentationScope(**{"name": "app", "attributes": attributes(given), **fields})


def _span_places() -> dict[str, Callable[[str], Any]]:
    return {
        "span name": lambda text: spans_request(span(f"GET {text}")),
        "span attribute": lambda text: spans_request(span(given={"a": f"for {text}."})),
        "span attribute, alone": lambda text: spans_request(span(given={"a": text})),
        "span attribute in a list": lambda text: spans_request(span(given={"a": ["x", text]})),
        "span attribute in a map": lambda text: spans_request(span(given={"a": {"b": [{"c": text}]}})),
        "span attribute, key": lambda text: spans_request(span(given={text: "x"})),
        "span attribute in a map, key": lambda text: spans_request(span(given={"a": {text: "x"}})),
        "span attribute, url": lambda text: spans_request(span(given={"url.full": f"https://x.test/a?q={text}&p=2"})),
        "status message": lambda text: spans_request(span(status=Status(message=text, code=Status.STATUS_CODE_ERROR))),
        "trace state": lambda text: spans_request(span(trace_state=f"vendor={text}")),
        "event name": lambda text: spans_request(span(events=[event(text)])),
        "event attribute": lambda text: spans_request(span(events=[event("e", {"a": [{"b": text}]})])),
        "event attribute, key": lambda text: spans_request(span(events=[event("e", {text: 1})])),
        "exception": lambda text: spans_request(span(events=[exception(f"bad {text}")])),
    }


def _log_places() -> dict[str, Callable[[str], Any]]:
    return {
        "log body": lambda text: logs_request(log(f"user {text} failed")),
        "log body, bytes": lambda text: logs_request(log(text.encode())),
        "log body in a map": lambda text: logs_request(log({"a": {"b": ["x", {"c": text}]}})),
        "log body in a map, key": lambda text: logs_request(log({"a": {text: "x"}})),
        "log body in a list": lambda text: logs_request(log(["x", [text]])),
        "log body, JSON": lambda text: logs_request(log(f'{{"user": "{text}"}}')),
        "log attribute": lambda text: logs_request(log(given={"a": text})),
        "log attribute in a map": lambda text: logs_request(log(given={"a": {"b": {"c": [text]}}})),
        "log attribute, key": lambda text: logs_request(log(given={text: "x"})),
        "severity text": lambda text: logs_request(log(severity_text=text)),
        "event name of a log record": lambda text: logs_request(log(event_name=text)),
    }


def _metric_places() -> dict[str, Callable[[str], Any]]:
    return {
        "metric name": lambda text: metrics_request(gauge(name=text)),
        "metric unit": lambda text: metrics_request(gauge(unit=text)),
        "metric description": lambda text: metrics_request(gauge(description=text)),
        "gauge attribute": lambda text: metrics_request(gauge(point({"a": text}))),
        "gauge attribute, key": lambda text: metrics_request(gauge(point({text: "x"}))),
        "sum attribute": lambda text: metrics_request(_sum(text)),
        "histogram attribute": lambda text: metrics_request(_histogram(text)),
        "exponential histogram attribute": lambda text: metrics_request(_exponential(text)),
        "summary attribute": lambda text: metrics_request(_summary(text)),
        "exemplar attribute": lambda text: metrics_request(_exemplar(text)),
    }


def _shared_places() -> dict[str, Callable[[str], Any]]:
    places: dict[str, Callable[[str], Any]] = {}
    for signal, request, record in (
        ("spans", spans_request, span),
        ("logs", logs_request, log),
        ("metrics", metrics_request, gauge),
    ):
        places |= _holder_places(signal, request, record)
    return places


def _holder_places(signal: str, request: Any, record: Any) -> dict[str, Callable[[str], Any]]:
    def sends(scope: Callable[[str], Any] | None = None, resource: Callable[[str], Any] | None = None) -> Any:
        return lambda text: request(record(), scope=scope and scope(text), resource=resource and resource(text))

    return {
        f"resource of {signal}": sends(resource=lambda text: {"owner": [text]}),
        f"resource of {signal}, key": sends(resource=lambda text: {text: "x"}),
        f"scope name of {signal}": sends(scope=lambda text: _scope(name=text)),
        f"scope version of {signal}": sends(scope=lambda text: _scope(version=text)),
        f"scope attribute of {signal}": sends(scope=lambda text: _scope(given={"a": text})),
        f"scope attribute of {signal}, key": sends(scope=lambda text: _scope(given={text: 1})),
    }


PLACES = {**_span_places(), **_log_places(), **_metric_places(), **_shared_places()}

# What OTTL cannot reach. The library cleans these in the process.
UNREACHED: dict[str, Callable[[str], Any]] = {
    "link attribute": lambda text: spans_request(span(links=[Span.Link(attributes=attributes({"a": text}))])),
    "link trace state": lambda text: spans_request(span(links=[Span.Link(trace_state=f"a={text}")])),
    "schema URL": lambda text: _with_schema_url(text),
}


def _with_schema_url(text: str) -> Any:
    request = spans_request(span())
    request.resource_spans[0].schema_url = f"https://x.test/{text}"
    request.resource_spans[0].scope_spans[0].schema_url = f"https://x.test/{text}"
    return request


def with_companions(request: Any) -> Any:
    """Give the same request with an event on each span, an exemplar on each number: other contexts run then too."""
    for held in getattr(request, "resource_spans", []):
        for record in held.scope_spans[0].spans:
            record.events.append(event())
    for held in getattr(request, "resource_metrics", []):
        for record in held.scope_metrics[0].metrics:
            for one in record.gauge.data_points:
                one.exemplars.append(Exemplar(as_int=1, time_unix_nano=time.time_ns()))
    return request
