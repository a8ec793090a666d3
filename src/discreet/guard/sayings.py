"""Every place of every signal in which a private value can ride, each with how an app says one there.

Written with the API that apps use, for providers that are given: nothing here reaches the app's own.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.context import Context
from opentelemetry.metrics import Observation
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    Status,
    StatusCode,
    TraceFlags,
    TraceState,
    set_span_in_context,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NAME = "discreet.doctor"


def context_with(state: str) -> SpanContext:
    """Give a span context whose trace state holds a text, as far as W3C Trace Context (3.3.1.3.2) takes it there."""
    key, _, value = state.rpartition("=")
    state_of = TraceState([(key or "vendor", value)])
    return SpanContext(0x1234567890ABCDEF1234567890ABCDEF, 0x1234567890ABCDEF, True, TraceFlags(1), state_of)


def _span(provider: Any, name: str = "said", **fields: Any) -> Any:
    return provider.get_tracer(_NAME).start_span(name, context=fields.pop("context", Context()), **fields)


def _end(span: Any, method: str, *args: Any) -> None:
    getattr(span, method)(*args)
    span.end()


def _linked(provider: Any, state: str, attributes: Mapping[str, Any]) -> None:
    _span(provider, links=[Link(context_with(state), attributes)]).end()


def _parent(provider: Any, say: str) -> None:
    _span(provider, context=set_span_in_context(NonRecordingSpan(context_with(say)), Context())).end()


def _scoped_span(provider: Any, name: str = _NAME, **scope: Any) -> None:
    provider.get_tracer(name, **scope).start_span("scoped", context=Context()).end()


SPAN_PLACES: Mapping[str, Callable[[Any, str], Any]] = {
    "name": lambda to, say: _span(to, f"GET /users/{say}").end(),
    "name, changed later": lambda to, say: _end(_span(to), "update_name", f"for {say}"),
    "attribute": lambda to, say: _end(_span(to), "set_attribute", "note", f"for {say}"),
    "attribute at start": lambda to, say: _span(to, attributes={"note": say}).end(),
    "attribute, list": lambda to, say: _end(_span(to), "set_attribute", "notes", ["a", say]),
    "attribute key": lambda to, say: _end(_span(to), "set_attribute", f"seen.{say}", 1),
    "event name": lambda to, say: _end(_span(to), "add_event", f"sent to {say}"),
    "event attribute": lambda to, say: _end(_span(to), "add_event", "sent", {"to": say}),
    "event attribute key": lambda to, say: _end(_span(to), "add_event", "sent", {say: "x"}),
    "link attribute": lambda to, say: _linked(to, "vendor=fine", {"to": say}),
    "link attribute key": lambda to, say: _linked(to, "vendor=fine", {say: "x"}),
    "link trace state": lambda to, say: _linked(to, say, {}),
    "parent's trace state": _parent,
    "status": lambda to, say: _end(_span(to), "set_status", Status(StatusCode.ERROR, f"failed for {say}")),
    "exception": lambda to, say: _end(_span(to), "record_exception", ValueError(f"bad {say}")),
    "scope name": lambda to, say: _scoped_span(to, f"lib.{say}"),
    "scope version": lambda to, say: _scoped_span(to, instrumenting_library_version=say),
    "scope schema URL": lambda to, say: _scoped_span(to, schema_url=f"https://example.org/{say}"),
    "scope attribute": lambda to, say: _scoped_span(to, attributes={"of": say}),
}


def _emit(provider: Any, **fields: Any) -> None:
    _emit_to(provider.get_logger(_NAME), **fields)


def _emit_to(logger: Any, **fields: Any) -> None:
    record = LogRecord(timestamp=time.time_ns(), severity_number=SeverityNumber.INFO, context=Context(), **fields)
    logger.emit(record)


def log_line(message: str, *args: object, error: BaseException | None = None, **extra: Any) -> logging.LogRecord:
    """Give a record of stdlib logging that no logger, filter or handler of the app has seen."""
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(_NAME, logging.WARNING, __file__, 1, message, args, info)
    vars(record).update(extra)
    return record


def raised(say: str) -> BaseException:
    """Give an exception with a traceback."""
    try:
        raise ValueError(f"bad {say}")  # noqa: TRY301 - it is the traceback that is wanted
    except ValueError as error:
        return error


def _handle(provider: Any, record: logging.LogRecord) -> None:
    from opentelemetry.instrumentation.logging.handler import LoggingHandler

    LoggingHandler(logger_provider=provider).emit(record)


LOG_PLACES: Mapping[str, Callable[[Any, str], Any]] = {
    "body": lambda to, say: _emit(to, body=f"hello {say}"),
    "body, map": lambda to, say: _emit(to, body={"a": {"b": say}}),
    "body, list": lambda to, say: _emit(to, body=["a", [say]]),
    "body, key": lambda to, say: _emit(to, body={"a": {say: "b"}}),
    "body, bytes": lambda to, say: _emit(to, body=f"raw {say}".encode()),
    "attribute": lambda to, say: _emit(to, body="b", attributes={"note": say}),
    "attribute, nested": lambda to, say: _emit(to, body="b", attributes={"note": {"deep": [{"er": say}]}}),
    "attribute key": lambda to, say: _emit(to, body="b", attributes={f"k {say}": 1}),
    "event name": lambda to, say: _emit(to, body="b", event_name=f"user.{say}"),
    "severity text": lambda to, say: _emit(to, body="b", severity_text=f"LOUD {say}"),
    "scope name": lambda to, say: _emit_to(to.get_logger(f"lib.{say}"), body="b"),
    "scope version": lambda to, say: _emit_to(to.get_logger(_NAME, version=say), body="b"),
    "scope schema URL": lambda to, say: _emit_to(to.get_logger(_NAME, schema_url=f"https://e.org/{say}"), body="b"),
    "scope attribute": lambda to, say: _emit_to(to.get_logger(_NAME, attributes={"of": say}), body="b"),
    "logging message": lambda to, say: _handle(to, log_line(f"signed in {say}")),
    "logging argument": lambda to, say: _handle(to, log_line("signed in %s", say)),
    "logging extra": lambda to, say: _handle(to, log_line("signed in", who=say)),
    "logging exception": lambda to, say: _handle(to, log_line("it failed", error=raised(say))),
}


class Instruments:
    """The instruments that were made, each once: a name that is made again is a warning in the app's log."""

    def __init__(self, provider: Any) -> None:
        self._provider = provider
        self._made: dict[object, Any] = {}

    def of(self, make: str, key: object, scope: Mapping[str, Any] | None = None, **fields: Any) -> Any:
        """Give the instrument that stands under a key, made at the first call."""
        known = self._made.get((make, key))
        if known is None:
            meter = self._provider.get_meter(**{"name": _NAME, **(scope or {})})
            known = getattr(meter, f"create_{make}")(f"{_NAME}.{len(self._made)}", **fields)
            self._made[make, key] = known
        return known


