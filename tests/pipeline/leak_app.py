"""An app that says a canary at every place of every signal, through the plain OpenTelemetry API and stdlib logging.

Run under ``opentelemetry-instrument``, or with ``--configure`` to set Discreet up in code. Knows nothing of redaction.
Prints the places as JSON at the end.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

if "--configure" in sys.argv:
    import discreet

    discreet.configure()

from opentelemetry import _logs, baggage, context, metrics, propagate, trace
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.metrics import Observation
from opentelemetry.trace import Link, SpanContext, Status, StatusCode, TraceFlags, TraceState
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.pipeline.canaries import KINDS, secret, text

if TYPE_CHECKING:
    from collections.abc import Callable

tracer = trace.get_tracer("leak.app")
meter = metrics.get_meter("leak.app")
logger = _logs.get_logger("leak.app")
log = logging.getLogger("leak.stdlib")
log.setLevel(logging.DEBUG)

places: dict[str, int] = {}


def number_of(place: str) -> int:
    return places.setdefault(place, len(places) + 1)


def _context(state: TraceState) -> SpanContext:
    return SpanContext(0x1234567890ABCDEF1234567890ABCDEF, 0x1234567890ABCDEF, True, TraceFlags(1), state)


class Deep:
    def __init__(self, words: str) -> None:
        self.words = words

    def __str__(self) -> str:
        return f"<Deep {self.words}>"


def _attributed(key: str, value: Any) -> None:
    with tracer.start_as_current_span("attribute") as span:
        span.set_attribute(key, value)


def _raise(say: str) -> None:
    try:
        with tracer.start_as_current_span("raises"):
            raise ValueError(f"cannot take {say}")
    except ValueError:
        pass


def _chained(say: str) -> None:
    try:
        with tracer.start_as_current_span("chained"):
            try:
                raise KeyError(say)
            except KeyError as error:
                raise RuntimeError("outer") from error
    except RuntimeError:
        pass


def _named(say: str) -> None:
    with tracer.start_as_current_span(f"GET /users/{say}"):
        pass


def _renamed(say: str) -> None:
    with tracer.start_as_current_span("first") as span:
        span.update_name(f"lookup {say}")


def _event(name: str, attributes: dict[str, Any]) -> None:
    with tracer.start_as_current_span("event") as span:
        span.add_event(name, attributes)


def _linked(attributes: dict[str, Any]) -> None:
    with tracer.start_as_current_span("linked", links=[Link(_context(TraceState()), attributes)]):
        pass


def _status(say: str) -> None:
    with tracer.start_as_current_span("status") as span:
        span.set_status(Status(StatusCode.ERROR, f"failed for {say}"))


def _state_linked(say: str) -> None:
    with tracer.start_as_current_span("state", links=[Link(_context(TraceState([("vendor", say)])))]):
        pass


def _state_parent(say: str) -> None:
    parent = trace.set_span_in_context(trace.NonRecordingSpan(_context(TraceState([("vendor", say)]))))
    with tracer.start_as_current_span("child", context=parent):
        pass


def _emit(**fields: Any) -> None:
    logger.emit(LogRecord(timestamp=time.time_ns(), severity_number=SeverityNumber.INFO, **fields))


def _scoped_span(name: str, **scope: Any) -> None:
    trace.get_tracer(name, **scope).start_span("scoped").end()


def _scoped_log(name: str, **scope: Any) -> None:
    record = LogRecord(timestamp=time.time_ns(), severity_number=SeverityNumber.INFO, body="scoped")
    _logs.get_logger(name, **scope).emit(record)


def _scoped_metric(name: str, **scope: Any) -> None:
    metrics.get_meter(name, **scope).create_counter("scoped").add(1)


def _exception_log(say: str) -> None:
    try:
        raise ValueError(f"bad {say}")
    except ValueError:
        log.exception("it failed")


def _observed(say: str, key: str = "who") -> None:
    name = f"observed{len(places)}"
    meter.create_observable_gauge(name, [lambda _: [Observation(1, {key: say})]])


def _exemplar(say: str, key: str = "who") -> None:
    with tracer.start_as_current_span("exemplar"):
        meter.create_histogram("exemplar").record(1, {key: say})


def _recorded(say: str) -> None:
    with tracer.start_as_current_span("recorded") as span:
        span.record_exception(ValueError(say), {"note": say, say: "note"})


def _linked_later(say: str) -> None:
    with tracer.start_as_current_span("linked later") as span:
        span.add_link(_context(TraceState()), {"to": say})


def _chained_log(say: str) -> None:
    try:
        try:
            raise KeyError(say)
        except KeyError as error:
            raise RuntimeError("outer") from error
    except RuntimeError:
        log.exception("chained", stack_info=True)


def _nested(value: Any) -> Any:
    """Put a value deeper than the redactor looks."""
    for _ in range(40):
        value = {"d": [value]}
    return value


TEXT_PLACES: dict[str, Callable[[str], Any]] = {
    "span.name": _named,
    "span.name.updated": _renamed,
    "span.attribute": lambda say: _attributed("note", f"for {say}"),
    "span.attribute.exact": lambda say: _attributed("note", say),
    "span.attribute.list": lambda say: _attributed("notes", ["a", say, "b"]),
    "span.attribute.bytes": lambda say: _attributed("raw", f"x {say}".encode()),
    "span.attribute.nested": lambda say: _attributed("nested", {"a": {"b": ["c", say]}}),
    "span.attribute.bytes.only": lambda say: _attributed("raw", say.encode()),
    "span.attribute.nested.bytes": lambda say: _attributed("nested", {"a": [say.encode()]}),
    "span.attribute.nested.key": lambda say: _attributed("nested", {"a": {say: 1}}),
    "span.attribute.key": lambda say: _attributed(f"seen.{say}", 1),
    "span.attribute.key.exact": lambda say: _attributed(say, 1),
    "span.attribute.url": lambda say: _attributed("url.full", f"https://example.org/a?x=1&y={say}"),
    "span.attribute.path": lambda say: _attributed("url.path", f"/users/{say}/orders"),
    "span.attribute.sql": lambda say: _attributed("db.statement", f"SELECT * FROM t WHERE c = '{say}'"),
    "span.attribute.json": lambda say: _attributed("payload", json.dumps({"user": {"field": say}})),
    "span.exception": _raise,
    "span.exception.chained": _chained,
    "span.exception.recorded": _recorded,
    "span.link.later": _linked_later,
    "span.attribute.start": lambda say: tracer.start_span("start", attributes={"note": say}).end(),
    "span.status": _status,
    "span.event.name": lambda say: _event(f"sent to {say}", {}),
    "span.event.attribute": lambda say: _event("sent", {"to": say}),
    "span.event.attribute.key": lambda say: _event("sent", {say: "x"}),
    "span.event.attribute.list": lambda say: _event("sent", {"to": [say]}),
    "span.event.attribute.bytes": lambda say: _event("sent", {"to": f"x {say}".encode()}),
    "span.event.attribute.nested.key": lambda say: _event("sent", {"form": {"a": [{say: 1}]}}),
    "span.link.attribute": lambda say: _linked({"to": say}),
    "span.link.attribute.key": lambda say: _linked({say: "to"}),
    "span.link.tracestate": _state_linked,
    "span.parent.tracestate": _state_parent,
    "scope.name.span": lambda say: _scoped_span(f"lib.{say}"),
    "scope.version.span": lambda say: _scoped_span("lib.v", instrumenting_library_version=say),
    "scope.schema.span": lambda say: _scoped_span("lib.s", schema_url=f"https://example.org/{say}"),
    "scope.attribute.span": lambda say: _scoped_span("lib.a" + str(len(places)), attributes={"of": say}),
    "scope.name.log": lambda say: _scoped_log(f"lib.{say}"),
    "scope.version.log": lambda say: _scoped_log("lib.v", instrumenting_library_version=say),
    "scope.schema.log": lambda say: _scoped_log("lib.s", schema_url=f"https://example.org/{say}"),
    "scope.attribute.log": lambda say: _scoped_log("lib.a" + str(len(places)), attributes={"of": say}),
    "scope.name.metric": lambda say: _scoped_metric(f"lib.{say}"),
    "scope.version.metric": lambda say: _scoped_metric("lib.v", version=say),
    "scope.schema.metric": lambda say: _scoped_metric("lib.s", schema_url=f"https://example.org/{say}"),
    "scope.attribute.metric": lambda say: _scoped_metric("lib.a" + str(len(places)), attributes={"of": say}),
    "log.body": lambda say: _emit(body=f"hello {say}"),
    "log.body.exact": lambda say: _emit(body=say),
    "log.body.map": lambda say: _emit(body={"a": {"b": say}}),
    "log.body.list": lambda say: _emit(body=["a", [say]]),
    "log.body.key": lambda say: _emit(body={"a": {say: "b"}}),
    "log.body.key.deeper": lambda say: _emit(body=[{"a": [{"b": {f"of {say}": ["c"]}}]}]),
    "log.body.bytes.nested": lambda say: _emit(body={"raw": [say.encode()]}),
    "log.attribute.bytes": lambda say: _emit(body="b", attributes={"raw": f"x {say}".encode()}),
    "log.attribute.nested.key": lambda say: _emit(body="b", attributes={"form": {"a": [{say: 1}]}}),
    "log.body.bytes": lambda say: _emit(body=f"raw {say}".encode()),
    "log.attribute": lambda say: _emit(body="b", attributes={"note": say}),
    "log.attribute.nested": lambda say: _emit(body="b", attributes={"note": {"deep": [{"er": say}]}}),
    "log.attribute.key": lambda say: _emit(body="b", attributes={f"k {say}": 1}),
    "log.event_name": lambda say: _emit(body="b", event_name=f"user.{say}"),
    "log.severity_text": lambda say: _emit(body="b", severity_text=f"LOUD {say}"),
    "stdlib.message": lambda say: log.info(f"signed in {say}"),  # noqa: G004
    "stdlib.args": lambda say: log.info("signed in %s", say),
    "stdlib.extra": lambda say: log.info("signed in", extra={"who": say}),
    "stdlib.extra.nested": lambda say: log.info("signed in", extra={"who": {"deep": [say]}}),
    "stdlib.extra.object": lambda say: log.info("signed in", extra={"who": Deep(say)}),
    "stdlib.dict": lambda say: log.info({"field": say}),
    "stdlib.object": lambda say: log.info("got %r and %s", [say], Deep(say)),
    "stdlib.exception": _exception_log,
    "stdlib.exception.chained": _chained_log,
    "stdlib.adapter": lambda say: logging.LoggerAdapter(log, {"who": say}).info("adapted"),
    "stdlib.mapping": lambda say: log.info("for %(who)s", {"who": say}),
    "stdlib.extra.key": lambda say: log.info("keyed", extra={say: "x"}),
    "stdlib.warning": lambda say: warnings.warn(f"careful with {say}", stacklevel=1),
    "stdlib.logger": lambda say: logging.getLogger(f"leak.{say}").warning("named"),
    "metric.attribute": lambda say: meter.create_counter("count").add(1, {"who": say}),
    "metric.attribute.key": lambda say: meter.create_counter("count").add(1, {say: "x"}),
    "metric.attribute.list": lambda say: meter.create_histogram("spread").record(1, {"who": (say, "b")}),
    "metric.attribute.bytes": lambda say: meter.create_counter("raw").add(1, {"who": f"x {say}".encode()}),
    "metric.observed.key": lambda say: _observed("x", key=say),
    "metric.exemplar.key": lambda say: _exemplar("x", key=say),
    "metric.gauge": lambda say: meter.create_gauge("level").set(1, {"who": say}),
    "metric.up_down": lambda say: meter.create_up_down_counter("open").add(1, {"who": say}),
    "metric.name": lambda say: meter.create_counter(f"of.{say}").add(1),
    "metric.observed": _observed,
    "metric.exemplar": _exemplar,
    "metric.description": lambda say: meter.create_counter(f"d{len(places)}", description=f"of {say}").add(1),
    "metric.unit": lambda say: meter.create_counter(f"u{len(places)}", unit=say[:63]).add(1),
}

LONG = "words of no meaning " * 60_000
"""More than the longest text that is looked at."""

BOUND_PLACES: dict[str, Callable[[str], Any]] = {
    "span.attribute.long": lambda say: _attributed("note", f"{LONG}{say}"),
    "span.attribute.deep": lambda say: _attributed("note", _nested(say)),
    "span.event.attribute.deep": lambda say: _event("sent", {"note": _nested(say)}),
    "log.body.long": lambda say: _emit(body=f"{LONG}{say}"),
    "log.body.deep": lambda say: _emit(body=_nested(say)),
    "log.body.deep.key": lambda say: _emit(body=_nested({say: 1})),
    "log.attribute.deep": lambda say: _emit(body="b", attributes={"note": _nested(say)}),
    "stdlib.extra.deep": lambda say: log.info("deep", extra={"note": _nested(say)}),
}
"""Values that lie beyond a bound: withheld there. Said with ``--beyond-bounds`` only."""

KEYS = ("password", "user.password", "x-api-token", "client_secret", "db_pwd", "apiKey", "Authorization", "ssn")
KEY_PLACES: dict[str, Callable[[str, str], Any]] = {
    "span": lambda key, value: _attributed(key, value),
    "event": lambda key, value: _event("keyed", {key: value}),
    "log": lambda key, value: _emit(body="b", attributes={key: value}),
    "body": lambda key, value: _emit(body={"form": {key: value}}),
    "stdlib": lambda key, value: log.info("keyed", extra={"form": {key: value}}),
    "metric": lambda key, value: meter.create_counter("keyed").add(1, {key: value}),
}


NUMBER_KEYS = ("user.pin", "user.ssn", "card_number", "password")
NUMBER_PLACES: dict[str, Callable[[str, float], Any]] = {
    "span": lambda key, number: _attributed(key, number),
    "span.nested": lambda key, number: _attributed("form", {key: [number]}),
    "event": lambda key, number: _event("keyed", {key: number}),
    "link": lambda key, number: _linked({key: number}),
    "log": lambda key, number: _emit(body="b", attributes={key: number}),
    "body": lambda key, number: _emit(body={"form": [{key: number}]}),
    "stdlib": lambda key, number: log.info("keyed", extra={key: number}),
    "metric": lambda key, number: meter.create_counter("numbered").add(1, {key: number}),
}
"""Numbers that no pattern could know: only the key tells."""


FLOAT_PLACES: dict[str, Callable[[float], Any]] = {
    "span": lambda number: _attributed("amount", number),
    "log": lambda number: _emit(body={"amount": number}),
    "metric": lambda number: meter.create_counter("float").add(1, {"amount": number}),
}


def _injected(say: str) -> str:
    state = TraceState([("vendor", say)])
    ctx = trace.set_span_in_context(trace.NonRecordingSpan(_context(state)))
    call = tracer.start_span("call", ctx, trace.SpanKind.CLIENT, {"url.full": "https://api.example.org/"})
    ctx = trace.set_span_in_context(call, ctx)
    ctx = baggage.set_baggage("who", say, ctx)
    ctx = baggage.set_baggage("fine", "ok", ctx)
    carrier: dict[str, str] = {}
    propagate.inject(carrier, context=ctx)
    token = context.attach(ctx)
    TraceContextTextMapPropagator().inject(carrier)
    W3CBaggagePropagator().inject(carrier)
    context.detach(token)
    call.end()
    return json.dumps(carrier)


def main() -> None:
    logging.captureWarnings(True)
    warnings.simplefilter("always")
    said = TEXT_PLACES | (BOUND_PLACES if "--beyond-bounds" in sys.argv else {})
    for place, say in said.items():
        for kind in KINDS:
            value = text(kind, number_of(f"{place}|{kind}"))
            try:
                say(value)
            except Exception as error:
                print("refused", place, kind, type(error).__name__, file=sys.stderr)
    for place, say2 in KEY_PLACES.items():
        for key in KEYS:
            say2(key, secret("password", number_of(f"key.{place}|{key}")))
    for place, say_number in NUMBER_PLACES.items():
        for key in NUMBER_KEYS:
            say_number(key, int(secret("integer", number_of(f"{place}.{key}|integer"))))
            say_number(key, float(secret("float", number_of(f"{place}.{key}|float"))))
    for place, say_float in FLOAT_PLACES.items():
        say_float(float(secret("card", number_of(f"{place}.float|card"))))
    card = secret("card", number_of("span.attribute.int|card"))
    _attributed("amount", int(card))
    _emit(body={"number": int(secret("card", number_of("log.body.int|card")))})
    headers = [_injected(text(kind, number_of(f"headers|{kind}"))) for kind in KINDS]
    for provider in (trace.get_tracer_provider(), _logs.get_logger_provider(), metrics.get_meter_provider()):
        provider.force_flush()  # type: ignore[union-attr]
    print(json.dumps({"places": places, "headers": headers}))


if __name__ == "__main__":
    main()
