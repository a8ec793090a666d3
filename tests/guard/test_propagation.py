"""Headers of outgoing calls: baggage and trace state leave clean."""

from __future__ import annotations

import functools
import gc
import logging
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient
from opentelemetry import baggage, context, propagate, trace
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.propagators.b3 import B3MultiFormat
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.propagators.jaeger import JaegerPropagator
from opentelemetry.propagators.textmap import TextMapPropagator, default_setter
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.trace import SpanContext, SpanKind, TraceFlags, TraceState
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from discreet import guard
from discreet.metrics.counts import COUNTS
from discreet.policy import Policy, current, put_in_force, resolve
from tests.guard.memory import EMAIL, logged, traced

pytestmark = pytest.mark.seams


@pytest.fixture(autouse=True)
def _armed() -> None:
    guard.install()
    _allow()


def _allow(keys: str = "*", hosts: str = "*") -> None:
    put_in_force(Policy.compiled(resolve(arguments={"baggage_keys": keys, "baggage_hosts": hosts})[0]))


def _context(kind: SpanKind = SpanKind.CLIENT) -> context.Context:
    """Give the context of a call to api.example.org, with what is private in baggage and trace state."""
    state = TraceState([("vendor", EMAIL), ("fine", "ok")])
    parent = trace.NonRecordingSpan(SpanContext(1, 2, False, TraceFlags(1), state))
    ctx = trace.set_span_in_context(parent, context.Context())
    tracer = TracerProvider(shutdown_on_exit=False).get_tracer("t")
    span = tracer.start_span("call", ctx, kind, {"url.full": "https://api.example.org/"})
    ctx = trace.set_span_in_context(span, ctx)
    for key, value in (("who", EMAIL), ("password", "abc"), ("tenant", "north")):
        ctx = baggage.set_baggage(key, value, ctx)
    return ctx


def test_the_global_propagator_writes_clean_headers() -> None:
    """Private baggage entries and trace state members are left out; ids and the rest go on."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier, context=_context())
    assert carrier["baggage"] == "tenant=north"
    assert carrier["tracestate"] == "fine=ok"
    assert carrier["traceparent"].split("-")[1] == f"{1:032x}"


class Spelling(TextMapPropagator):
    """A propagator of the app's own, made before the guard was armed."""

    def extract(self, *args: Any, **kwargs: Any) -> context.Context:
        return context.Context()

    def inject(self, carrier: Any, context: Any = None, setter: Any = default_setter) -> None:
        carrier["x"] = ",".join(f"{key}={value}" for key, value in baggage.get_all(context).items())

    @property
    def fields(self) -> set[str]:
        return {"x"}


def _made_later() -> TextMapPropagator:
    def inject(self: Any, carrier: Any, context: Any = None, setter: Any = default_setter) -> None:
        carrier["later"] = ",".join(f"{key}={value}" for key, value in baggage.get_all(context).items())

    later: Any = type("Later", (Spelling,), {"inject": functools.wraps(Spelling.inject)(inject)})
    propagator: TextMapPropagator = later()
    return propagator


DIRECT: dict[str, Any] = {
    "w3c": W3CBaggagePropagator,
    "trace": TraceContextTextMapPropagator,
    "jaeger": JaegerPropagator,
    "b3": B3MultiFormat,
    "composite": lambda: CompositePropagator([Spelling(), JaegerPropagator()]),
    "own": Spelling,
    "later": _made_later,
}


@pytest.mark.parametrize("make", DIRECT.values(), ids=DIRECT)
def test_a_propagator_called_by_itself_writes_clean_headers(make: Any) -> None:
    """Code that goes past the global propagator is covered, whichever it calls and however it gives the context."""
    ctx = _context()
    calls: tuple[Any, ...] = (
        lambda carrier: make().inject(carrier, ctx),
        lambda carrier: make().inject(carrier, context=ctx),
        lambda carrier: make().inject(carrier=carrier, context=ctx, setter=default_setter),
        lambda carrier: make().inject(carrier, ctx, default_setter),
    )
    for call in calls:
        carrier: dict[str, str] = {}
        call(carrier)
        assert carrier
        assert "canary" not in str(carrier)
        assert "password" not in str(carrier)
    token = context.attach(ctx)
    current_one: dict[str, str] = {}
    make().inject(current_one)
    context.detach(token)
    assert current_one == carrier


@pytest.mark.parametrize("make", DIRECT.values(), ids=DIRECT)
@pytest.mark.parametrize("why", ["default", "key", "host", "kind"])
def test_it_is_closed_for_every_propagator(make: Any, why: str) -> None:
    """By default, for another key, another host, or outside of a call, no format carries an entry."""
    settings = {"default": ("", ""), "key": ("other", "*"), "host": ("*", "other.example.org"), "kind": ("*", "*")}
    _allow(*settings[why])
    carrier: dict[str, str] = {}
    make().inject(carrier, context=_context(SpanKind.PRODUCER if why == "kind" else SpanKind.CLIENT))
    assert "tenant" not in str(carrier)
    assert "north" not in str(carrier)


