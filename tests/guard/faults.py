"""Faults put into functions of ours, whoever holds them, and records with a value at every place of every signal."""

from __future__ import annotations

import importlib
import inspect
import io
import logging
import pkgutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

from opentelemetry import baggage, propagate, trace
from opentelemetry.instrumentation.logging.handler import LoggingHandler
from opentelemetry.metrics import Observation
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
from opentelemetry.trace import Link, SpanContext, Status, StatusCode, TraceFlags, TraceState

import discreet
from discreet.guard import parts, proven
from discreet.policy import compiled
from tests.guard.memory import CARD, Kept, logged, measured

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGES = (
    "discreet.guard",
    "discreet.redaction",
    "discreet.classification",
    "discreet.detectors",
    "discreet.context",
    "discreet.metrics",
    "discreet.policy",
)

ERRORS = (RuntimeError, MemoryError, RecursionError, ValueError, KeyError, OSError)
"""What a fault may be."""


def functions() -> dict[str, FunctionType]:
    """Give every function and method of the packages by its qualified name."""
    found: dict[str, FunctionType] = {}
    for info in pkgutil.walk_packages(discreet.__path__, "discreet."):
        if info.name.startswith(PACKAGES):
            module = importlib.import_module(info.name)
            for holder in (module, *(item for item in vars(module).values() if inspect.isclass(item))):
                for item in vars(holder).values():
                    function = _function(item)
                    if function is not None and function.__module__ == info.name:
                        found[f"{info.name}.{function.__qualname__}"] = function
    return found


def _function(item: object) -> FunctionType | None:
    if isinstance(item, property):
        item = item.fget
    item = getattr(item, "__func__", item)  # static and class methods
    item = getattr(item, "__wrapped__", item)  # what lru_cache holds
    return item if isinstance(item, FunctionType) else None


@dataclass
class Fault:
    """What a function raises, at which of its calls; all of them by default.

    Attributes:
        error: Class of what is raised.
        only: The number of the one call that fails, from 1 on.
        calls: How often the function was called.
    """

    error: type[BaseException] = RuntimeError
    only: int | None = None
    calls: int = field(default=0)

    def __call__(self) -> bool:
        """Raise, or say that the function itself is to go on."""
        self.calls += 1
        if self.only is None or self.calls == self.only:
            raise self.error("injected fault")
        return True


_places: dict[FunctionType, _Place] = {}
"""Kept once made: another thread may be on its way through the code still."""


@dataclass
class _Place:
    """A function that can be made to fail: the fault in force, what the function did before, the code that asks."""

    original: FunctionType
    code: CodeType
    fault: Fault | None = None


def _pass(place: _Place, args: Any, kwargs: Any) -> Any:
    fault = place.fault
    if fault is not None:
        fault()
    return place.original(*args, **kwargs)


def _place(function: FunctionType) -> _Place:
    if function not in _places:
        original = FunctionType(
            function.__code__, function.__globals__, function.__name__, function.__defaults__, function.__closure__
        )
        original.__kwdefaults__ = function.__kwdefaults__
        _places[function] = _Place(original, _code(function, len(_places)))
        _numbered.append(_places[function])
    return _places[function]


_numbered: list[_Place] = []


def _code(function: FunctionType, number: int) -> CodeType:
    """Give code that asks the fault, then goes on as the function did; its free variables are the function's."""
    free = function.__code__.co_freevars
    source = "\n".join(
        [
            f"def outer({', '.join(free)}):",
            "    def faulty(*args, **kwargs):",
            "        from tests.guard.faults import _numbered, _pass",
            f"        return _pass(_numbered[{number}], args, kwargs)",
            f"        {'; '.join(free) or 'pass'}",
            "    return faulty",
        ]
    )
    space: dict[str, Any] = {}
    exec(source, space)
    code: CodeType = space["outer"](*[None] * len(free)).__code__
    return code.replace(co_name=function.__name__, co_filename=function.__code__.co_filename)


@contextmanager
def faulty(function: FunctionType, fault: Fault) -> Iterator[Fault]:
    """Put a fault into a function: its code is replaced, so that whoever holds the function meets it."""
    place = _place(function)
    place.fault, function.__code__ = fault, place.code
    try:
        yield fault
    finally:
        place.fault, function.__code__ = None, place.original.__code__


def forget() -> None:
    """Forget what is remembered as clean, so that everything is looked at again."""
    if compiled._in_force is not None:  # not by `current`, which may be what fails
        compiled._in_force.redactor._clean.clear()
        compiled._in_force.redactor._answers._known.clear()
    proven._held.pairs.clear()
    proven._held.pairs_of_calls.clear()
    parts._resources._held[1].clear()
    parts._scopes._held[1].clear()


