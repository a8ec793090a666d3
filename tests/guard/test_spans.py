"""Spans: what exporters and processors of every sort get to see."""

from __future__ import annotations

from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import (
    ConcurrentMultiSpanProcessor,
    ReadableSpan,
    SpanLimits,
    SpanProcessor,
    TracerProvider,
)
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
from opentelemetry.trace import Link, SpanContext, Status, StatusCode, TraceFlags, TraceState

from discreet import guard
from discreet.metrics.counts import COUNTS
from discreet.redaction import Redactor
from tests.guard.memory import CARD, EMAIL, Kept, traced

pytestmark = pytest.mark.seams


@pytest.fixture(autouse=True)
def _armed() -> None:
    guard.install()


def _everything(span: ReadableSpan) -> str:
    """Give all that a span holds as text."""
    links = [(link.context.trace_state, dict(link.attributes or {})) for link in span.links]
    return f"{span.to_json()} {links} {span.instrumentation_scope!r} {span.parent} {vars(span)!r}"


def _say(provider: TracerProvider) -> None:
    """Emit a span with an e-mail address at every place."""
    tracer = provider.get_tracer(f"lib.{EMAIL}", EMAIL, f"https://example.org/{EMAIL}")
    linked = SpanContext(1, 1, False, TraceFlags(1), TraceState([("vendor", EMAIL)]))
    with tracer.start_as_current_span(f"GET /{EMAIL}", links=[Link(linked, {"to": EMAIL})]) as span:
        span.set_attribute("note", EMAIL)
        span.set_attribute(EMAIL, ["a", EMAIL])
        span.set_attribute("password", "abc")
        span.add_event(f"for {EMAIL}", {"to": EMAIL})
        span.set_status(Status(StatusCode.ERROR, f"no {EMAIL}"))


def test_a_batch_processor_exports_clean_spans() -> None:
    """Every place of a span is redacted, and category and level are stamped."""
    provider, kept = traced(Resource({"owner": EMAIL}))
    _say(provider)
    provider.force_flush()
    (span,) = kept.records
    assert "canary" not in _everything(span)
    assert span.attributes["note"] == "[REDACTED:email]"
    assert span.attributes["password"] == "[REDACTED:password]"
    assert span.attributes["discreet.category"] == "application"
    assert span.attributes["discreet.security_level"] == "restricted"


def test_a_clean_span_stays_as_it_is() -> None:
    """Where nothing private is, name, attributes, events, links, ids, times and resource are what the app said."""
    provider, kept = traced(Resource({"service.name": "clinic"}))
    tracer = provider.get_tracer("lib", "1.0")
    with tracer.start_as_current_span("work", attributes={"n": 1, "ok": True, "list": ["a", "b"]}) as span:
        span.add_event("step", {"x": 1.5})
    provider.force_flush()
    (clean,) = kept.records
    assert clean.name == "work"
    assert clean.context == span.get_span_context()
    assert (clean.start_time, clean.end_time) == (span.start_time, span.end_time)  # type: ignore[attr-defined]
    own = {key: value for key, value in clean.attributes.items() if not key.startswith("discreet.")}
    assert own["n"] == 1
    assert own["ok"] is True
    assert list(own["list"]) == ["a", "b"]
    assert [(event.name, dict(event.attributes)) for event in clean.events] == [("step", {"x": 1.5})]
    assert clean.resource.attributes["service.name"] == "clinic"


class Watcher(SpanProcessor):
    """A processor of the app's own, which sees spans at start and end."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def on_start(self, span: Any, parent_context: Any = None) -> None:
        is_span = isinstance(span, trace.Span)
        assert is_span
        self.seen.append(f"{span.name} {dict(span.attributes)} {span.to_json()} {span._attributes}")
        span.set_attribute("from.watcher", "yes")

    def on_end(self, span: ReadableSpan) -> None:
        self.seen.append(_everything(span))


class Subclassed(BatchSpanProcessor):
    """A subclass may read the span itself."""

    seen: list[str] = []

    def on_end(self, span: ReadableSpan) -> None:
        self.seen.append(_everything(span))
        super().on_end(span)


def test_processors_added_later_see_clean_spans() -> None:
    """A processor, a subclass, a simple processor, added before or after: all see clean data; writes reach the span."""
    provider, kept = traced()
    watcher, simple, sub = Watcher(), Kept(), Subclassed(Kept())
    for processor in (watcher, SimpleSpanProcessor(simple), sub):
        provider.add_span_processor(processor)
    tracer = provider.get_tracer("t")
    with tracer.start_as_current_span(f"GET /{EMAIL}", attributes={"to": EMAIL}):
        pass
    provider.force_flush()
    assert len(watcher.seen) == 2
    assert "canary" not in " ".join([*watcher.seen, *sub.seen, *map(_everything, simple.records)])
    assert kept.records[0].attributes["from.watcher"] == "yes"


def test_concurrent_processors_see_clean_spans() -> None:
    """The SDK's concurrent multi-processor is guarded like the synchronous one."""
    provider = TracerProvider(active_span_processor=ConcurrentMultiSpanProcessor(2), shutdown_on_exit=False)
    kept = Kept()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    _say(provider)
    assert "canary" not in _everything(kept.records[0])


def test_a_provider_older_than_the_guard_is_covered() -> None:
    """Providers, tracers, open spans and queued spans from before the guard come out clean."""
    guard.uninstall()
    provider, kept = traced()
    tracer = provider.get_tracer("t")
    tracer.start_span(f"queued {EMAIL}").end()
    still_open = tracer.start_span(f"open {EMAIL}")
    guard.install()
    still_open.end()
    provider.force_flush()
    assert [span.name for span in kept.records] == ["queued [REDACTED:email]", "open [REDACTED:email]"]


