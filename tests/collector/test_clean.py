"""What the library has cleaned passes the second gate unchanged and uncounted."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from google.protobuf.json_format import MessageToDict

from collector.local.tools import ROOT
from discreet.detectors import DETECTORS, key_kind
from discreet.redaction import Redactor
from tests.collector.places import CANARIES, event, gauge, point
from tests.collector.sending import attributes, log, logs_request, metrics_request, span, spans_request

if TYPE_CHECKING:
    from tests.collector.conftest import Gate

STAMPS = {
    "discreet.category": "api",
    "discreet.security_level": "internal",
    "discreet.retention": "7y",
    "discreet.stripped": True,
}
# Over the top of an e-mail's shape: a unit of systemd is masked (docs/collector.md).
OVERSHOT = "getty@tty1.service"

NESTED = {
    "b": [1, {"c": None, "d": [True, 2.5, "x", []], "e": {}}, b"\xff\x00"],
    "a.b": "dotted",
    "a": {"b": "nested under the same name"},
    "password": "[REDACTED:password]",
    "api_key": "[PSEUDONYM:api_key:k1:abcdefghijklmnopabcdefgh]",
    "masked.card_number": "****1111",
    "headers": {"cookie": ["[REDACTED:cookie]", "[WITHHELD:items]"]},
    "order": 4111111111111112,
    "nothing": None,
    "has.password": False,
    "card_number": "",
}


def _as_written(record: Any) -> Any:
    """Give a protobuf record as the collector writes it, apart from the order of keys."""
    shape: dict[str, Any] = MessageToDict(record)
    for name in ("traceId", "spanId", "parentSpanId"):
        if name in shape:
            field = {"traceId": "trace_id", "spanId": "span_id", "parentSpanId": "parent_span_id"}[name]
            shape[name] = getattr(record, field).hex()
    return json.loads(json.dumps(shape))


def _plain(written: Any) -> Any:
    """Drop what the collector adds to its JSON and protobuf leaves out: empty values, enum numbers."""
    return {key: value for key, value in written.items() if key not in {"kind", "severityNumber", "flags", "status"}}


@pytest.mark.parametrize("body", ["done in 0.4111111111111111 s", NESTED, [1, NESTED], 7, 2.5, True, None, b"\xff\x00"])
def test_a_clean_log_record_comes_out_as_it_went_in(gate: Gate, body: Any) -> None:
    """A clean log record is not changed: neither nested values, nor their types, nor bytes, nor the order of keys."""
    sent = log(body, {**NESTED, **STAMPS}, event_name="job.done", severity_text="WARN", trace_id=b"t" * 16)
    (item,) = gate.through(logs_request(sent))
    assert _plain(item.record) == _plain(_as_written(sent))


def test_a_clean_span_comes_out_as_it_went_in(gate: Gate) -> None:
    """A clean span is not changed, nor its events, trace state, scope and resource."""
    events = [event("step", {"n": NESTED}), event("other", {"l": ["a", "b"]})]
    sent = span("GET /orders/{id}", {**NESTED, **STAMPS}, events=events, trace_state="a=1,b=2")
    (item,) = gate.through(spans_request(sent, resource={"tags": ["a", "b"], "n": {"x": 1}}))
    assert _plain(item.record) == _plain(_as_written(sent))
    held = MessageToDict(spans_request(resource={"tags": ["a", "b"], "n": {"x": 1}}))["resourceSpans"][0]["resource"]
    assert item.resource == held


def test_a_clean_metric_comes_out_as_it_went_in(gate: Gate) -> None:
    """A clean metric keeps its name, unit, description and labels, without a trace of the gate."""
    sent = gauge(point({"http.route": "/a", "l": ["a"], "token": "[REDACTED:token]"}), unit="By", description="of all")
    (item,) = gate.through(metrics_request(sent))
    (written,) = item.points
    assert written["attributes"] == MessageToDict(point({"a": 1}))["attributes"][:0] + [
        MessageToDict(pair) for pair in attributes({"http.route": "/a", "l": ["a"], "token": "[REDACTED:token]"})
    ]
    assert (item.record["name"], item.record["unit"], item.record["description"]) == ("app.things", "By", "of all")


@pytest.mark.parametrize("row", DETECTORS, ids=lambda row: f"{row.kind}: {row.example}")
def test_what_the_library_has_cleaned_is_not_found_again(gate: Gate, row: Any) -> None:
    """Neither the library's marker nor a near-miss that it lets pass on purpose counts as found."""
    texts = [Redactor().text(text, set()) for text in (row.example, row.near_miss.replace(OVERSHOT, ""))]
    records = [log(text, {"a": text, "n": {"b": [text]}, **STAMPS}) for text in texts]
    for item in gate.through(logs_request(*records), spans_request(*(span(text, {"a": text}) for text in texts))):
        assert "discreet.gate.found" not in item.attributes, item.record