class Watching(SpanProcessor):
    """A processor of the app's own: reads a span at its start, before its end and after it."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def on_start(self, span: Any, parent_context: Any = None) -> None:
        self.seen.append(f"{span.name} {dict(span.attributes)}")

    def _on_ending(self, span: Any) -> None:
        self.seen.append(f"{span.name} {dict(span.attributes)}")

    def on_end(self, span: Any) -> None:
        self.seen.append(everything(span))


class Pipes:
    """Providers with processors of every sort, and what comes out of them."""

    def __init__(self, dirty: str, clean: str = "north") -> None:
        self.dirty, self.clean = dirty, clean
        self.watching = Watching()
        self.spans, self.simple_spans, self.simple_logs = Kept(), Kept(), Kept()
        self.tracers = TracerProvider(resource=Resource({"owner": dirty}), shutdown_on_exit=False)
        batch = BatchSpanProcessor(self.spans)
        for processor in (SimpleSpanProcessor(self.simple_spans), batch, self.watching):
            self.tracers.add_span_processor(processor)
        self.loggers, self.logs = logged()
        self.loggers.add_log_record_processor(SimpleLogRecordProcessor(self.simple_logs))  # type: ignore[arg-type]
        self.meters, self.reader = measured()
        meter = self.meters.get_meter(f"meter.{dirty}")
        self.counter = meter.create_counter(f"count of {dirty}"[:8].replace(" ", "."))
        self.histogram = meter.create_histogram("size", unit="By", description=f"of {dirty}")
        meter.create_observable_gauge(
            "level", [lambda _: [Observation(1, {"to": dirty}), Observation(2, {"to": clean})]]
        )
        self.handler = LoggingHandler(logger_provider=self.loggers)
        self.stream = io.StringIO()
        self.text = logging.StreamHandler(self.stream)
        self.carriers: list[dict[str, str]] = []
        self.metrics: Any = None
        self.logger = logging.Logger("app.faults")
        self.logger.addHandler(self.text)
        self.logger.addHandler(self.handler)

    def one(self, value: str) -> None:
        """Emit one record of each signal with the value at every place."""
        number = CARD if "@" in value else "7"
        state = TraceState([("vendor", "x"), ("tenant", number)])
        linked = SpanContext(1, 1, False, TraceFlags(1), state)
        tracer = self.tracers.get_tracer(f"lib.{value}", value)
        with tracer.start_as_current_span(f"GET /{value}", links=[Link(linked, {"to": value})]) as span:
            span.set_attribute("note", value)
            span.set_attribute(f"key {value}", ["a", value, {"b": value}])
            span.set_attribute("password", value)
            span.add_event(f"for {value}", {"to": value})
            span.record_exception(ValueError(f"no {value}"))
            span.set_status(Status(StatusCode.ERROR, f"no {value}"))
            self.logger.warning("order of %s", value, extra={"who": value})
            carrier: dict[str, str] = {}
            propagate.inject(carrier, baggage.set_baggage("who", value, trace.set_span_in_context(span)))
            self.carriers.append(carrier)
        self.loggers.get_logger(f"lib.{value}").emit(
            body={"a": [value, {"deep": value.encode(), "password": value}], "n": int(number)},
            attributes={"to": value, "nested": {"a": [value]}},
            event_name=f"event of {value}",
            severity_text=value,
        )
        self.counter.add(1, {"to": value, "list": ["a", value]})
        self.histogram.record(5, {"to": value})

    def flush(self) -> None:
        """Export everything."""
        self.tracers.force_flush()
        self.loggers.force_flush()
        self.metrics = self.reader.get_metrics_data()

    def close(self) -> None:
        """Stop the workers."""
        self.tracers.shutdown()
        self.loggers.shutdown()
        self.meters.shutdown()

    def places(self) -> dict[str, list[str]]:
        """Give by place what came out there, without ids and times, so that two runs compare."""
        return {
            "batch spans": [_shape(span) for span in self.spans.records],
            "simple spans": [_shape(span) for span in self.simple_spans.records],
            "batch logs": [_log_shape(record) for record in self.logs.records],
            "simple logs": [_log_shape(record) for record in self.simple_logs.records],
            "headers": [
                str(sorted(carrier.items() - {("traceparent", carrier.get("traceparent"))}))
                for carrier in self.carriers
            ],
            "text": [line.partition(" trace_id=")[0] for line in self.stream.getvalue().splitlines()],
        }

    def out(self) -> str:
        """Give everything that came out anywhere, as text."""
        records = [*self.spans.records, *self.simple_spans.records]
        logs = [*self.logs.records, *self.simple_logs.records]
        return "\n".join(
            [
                *map(everything, records),
                *(f"{record!r} {vars(record.log_record)} {record.resource.attributes}" for record in logs),
                *self.watching.seen,
                repr(self.metrics),
                *map(repr, self.carriers),
                self.stream.getvalue(),
            ]
        )


def everything(span: Any) -> str:
    """Give all that a span holds as text."""
    links = [(link.context.trace_state, dict(link.attributes or {})) for link in span.links]
    return f"{span.to_json()} {links} {span.instrumentation_scope!r} {span.parent} {vars(span)!r}"


def _shape(span: Any) -> str:
    events = [(event.name, dict(event.attributes or {})) for event in span.events]
    links = [(list(link.context.trace_state.items()), dict(link.attributes or {})) for link in span.links]
    held = (span.name, dict(span.attributes), events, links, span.status.description, span.instrumentation_scope.name)
    return repr((*held, dict(span.resource.attributes)))


def _log_shape(record: Any) -> str:
    log = record.log_record
    return repr((log.body, dict(log.attributes), log.event_name, log.severity_text, record.instrumentation_scope.name))