def test_a_propagator_set_later_is_covered() -> None:
    """Whichever propagator the app sets, it is handed a clean context."""
    before = propagate.get_global_textmap()
    propagate.set_global_textmap(CompositePropagator([Spelling()]))
    carrier: dict[str, str] = {}
    propagate.inject(carrier, context=_context())
    propagate.set_global_textmap(before)
    assert carrier["x"] == "tenant=north"


def test_no_baggage_leaves_when_redaction_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails closed: without a verdict there is no baggage, and the ids still go on."""

    def broken(*_: object) -> None:
        raise RuntimeError(EMAIL)

    monkeypatch.setattr(type(current().redactor), "attributes", broken)
    carrier: dict[str, str] = {}
    before = COUNTS.snapshot()["withheld"].get(("headers", "redaction_failed"), 0)
    propagate.inject(carrier, context=_context())
    assert COUNTS.snapshot()["withheld"]["headers", "redaction_failed"] == before + 1
    assert "baggage" not in carrier
    assert "traceparent" in carrier


def test_the_guard_is_taken_back_from_every_propagator() -> None:
    """Uninstall leaves no class wrapped, and classes made afterwards are not."""
    guard.uninstall()
    for cls in (Spelling, JaegerPropagator, B3MultiFormat, W3CBaggagePropagator, type(_made_later())):
        carrier: dict[str, str] = {}
        cls().inject(carrier, context=_context())
    assert not hasattr(Spelling.inject, "__wrapped__")
    assert not hasattr(JaegerPropagator.inject, "__wrapped__")


def test_the_bounds_of_the_format_hold() -> None:
    """At most 180 entries, 4096 characters an entry and 8192 in all (W3C Baggage), in every format."""
    ctx = _context()
    for number in range(300):
        ctx = baggage.set_baggage(f"k{number}", "v", ctx)
    carrier: dict[str, str] = {}
    Spelling().inject(carrier, context=ctx)
    assert carrier["x"].count(",") + 1 == 180
    ctx = baggage.set_baggage("long", "word " * 900, _context())
    for number in range(10):
        ctx = baggage.set_baggage(f"k{number}", "word " * 200, ctx)
    Spelling().inject(carrier, context=ctx)
    assert "long" not in carrier["x"]
    assert 7000 < len(carrier["x"]) <= 8192


def test_trace_state_keeps_its_order_and_bounds() -> None:
    """Members without findings stay as they are, in their order; with all 32 there is no warning and no loss."""
    members = [(f"v{number}", f"s:{number}") for number in range(30)]
    state = TraceState([*members[:10], ("who", EMAIL), *members[10:], ("token", "ghp_" + "a" * 36)])
    assert len(state) == 32
    span = trace.NonRecordingSpan(SpanContext(1, 2, False, TraceFlags(1), state))
    carrier: dict[str, str] = {}
    propagate.inject(carrier, context=trace.set_span_in_context(span, context.Context()))
    assert carrier["tracestate"] == ",".join(f"{key}={value}" for key, value in members)
    clean = TraceState([(f"v{number}", "x") for number in range(32)])
    span = trace.NonRecordingSpan(SpanContext(1, 2, False, TraceFlags(1), clean))
    propagate.inject(carrier, context=trace.set_span_in_context(span, context.Context()))
    assert carrier["tracestate"] == clean.to_header()


def test_odd_entries_cost_themselves_only() -> None:
    """A key that is no text, and a value that cannot be made one, stay in; what is fine goes out."""

    class Unprintable:
        def __str__(self) -> str:
            raise RuntimeError(EMAIL)

    ctx = baggage.set_baggage(7, "x", _context())  # type: ignore[arg-type]
    carrier: dict[str, str] = {}
    propagate.inject(carrier, context=ctx)
    assert carrier["baggage"] == "tenant=north"
    carrier = {}
    propagate.inject(carrier, context=baggage.set_baggage("odd", Unprintable(), ctx))
    assert carrier["baggage"] == "tenant=north"
    assert "traceparent" in carrier


def test_what_was_clean_is_looked_at_anew_under_another_policy() -> None:
    """An entry that passed is not remembered beyond the policy that let it."""
    for kinds, header in (("card", "who=zoe.canary%40example.org,"), ("all", "")):
        settings = {"baggage_keys": "who, tenant", "baggage_hosts": "*", "detectors": kinds}
        put_in_force(Policy.compiled(resolve(arguments=settings)[0]))
        carrier: dict[str, str] = {}
        propagate.inject(carrier, context=_context())
        assert carrier["baggage"] == header + "tenant=north"


def test_the_app_keeps_its_own_context() -> None:
    """What is held in the process is not touched: the app reads its baggage and trace state as before."""
    ctx = _context()
    before = dict(baggage.get_all(ctx))
    propagate.inject({}, context=ctx)
    assert dict(baggage.get_all(ctx)) == before
    assert trace.get_current_span(ctx).get_span_context().trace_state["vendor"] == EMAIL


class BaggageSpanProcessor(SpanProcessor):
    """As in opentelemetry-processor-baggage; and keeps what it saw."""

    def __init__(self) -> None:
        self.seen: list[dict[str, object]] = []

    def on_start(self, span: Any, parent_context: Any = None) -> None:
        self.seen.append(dict(baggage.get_all(parent_context)))
        for key, value in baggage.get_all(parent_context).items():
            span.set_attribute(key, value)


@pytest.mark.parametrize("explicit", [True, False], ids=["explicit", "current"])
def test_a_processor_of_baggage_gets_clean_entries(explicit: bool) -> None:
    """An app that asks for baggage as attributes gets the entries in which nothing private was found."""
    provider, kept = traced()
    processor = BaggageSpanProcessor()
    provider.add_span_processor(processor)
    ctx = _context()
    token = context.attach(context.Context() if explicit else ctx)
    provider.get_tracer("t").start_span("s", ctx if explicit else None).end()
    context.detach(token)
    provider.force_flush()
    assert processor.seen == [{"tenant": "north"}]
    assert kept.records[0].attributes["tenant"] == "north"
    assert "canary" not in kept.records[0].to_json()


def _served(headers: dict[str, str]) -> tuple[str, list[Any], dict[str, object]]:
    """Serve one request by FastAPI; give the JSON of its telemetry, the log records, and the baggage the app saw."""
    provider, spans = traced()
    logs, kept = logged()
    app = FastAPI()
    seen: dict[str, object] = {}

    @app.get("/")
    def root() -> JSONResponse:
        seen.update(baggage.get_all())
        from opentelemetry._logs import LogRecord

        logs.get_logger("app").emit(LogRecord(body="served"))
        logging.getLogger("app").warning("served")
        answer = JSONResponse({}, headers={"X-Api-Key": "answer-canary", "Authorization": "Bearer answer-canary"})
        answer.set_cookie("session", "answer-canary")
        return answer

    FastAPIInstrumentor.instrument_app(app, tracer_provider=provider)
    TestClient(app).get("/", headers=headers)
    provider.force_flush()
    logs.force_flush()
    assert spans.records
    return "".join(span.to_json() for span in spans.records), kept.records, seen


def test_incoming_baggage_is_no_attribute_unasked() -> None:
    """The app reads what came in, raw; nothing of it stands on a span or a log record."""
    said, records, seen = _served({"baggage": f"tenant=north-canary,who={EMAIL}"})
    assert seen == {"tenant": "north-canary", "who": EMAIL}
    assert "canary" not in said
    assert [record.log_record.body for record in records] == ["served"]
    assert "canary" not in str([record.log_record.attributes for record in records])


def test_captured_headers_leave_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Headers that are captured as attributes keep their names; credentials and cookies in them do not leave."""
    for side in ("REQUEST", "RESPONSE"):
        monkeypatch.setenv(f"OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_{side}", ".*")
    said, _, _ = _served(
        {
            "Authorization": "Basic em9lOmNhbmFyeQ==",
            "Cookie": "session=canary",
            "X-Api-Key": "canary-key",
            "X-Note": f"from {EMAIL}",
            "baggage": f"who={EMAIL}",
            "Accept-Language": "en",
        }
    )
    assert "http.request.header.accept_language" in said or "http.request.header.accept-language" in said
    for name in ("request.header.authorization", "request.header.cookie", "response.header.authorization"):
        assert f"http.{name}" in said
    assert "canary" not in said
    assert "em9lOmNhbmFyeQ" not in said


def test_a_class_that_cannot_be_changed_is_left_as_it_is() -> None:
    """A propagator whose class refuses new methods can be defined beside the guard, and arming does not fail on it."""
    guard.install()
    COUNTS.reset()

    class Sealed(type(TextMapPropagator)):  # type: ignore[misc]
        def __setattr__(cls, name: str, value: object) -> None:
            if name == "inject":
                raise TypeError("sealed")
            super().__setattr__(name, value)

    class Own(TextMapPropagator, metaclass=Sealed):
        def extract(self, carrier: Any, context: Any = None, getter: Any = None) -> Any:
            return context

        def inject(self, carrier: Any, context: Any = None, setter: Any = None) -> None:
            carrier["own"] = "1"

        @property
        def fields(self) -> set[str]:
            return {"own"}

    guard.uninstall()
    guard.install()
    carrier: dict[str, str] = {}
    Own().inject(carrier)
    assert carrier == {"own": "1"}
    assert COUNTS.snapshot()["withheld"]["headers", "guard_failed"] == 2
    del Own
    gc.collect()  # or every later arming would find it