def test_dropped_counts_survive() -> None:
    """What the SDK's limits dropped is still counted on the copy."""
    limits = SpanLimits(max_span_attributes=2, max_events=1, max_links=1, max_event_attributes=1)
    provider, kept = TracerProvider(span_limits=limits, shutdown_on_exit=False), Kept()
    provider.add_span_processor(BatchSpanProcessor(kept))
    linked = Link(SpanContext(1, 1, False), {})
    with provider.get_tracer("t").start_as_current_span("s", links=[linked, linked, linked]) as span:
        for name in "abcd":
            span.set_attribute(name, 1)
            span.add_event(name, {"x": 1, "y": 2})
    provider.force_flush()
    (clean,) = kept.records
    assert (clean.dropped_attributes, clean.dropped_events, clean.dropped_links) == (2, 3, 2)
    assert clean.events[0].attributes.dropped == 1


def test_length_limits_are_applied_after_redaction() -> None:
    """A value that the limit would have cut in the middle of an address is redacted, then cut."""
    provider, kept = (
        TracerProvider(span_limits=SpanLimits(max_span_attribute_length=20), shutdown_on_exit=False),
        Kept(),
    )
    provider.add_span_processor(BatchSpanProcessor(kept))
    with provider.get_tracer("t").start_as_current_span("s") as span:
        span.set_attribute("note", f"write to {EMAIL} now")
        span.set_attribute("long", "x" * 50)
    provider.force_flush()
    assert kept.records[0].attributes["note"] == "write to [REDACTED:e"
    assert kept.records[0].attributes["long"] == "x" * 20


def test_a_failing_redactor_leaves_a_skeleton(monkeypatch: pytest.MonkeyPatch) -> None:
    """When redaction raises, ids, times and kind leave and nothing else; it is counted; the app sees nothing."""
    COUNTS.reset()

    def broken(*_: Any) -> Any:
        raise RuntimeError(EMAIL)

    monkeypatch.setattr(Redactor, "attributes", broken)
    provider, kept = traced()
    _say(provider)
    provider.force_flush()
    (span,) = kept.records
    assert "canary" not in _everything(span)
    assert span.name == "[WITHHELD:redaction_failed]"
    assert span.attributes["discreet.withheld"] is True
    assert span.attributes["discreet.security_level"] == "restricted"
    assert span.context.trace_id


def test_one_bad_span_costs_itself_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neighbours of a span whose redaction fails are untouched."""
    original = Redactor.attributes

    def sometimes(self: Redactor, attributes: Any, found: set[str]) -> Any:
        if attributes and "bad" in attributes:
            raise RuntimeError("injected")
        return original(self, attributes, found)

    monkeypatch.setattr(Redactor, "attributes", sometimes)
    provider, kept = traced()
    tracer = provider.get_tracer("t")
    for attributes in ({"good": 1}, {"bad": 1}, {"good": 2}):
        tracer.start_span("s", attributes=attributes).end()
    provider.force_flush()
    assert [span.name for span in kept.records] == ["s", "[WITHHELD:redaction_failed]", "s"]


class Raising(SpanProcessor):
    """A processor that raises everywhere."""

    def on_start(self, span: Any, parent_context: Any = None) -> None:
        raise RuntimeError("start")

    def _on_ending(self, span: Any) -> None:
        raise RuntimeError("ending")

    def on_end(self, span: Any) -> None:
        raise RuntimeError("end")


def test_a_processor_that_raises_is_contained() -> None:
    """What a foreign processor raises reaches neither the app nor the processors behind it, and is counted."""
    COUNTS.reset()
    provider, kept = TracerProvider(shutdown_on_exit=False), Kept()
    provider.add_span_processor(Raising())
    provider.add_span_processor(SimpleSpanProcessor(kept))
    provider.get_tracer("t").start_span("s").end()
    assert [span.name for span in kept.records] == ["s"]


class Unprintable:
    """An object that cannot be printed."""

    def __str__(self) -> str:
        raise RuntimeError("no words")

    __repr__ = __str__


def test_values_that_cannot_be_encoded_do_not_reach_the_encoder() -> None:
    """Deep nests, cycles, surrogates, huge numbers and unprintable objects come out as something encodable."""
    from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans

    deep: Any = "bottom"
    for _ in range(60):
        deep = {"d": deep}
    cyclic: dict[str, Any] = {}
    cyclic["self"] = cyclic
    provider, kept = traced()
    tracer = provider.get_tracer("t")
    values: list[Any] = [deep, cyclic, "\ud800", 2**80, b"\xff\xfe", float("nan"), Unprintable()]
    for value in values:
        with tracer.start_as_current_span("s\ud800") as span:
            span.set_attribute("v", value)
            span.add_event("e", {"v": value})
    provider.force_flush()
    assert len(kept.records) == 7
    encode_spans(kept.records).SerializeToString()


def test_redacting_again_changes_nothing() -> None:
    """A clean copy that passes the guard again comes out equal."""
    from discreet.guard.spans import clean_span

    provider, kept = traced(Resource({"owner": EMAIL, "n": CARD}))
    _say(provider)
    provider.force_flush()
    again = clean_span(kept.records[0])
    assert again is not None
    assert again.to_json() == kept.records[0].to_json()
