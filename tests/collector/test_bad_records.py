"""One bad record costs nobody else anything: a statement that fails would refuse the whole request."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric

from tests.collector.places import event, gauge, point
from tests.collector.sending import attributes, log, logs_request, metrics_request, span, spans_request

if TYPE_CHECKING:
    from tests.collector.conftest import Gate


def _deep(depth: int) -> dict[str, Any]:
    held: dict[str, Any] = {"password": "hunter2"}
    for _ in range(depth):
        held = {"a": [held]}
    return held


STRANGE: list[Any] = [
    None,
    True,
    0,
    -(2**63),
    math.nan,
    -math.inf,
    "",
    "\x00",
    "a\nb\u2028",
    "x" * 30_000,
    "4" * 1000,
    "a@" * 15_000,
    b"",
    b"\xff\xfe\x00",
    [],
    {},
    [[], {}, None, [None, math.nan]],
    {"": None, "a": {"": {}}},
    {"discreet.gate.found": "x", "redaction.masked.count": "y"},
    _deep(10),
]
KEYS = [
    "a",
    "",
    "discreet.security_level",
    "discreet.category",
    "redaction.masked.count",
    "discreet.gate.raw",
    "discreet.gate.body",
    "discreet.gate.found",
    "password",
    "service.name",
]


@pytest.mark.parametrize("strange", STRANGE, ids=lambda value: repr(value)[:30])
def test_a_strange_value_anywhere_refuses_nothing(gate: Gate, strange: Any) -> None:
    """Whatever a value is, under whatever key, the request is accepted and each of its records comes out."""
    given = dict.fromkeys(KEYS, strange)
    scope = InstrumentationScope(name="app", attributes=attributes(given))
    logs = logs_request(log(strange, given), log("good"), scope=scope, resource=given)
    spans = spans_request(span(given=given, events=[event("e", given)]), span("good"), scope=scope, resource=given)
    metrics = metrics_request(gauge(point(given)), gauge(name="good"), scope=scope, resource=given)
    written, items = gate.sent(logs, spans, metrics)
    assert len(items) == 6
    assert b"hunter2" not in written
    assert b"discreet.gate.raw" not in written


def test_empty_requests_and_records_are_accepted(gate: Gate) -> None:
    """Records without anything in them come out; requests without records, and a metric without data, are no error."""
    empty_log, empty_span = log(), span()
    empty_log.Clear()
    empty_span.Clear()
    requests = [
        logs_request(),
        spans_request(),
        metrics_request(),
        logs_request(empty_log),
        spans_request(empty_span),
        metrics_request(Metric()),
    ]
    assert [item.signal for item in gate.through(*requests)] == ["log", "span"]


def test_one_of_a_hundred(gate: Gate) -> None:
    """Ninety-nine good records arrive although one of their request is as bad as can be."""
    bad = log(math.nan, {"discreet.security_level": {"a": math.nan}, "discreet.category": [b"\xff"]})
    items = gate.through(logs_request(*(log(f"good {n}") for n in range(99)), bad))
    assert len(items) == 100
    assert sum(item.record["body"].get("stringValue", "").startswith("good") for item in items) == 99


def test_same_names_hide_nothing(gate: Gate) -> None:
    """A value is found although a nested one has the same flat name: flattening loses neither."""
    mail = "zoe@example.org"
    requests = [
        logs_request(log({"a.b": mail, "a": {"b": "x"}}, {"a": {"b": "x"}, "a.b": mail})),
        logs_request(log({"a": {"b": mail}, "a.b": "x"}, {"a.b": "x", "a": {"b": mail}})),
        logs_request(log(given={"a": [mail], "a.0": "x"})),
    ]
    doubled = log()
    doubled.attributes.extend([*attributes({"a": mail}), *attributes({"a": "x"})])
    written, items = gate.sent(*requests, logs_request(doubled))
    assert mail.encode() not in written
    assert len(items) == 4
