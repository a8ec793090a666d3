"""OTLP attribute values as plain Python."""

from collections.abc import Iterable
from typing import Any

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue


def plain_value(value: AnyValue) -> Any:
    """Give the Python value of an OTLP `AnyValue`: str, bool, int, float, bytes, list, dict, or None when empty."""
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    if kind == "array_value":
        return [plain_value(item) for item in value.array_value.values]
    if kind == "kvlist_value":
        return plain_attributes(value.kvlist_value.values)
    return getattr(value, kind)


def plain_attributes(attributes: Iterable[KeyValue]) -> dict[str, Any]:
    """Give OTLP attributes (or the entries of a nested map) as a dict; of equal keys the last one stays."""
    return {pair.key: plain_value(pair.value) for pair in attributes}
