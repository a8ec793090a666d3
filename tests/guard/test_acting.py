"""What the level of a record does to it: kept, stripped to what is public, or dropped; how long it is to be kept."""

from __future__ import annotations

from typing import Any

import pytest
from opentelemetry._logs import SeverityNumber
from opentelemetry.exporter.otlp.proto.common._log_encoder import encode_logs
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.trace import SpanProcessor
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from discreet import guard
from discreet.guard import acting
from discreet.metrics.counts import COUNTS
from tests.guard.levelled import LEVELS, PROCESSORS, enforce, held_by, named, provider_of, say
from tests.guard.memory import Kept

pytestmark = pytest.mark.seams
WAYS = pytest.mark.parametrize(("signal", "way"), PROCESSORS, ids=str)
SIGNALS = pytest.mark.parametrize("signal", ["span", "log"])


@pytest.fixture(autouse=True)
def _armed() -> None:
    guard.install()
    COUNTS.reset()


def counted() -> dict[Any, int]:
    """Give what was done, by signal, action and level."""
    return COUNTS.snapshot()["level_actions"]


@WAYS
def test_each_level_has_its_action(signal: str, way: str) -> None:
    """What is dropped goes nowhere, what is stripped says so, the rest is as it was; what is done is counted."""
    enforce(level_actions={"public": "drop", "internal": "keep", "restricted": "strip"})
    kept = Kept()
    provider = provider_of(signal, PROCESSORS[signal, way](kept))
    say(provider, note="a note")
    assert named(kept.records) == list(LEVELS[1:])
    assert [held_by(record).get("note") for record in kept.records] == ["a note", "a note", None]
    assert [held_by(record).get("discreet.stripped") for record in kept.records] == [None, None, True]
    assert counted() == {(signal, "drop", "public"): 1, (signal, "strip", "restricted"): 1}
    provider.shutdown()


@SIGNALS
def test_nobody_is_handed_what_is_dropped(signal: str) -> None:
    """Neither exporters nor processors of others."""
    enforce(level_actions={"restricted": "drop"})
    seen: list[str] = []

    class Seeing(SpanProcessor):
        def on_end(self, span: Any) -> None:
            seen.append(span.name)

        def on_emit(self, log_record: Any) -> None:
            seen.append(log_record.log_record.event_name)

    kept = [Kept(), Kept()]
    processors = (PROCESSORS[signal, way](each) for way, each in zip(("batch", "simple"), kept, strict=True))
    provider = provider_of(signal, *processors, Seeing())
    say(provider)
    assert [named(each.records) for each in kept] == [list(LEVELS[:3])] * 2
    assert seen == list(LEVELS[:3])
    provider.shutdown()


@pytest.mark.parametrize("category", ["security", "audit"])
@SIGNALS
def test_security_and_audit_are_never_dropped(signal: str, category: str) -> None:
    """They leave stripped instead, whether they say so or a rule does."""
    enforce(level_actions=dict.fromkeys(LEVELS, "drop"))
    kept = Kept()
    provider = provider_of(signal, PROCESSORS[signal, "batch"](kept))
    say(provider, ["internal"], **{"discreet.category": category, "note": "a note"})
    say(provider, ["restricted"], scope=f"shop.{category}", note="a note")
    say(provider, ["confidential"], note="a note")
    assert named(kept.records) == ["internal", "restricted"]
    for record in kept.records:
        held = held_by(record)
        assert (held["discreet.category"], held["discreet.stripped"], "note" in held) == (category, True, False)
    done = {(signal, "strip", "internal"): 1, (signal, "strip", "restricted"): 1, (signal, "drop", "confidential"): 1}
    assert counted() == done
    provider.shutdown()


def test_a_stripped_span_is_a_skeleton_with_what_is_public() -> None:
    """Name, ids, times, kind and status code stay; other attributes, events and texts go, and count as dropped."""
    enforce(level_actions={"restricted": "strip"})
    kept = Kept()
    provider = provider_of("span", BatchSpanProcessor(kept))
    linked = SpanContext(1, 2, False, TraceFlags(1))
    given = {"http.request.method": "GET", "note": "a note", "password": "abc", "discreet.stripped": "mine"}
    span = provider.get_tracer("t").start_span("GET /", kind=SpanKind.SERVER, attributes=given)
    span.add_link(linked, {"note": "a note"})
    span.add_event("an event", {"note": "a note"})
    span.set_status(Status(StatusCode.ERROR, "a note"))
    span.end()
    provider.force_flush()
    (left,) = kept.records
    assert dict(left.attributes) == {
        "http.request.method": "GET",
        "discreet.category": "api",
        "discreet.security_level": "restricted",
        "discreet.stripped": True,
    }
    assert (left.name, left.context, left.kind) == ("GET /", span.get_span_context(), SpanKind.SERVER)
    assert (left.start_time, left.end_time) == (span.start_time, span.end_time)
    assert (left.status.status_code, left.status.description) == (StatusCode.ERROR, None)
    assert (list(left.events), left.dropped_events, left.dropped_attributes) == ([], 1, 2)
    assert [(link.context, dict(link.attributes or {})) for link in left.links] == [(linked, {})]
    sent = encode_spans([left]).resource_spans[0].scope_spans[0].spans[0]
    assert (sent.dropped_events_count, sent.dropped_attributes_count, len(sent.links)) == (1, 2, 1)
    assert b"a note" not in encode_spans([left]).SerializeToString()
    assert span.attributes["note"] == "a note"
    provider.shutdown()


