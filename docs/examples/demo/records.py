"""A span, log record, metric series or header set taken to pieces: each place a value can ride, and its text."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from demo.excerpts import marked
from discreet.testing import LogItem, MetricItem, OtlpReceiver, SpanItem, plain_attributes, plain_value

_TRACE_HEADERS = ("traceparent", "tracestate", "baggage")


@dataclass(frozen=True)
class Record:
    """One record.

    Attributes:
        channel: `traces`, `logs`, `metrics` or `outgoing headers`.
        title: The span's, metric's or logger's name.
        key: Equal for the same record of two runs: trace id, origin and position in it.
        places: The text at each place, the place spelled `attributes.http.url`, `event.exception.message`, …
        category: The value of `discreet.category`, if any.
        level: The value of `discreet.security_level`, if any.
    """

    channel: str
    title: str
    key: tuple[object, ...]
    places: Mapping[str, str]
    category: str | None = None
    level: str | None = None
    trace_id: str = ""


def records_of(receiver: OtlpReceiver, trace_ids: Sequence[str], spellings: Sequence[str]) -> list[Record]:
    """Give everything received as records, of metrics the last collection.

    Args:
        receiver: What received them.
        trace_ids: The ones that two runs have in common.
        spellings: The private values, in which the same series of two runs may differ.
    """
    position: Counter[tuple[object, ...]] = Counter()
    known = frozenset(trace_ids)
    spans = sorted(receiver.spans(), key=lambda span: span.record.start_time_unix_nano)
    logs = sorted(receiver.logs(), key=lambda log: log.record.observed_time_unix_nano)
    records = [_span_record(span, position, known) for span in spans]
    records += [_log_record(log, position, known) for log in logs]
    for metric in {(metric.scope.name, metric.name): metric for metric in receiver.metrics()}.values():
        records += _series_records(metric, spellings)
    return records


def header_records(journal: Sequence[Mapping[str, str]]) -> list[Record]:
    """Give the propagation headers of each call that another service received."""
    return [
        Record(
            "outgoing headers",
            "call of the payment service",
            ("call", number),
            {name: headers[name] for name in _TRACE_HEADERS if name in headers},
        )
        for number, headers in enumerate(journal)
    ]


def _span_record(span: SpanItem, position: Counter[tuple[object, ...]], known: frozenset[str]) -> Record:
    record = span.record
    origin = (span.trace_id if span.trace_id in known else "", span.scope.name, record.kind)
    places = {"name": record.name, "status.message": record.status.message, "tracestate": record.trace_state}
    places |= _texts("attributes", span.attributes)
    for event in record.events:
        places |= _texts("event", plain_attributes(event.attributes))
    for link in record.links:
        places |= _texts("link", {"tracestate": link.trace_state, **plain_attributes(link.attributes)})
    return _record("traces", span, record.name, ("span", *origin, _next(position, "span", *origin)), places)


def _log_record(log: LogItem, position: Counter[tuple[object, ...]], known: frozenset[str]) -> Record:
    record = log.record
    origin = (log.trace_id if log.trace_id in known else "", log.scope.name)
    places = {"event_name": record.event_name, "severity_text": record.severity_text}
    places |= _texts("body", plain_value(record.body)) | _texts("attributes", log.attributes)
    return _record("logs", log, log.scope.name, ("log", *origin, _next(position, "log", *origin)), places)


def _series_records(metric: MetricItem, spellings: Sequence[str]) -> Iterator[Record]:
    fixed = {"name": metric.name, "description": metric.record.description, "unit": metric.record.unit}
    for attributes in metric.series:
        texts = _texts("attributes", attributes)
        same = [
            (place, text) for place, text in texts.items() if not (marked(text) or any(s in text for s in spellings))
        ]
        key = ("series", metric.scope.name, metric.name, *sorted(same))
        yield _record("metrics", metric, metric.name, key, fixed | texts)


def _record(
    channel: str,
    item: SpanItem | LogItem | MetricItem,
    title: str,
    key: tuple[object, ...],
    places: dict[str, str],
) -> Record:
    """Add what every record carries: its scope and its resource."""
    attributes = {} if isinstance(item, MetricItem) else item.attributes
    places |= _texts("resource", plain_attributes(item.resource.attributes))
    places |= {"scope.name": item.scope.name, "scope.version": item.scope.version}
    trace_id = "" if isinstance(item, MetricItem) else item.trace_id
    category, level = attributes.get("discreet.category"), attributes.get("discreet.security_level")
    return Record(channel, title, key, places, category, level, trace_id)


def _next(position: Counter[tuple[object, ...]], *origin: object) -> int:
    position[origin] += 1
    return position[origin]


def _texts(place: str, value: Any) -> dict[str, str]:
    """Give the text of each leaf of a value, under its dotted path."""
    if isinstance(value, Mapping):
        return {at: text for key, inner in value.items() for at, text in _texts(f"{place}.{key}", inner).items()}
    if isinstance(value, list):
        return {at: text for n, inner in enumerate(value) for at, text in _texts(f"{place}[{n}]", inner).items()}
    return {place: value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)}