@pytest.mark.parametrize("name", CANARIES)
def test_a_cleaned_canary_is_not_found_again(gate: Gate, name: str) -> None:
    """A record with private data at every place, cleaned by the library, passes as clean."""
    dirty = {
        "a": CANARIES[name],
        "password": "hunter2",
        "n": {"user": {"ssn": 123, "password": ["x", "y"]}, CANARIES[name]: 1},
        "json": json.dumps({"api_key": "abc1", "password": "hunter2", "user": CANARIES[name]}),
        "url": f"https://zoe:hunter2@x.test/?token=abc1&q={CANARIES[name]}",
        "head": "Authorization: Bearer abcdefghijklmnopqrstuvwxyz1",
    }
    clean = Redactor().attributes(dirty, set())
    (item,) = gate.through(logs_request(log(clean, {**clean, **STAMPS})))
    assert "discreet.gate.found" not in item.attributes, item.record
    assert item.branch == "general"


def test_digits_of_a_hexadecimal_number_are_no_card(gate: Gate) -> None:
    """An address or digest in which sixteen digits follow a letter is left alone, as the library leaves it."""
    text = "object at 0x7f4111111111111111, digest c4242424242424242e00ab31f"
    assert Redactor().text(text, set()) == text
    (item,) = gate.through(logs_request(log(text, STAMPS)))
    assert item.record["body"]["stringValue"] == text
    assert "discreet.gate.found" not in item.attributes


def test_what_instrumentations_write_for_users_of_urls_is_no_password(gate: Gate) -> None:
    """A URL that OpenTelemetry itself has cleaned is left alone, as the library leaves it; another password is not."""
    url = "http://REDACTED:REDACTED@127.0.0.1:8000/calendar?token=[REDACTED:jwt]"
    assert Redactor().text(url, set()) == url
    (item,) = gate.through(spans_request(span("GET", {"http.url": url, **STAMPS})))
    assert item.attributes["http.url"] == url
    assert "discreet.gate.found" not in item.attributes
    (item,) = gate.through(spans_request(span("GET", {"http.url": url.replace(":REDACTED@", ":hunter2@"), **STAMPS})))
    assert "hunter2" not in item.attributes["http.url"]
    assert item.attributes["discreet.gate.found"] == 1


def test_the_gates_own_mask_is_not_found_by_a_second_collector(gate: Gate) -> None:
    """Behind an agent that has masked a value, a gateway with the same gate finds nothing new."""
    (item,) = gate.through(logs_request(log("by ****", {"password": "****", "a": "****", **STAMPS})))
    assert "discreet.gate.found" not in item.attributes


def test_telling_keys_of_the_gate_are_telling_to_the_library() -> None:
    """Every key that the gate masks is one that the library redacts: else cleaned records would be found."""
    config = yaml.safe_load((ROOT / "config.yaml").read_text())
    patterns = config["processors"]["redaction/gate"]["blocked_key_patterns"]
    groups = [group for pattern in patterns for group in re.findall(r"\(\?:([A-Za-z|?\[\]._-]+)\)", pattern)]
    words = {word.replace("[._-]?", "_").replace("[._-]", "_") for group in groups for word in group.split("|")}
    keys = {word for word in words - {"^", "[._-]"} if re.fullmatch(r"[A-Za-z_]+", word)}
    qualifiers = {"access", "refresh", "auth", "session", "bearer", "csrf"}
    assert len(keys) > 25
    assert [key for key in sorted(keys - qualifiers) if key_kind(key) is None] == []
    assert [key for key in sorted(qualifiers) if key_kind(f"{key}_token") is None] == []