def test_a_stripped_log_record_keeps_no_body() -> None:
    """Event name, severity and times stay; a body that is not there needs no marker."""
    enforce(level_actions={"restricted": "strip"})
    kept = Kept()
    provider = provider_of("log", PROCESSORS["log", "batch"](kept))
    for body in ("a note", {"a": ["a note"]}, None):
        provider.get_logger("t").emit(
            timestamp=7,
            body=body,
            severity_number=SeverityNumber.WARN,
            severity_text="WARN",
            event_name="visit",
            attributes={"card": "4111111111111111", "http.request.method": "GET"},
        )
    provider.force_flush()
    logs = [record.log_record for record in kept.records]
    assert [log.body for log in logs] == ["[WITHHELD:level]", "[WITHHELD:level]", None]
    for log in logs:
        assert set(log.attributes) == {
            "http.request.method", "discreet.category", "discreet.security_level", "discreet.stripped",
        }  # fmt: skip
        assert (log.timestamp, log.severity_text, log.event_name) == (7, "WARN", "visit")
    assert b"a note" not in encode_logs(kept.records).SerializeToString()
    provider.shutdown()


@SIGNALS
def test_stripping_twice_changes_nothing(signal: str) -> None:
    """Records pass the guard more than once; each is counted once."""
    enforce(level_actions={"restricted": "strip"})
    clean = guard.spans.clean_span if signal == "span" else guard.logs.clean_log
    kept = Kept()
    provider = provider_of(signal, PROCESSORS[signal, "simple"](kept))
    say(provider, ["restricted"], note="a note")
    (once,) = kept.records
    twice: Any = clean(once)
    assert held_by(twice) == held_by(once)
    dropped = [(each._attributes if signal == "span" else each.log_record.attributes).dropped for each in (once, twice)]
    assert dropped == [1, 1]
    assert counted() == {(signal, "strip", "restricted"): 1}


def test_a_span_that_has_not_ended_is_stripped_in_place_of_dropped() -> None:
    """A processor that looks at its start gets an object that answers; nothing is counted yet."""
    enforce(level_actions={"restricted": "drop"})
    seen: list[Any] = []

    class Early(SpanProcessor):
        def on_start(self, span: Any, parent_context: Any = None) -> None:
            seen.append((span.name, dict(span.attributes)))

    provider = provider_of("span", Early())
    span = provider.get_tracer("t").start_span("s", attributes={"password": "abc"})
    stamps = {"discreet.category": "application", "discreet.security_level": "restricted", "discreet.stripped": True}
    assert seen == [("s", stamps)]
    assert counted() == {}
    span.end()
    assert counted() == {("span", "drop", "restricted"): 1}


@SIGNALS
def test_what_fails_leaves_a_skeleton(signal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail closed: nobody knows what was to become of the record, so it leaves with nothing in it."""
    enforce(level_actions={"public": "drop"})

    def fails(*_: Any, **__: Any) -> Any:
        raise LookupError

    monkeypatch.setattr(acting, "action_on", fails)
    kept = Kept()
    provider = provider_of(signal, PROCESSORS[signal, "batch"](kept))
    say(provider, ["public"], note="a note")
    (record,) = kept.records
    assert held_by(record).get("discreet.withheld") is True
    assert "note" not in held_by(record)
    assert COUNTS.snapshot()["withheld"][signal, "redaction_failed"] == 1
    provider.shutdown()


@SIGNALS
def test_how_long_a_record_is_to_be_kept(signal: str) -> None:
    """By category before level; where the policy says nothing, no attribute is added."""
    enforce(retention={"audit": "7y", "restricted": "30d"})
    kept = Kept()
    provider = provider_of(signal, PROCESSORS[signal, "batch"](kept))
    say(provider, ["restricted"], **{"discreet.category": "audit"})
    say(provider, ["public", "restricted"])
    say(provider, ["restricted"], **{"discreet.retention": "99y"})
    say(provider, ["public"], **{"discreet.retention": "1d"})
    periods = [held_by(record).get("discreet.retention") for record in kept.records]
    assert periods == ["7y", None, "30d", "30d", "1d"]
    provider.shutdown()


@SIGNALS
def test_skeletons_and_stripped_records_are_kept_as_long(signal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left of a record is a record."""
    enforce(retention={"restricted": "30d"}, level_actions={"restricted": "strip"})
    kept = Kept()
    provider = provider_of(signal, PROCESSORS[signal, "batch"](kept))
    say(provider, ["restricted"])

    def fails(*_: Any, **__: Any) -> Any:
        raise LookupError

    monkeypatch.setattr("discreet.guard.parts.clean_attributes", fails)
    say(provider, ["public"])
    assert [held_by(record)["discreet.retention"] for record in kept.records] == ["30d", "30d"]
    assert [held_by(record).get("discreet.withheld") for record in kept.records] == [None, True]
    provider.shutdown()


@SIGNALS
def test_a_default_policy_adds_and_takes_nothing(signal: str) -> None:
    """No attribute of ours but category and level."""
    kept = Kept()
    provider = provider_of(signal, PROCESSORS[signal, "batch"](kept))
    say(provider, note="a note")
    for record, level in zip(kept.records, LEVELS, strict=True):
        held = {"note": "a note", "discreet.category": "application", "discreet.security_level": level}
        assert held_by(record) == held
    assert counted() == {}
    provider.shutdown()