def _observe(to: Instruments, say: str) -> None:
    to.of("observable_gauge", say, callbacks=[lambda _: [Observation(1, {"who": say})]])


def _counted(to: Instruments, say: str, scope: Mapping[str, Any] | None = None, **fields: Any) -> None:
    to.of("counter", (*fields, *(scope or ()), say), scope, **fields).add(1)


METRIC_PLACES: Mapping[str, Callable[[Instruments, str], Any]] = {
    "attribute, counter": lambda to, say: to.of("counter", "count").add(1, {"who": say}),
    "attribute, gauge": lambda to, say: to.of("gauge", "level").set(1, {"who": say}),
    "attribute, histogram": lambda to, say: to.of("histogram", "spread").record(1, {"who": (say, "b")}),
    "attribute, observed": _observe,
    "attribute key": lambda to, say: to.of("counter", "keyed").add(1, {f"seen.{say}": "x"}),
    "description": lambda to, say: _counted(to, say, description=f"of {say}"),
    "unit": lambda to, say: _counted(to, say, unit=say),
    "scope name": lambda to, say: _counted(to, say, {"name": f"lib.{say}"}),
    "scope version": lambda to, say: _counted(to, say, {"version": say}),
    "scope schema URL": lambda to, say: _counted(to, say, {"schema_url": f"https://example.org/{say}"}),
    "scope attribute": lambda to, say: _counted(to, say, {"attributes": {"of": say}}),
}

OUTPUT_PLACES: Mapping[str, Callable[[logging.Handler, str], Any]] = {
    "message": lambda to, say: to.handle(log_line(f"signed in {say}")),
    "argument": lambda to, say: to.handle(log_line("signed in %s", say)),
    "exception": lambda to, say: to.handle(log_line("it failed", error=raised(say))),
}

KEYS = ("password", "user.password", "x-api-token", "client_secret", "Authorization", "ssn")
KEYED_PLACES: Mapping[str, Mapping[str, Callable[[Any, str, str], Any]]] = {
    "span": {
        "attribute, by its key": lambda to, key, value: _end(_span(to), "set_attribute", key, value),
        "event attribute, by its key": lambda to, key, value: _end(_span(to), "add_event", "sent", {key: value}),
    },
    "log": {
        "attribute, by its key": lambda to, key, value: _emit(to, body="b", attributes={key: value}),
        "body, by its key": lambda to, key, value: _emit(to, body={"form": {key: value}}),
    },
    "metric": {
        "attribute, by its key": lambda to, key, value: to.of("counter", "by key").add(1, {key: value}),
    },
}
