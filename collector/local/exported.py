"""What the collector wrote: a line of OTLP JSON for each request, as a flat list of its spans, records and metrics."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_SIGNALS = (
    ("span", "resourceSpans", "scopeSpans", "spans"),
    ("log", "resourceLogs", "scopeLogs", "logRecords"),
    ("metric", "resourceMetrics", "scopeMetrics", "metrics"),
)


@dataclass(frozen=True)
class Item:
    """One span, log record or metric, with the scope and resource it came in, as OTLP spells them in JSON."""

    branch: str
    signal: str
    record: Mapping[str, Any]
    scope: Mapping[str, Any]
    resource: Mapping[str, Any]

    @property
    def attributes(self) -> dict[str, Any]:
        """The record's attributes as plain Python."""
        return plain_attributes(self.record)

    @property
    def points(self) -> list[Mapping[str, Any]]:
        """A metric's data points, whatever their kind."""
        return [
            point
            for kind in ("gauge", "sum", "histogram", "exponentialHistogram", "summary")
            for point in self.record.get(kind, {}).get("dataPoints", [])
        ]


def items_of(branch: str, written: bytes) -> list[Item]:
    """Give every span, log record and metric in the bytes of a branch's file."""
    return [item for line in written.splitlines() for item in _items(branch, json.loads(line))]


def _items(branch: str, request: Mapping[str, Any]) -> Iterator[Item]:
    for signal, resources, scopes, records in _SIGNALS:
        for resource in request.get(resources, []):
            for scope in resource.get(scopes, []):
                for record in scope.get(records, []):
                    yield Item(branch, signal, record, scope.get("scope", {}), resource.get("resource", {}))


def plain_attributes(holder: Mapping[str, Any]) -> dict[str, Any]:
    """Give the attributes of a record, scope, resource or event as plain Python."""
    return {pair["key"]: plain_value(pair.get("value", {})) for pair in holder.get("attributes", [])}


def plain_value(value: Mapping[str, Any]) -> Any:
    """Give the Python value of an OTLP value in JSON; None when it is empty."""
    for kind, given in value.items():
        if kind == "arrayValue":
            return [plain_value(item) for item in given.get("values", [])]
        if kind == "kvlistValue":
            return {pair["key"]: plain_value(pair.get("value", {})) for pair in given.get("values", [])}
        if kind == "intValue":
            return int(given)
        if kind == "bytesValue":
            return base64.b64decode(given)
        return given
    return None
