"""What telemetry there is in the process: providers, processors, readers, exporters, and which net guards each."""

from __future__ import annotations

import gc
import weakref
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from opentelemetry import _logs, metrics, trace
from opentelemetry.sdk._logs import LoggerProvider, LogRecordProcessor
from opentelemetry.sdk._logs.export import LogRecordExporter
from opentelemetry.sdk._shared_internal import BatchProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricExporter, MetricReader
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SpanExporter

from discreet.guard import arming
from discreet.guard.batches import CleanExporter
from discreet.guard.dispatch import each_processor
from discreet.guard.nets import REDACTING, SHUT, dispatch_net, is_redacting, worker_net
from discreet.guard.parts import clean_text
from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

OWN: weakref.WeakSet[Any] = weakref.WeakSet()
"""Providers of the probe's own, which are not the app's."""


class Part(NamedTuple):
    """One part of the process's telemetry.

    Attributes:
        role: ``provider``, ``processor``, ``reader`` or ``exporter``.
        signal: ``span``, ``log`` or ``metric``.
        type: Module and class.
        provider: Number of the provider it belongs to, from 1; 0 for a part that belongs to none.
        in_force: Whether a provider is the global one.
        endpoint: Where an exporter sends, without user, password, query and headers; empty where that is not known.
        net: By what it is guarded; empty if it is not.
    """

    role: str
    signal: str
    type: str
    provider: int
    in_force: bool
    endpoint: str
    net: str


class _Signal(NamedTuple):
    """How one signal's parts are recognised.

    Attributes:
        api: The API's class of a provider.
        sdk: The SDK's.
        current: Gives the global provider.
        roles: The SDK's class of each role beneath a provider.
        dispatcher: The provider's attribute that every record passes.
        methods: The dispatcher's methods that must be the guard's.
        fronted: The class whose maker puts a front before a dispatcher that is not the SDK's, if the guard has that.
    """

    api: type
    sdk: type
    current: Callable[[], Any]
    roles: dict[type, str]
    dispatcher: str
    methods: tuple[str, ...]
    fronted: str


SIGNALS: dict[str, _Signal] = {
    "span": _Signal(
        trace.TracerProvider, TracerProvider, trace.get_tracer_provider,
        {SpanProcessor: "processor", SpanExporter: "exporter"},
        "_active_span_processor", ("on_start", "_on_ending", "on_end"), "Tracer",
    ),
    "log": _Signal(
        _logs.LoggerProvider, LoggerProvider, _logs.get_logger_provider,
        {LogRecordProcessor: "processor", LogRecordExporter: "exporter"},
        "_multi_log_record_processor", ("on_emit",), "Logger",
    ),
    "metric": _Signal(
        metrics.MeterProvider, MeterProvider, metrics.get_meter_provider,
        {MetricReader: "reader", MetricExporter: "exporter"},
        "_measurement_consumer", ("consume_measurement",), "",
    ),
}  # fmt: skip

_ROLES = {
    kind: (signal, role) for signal, row in SIGNALS.items() for kind, role in {row.api: "provider", **row.roles}.items()
}
_THROUGH = (BatchProcessor, CleanExporter)
"""Parts that only hold others."""

_API = ("opentelemetry.trace", "opentelemetry._logs", "opentelemetry.metrics")
"""Where the stand-ins live that export nothing."""


_MOST = 64
_DEEPEST = 8


def inventory(*, everywhere: bool = True) -> list[Part]:
    """Give every part, each provider before what belongs to it; last, exporters and readers that belong to none.

    Args:
        everywhere: Look through all objects of the process (some 50 ms); else the global providers only.
    """
    look = _Look()
    found = list(look.things()) if everywhere else []
    providers = [thing for thing in found if look.role(thing) == "provider"]
    for row in SIGNALS.values():
        provider = row.current()
        if not _is_stand_in(provider) and not any(provider is one for one in providers):
            providers.append(provider)
    parts: list[Part] = []
    number = 0
    for provider in providers:
        belongings = list(look.belongings(provider, number + 1))
        if not any(provider is one for one in OWN):
            number += 1
            parts += belongings
    return parts + [look.part(thing, 0, False, "") for thing in found if look.is_stray(thing)]


def endpoint_of(exporter: Any) -> str:
    """Give where an exporter sends: scheme, host, port and path, redacted; without user, password and query."""
    try:
        given = exporter._endpoint
        url = urlsplit(given if "//" in given else f"//{given}")
        host = f"{url.hostname}:{url.port}" if url.port else url.hostname or ""
        return clean_text(f"{url.scheme}://{host}{url.path}".removeprefix("://"), set(), current())
    except Exception:
        return ""


def twice(parts: Iterable[Part]) -> list[Part]:
    """Give one exporter for each endpoint to which one provider sends its records more than once."""
    exporters = [part for part in parts if part.role == "exporter" and part.endpoint and part.provider]
    seen = Counter((part.provider, part.endpoint) for part in exporters)
    last = {(part.provider, part.endpoint): part for part in exporters}
    return [part for place, part in last.items() if seen[place] > 1]


class _Look:
    """One look through the process."""

    def __init__(self) -> None:
        self._kinds: dict[int, tuple[str, str]] = {}
        self._seen: set[int] = set()
        armed = {(point.owner, point.name) for point, _ in arming.in_place()}
        self._collection = ("MetricReaderStorage", "collect") in armed

    def kind(self, thing: Any) -> tuple[str, str]:
        """Give signal and role of an object; empty texts for what is no part. Asks nothing but its class."""
        cls = type(thing)
        known = self._kinds.get(id(cls))
        if known is None:
            try:
                known = next((_ROLES[base] for base in cls.__mro__ if base in _ROLES), ("", ""))
            except Exception:
                known = ("", "")
            self._kinds[id(cls)] = known
        return known

    def role(self, thing: Any) -> str:
        """Give the role of an object; the empty text for what is no part."""
        return self.kind(thing)[1]

    def things(self) -> Iterator[Any]:
        """Give every part that the garbage collector knows."""
        for thing in gc.get_objects():
            if self.role(thing) and not _is_stand_in(thing):
                yield thing

    def is_stray(self, thing: Any) -> bool:
        """Say whether a part that could send is held by no provider."""
        return self.role(thing) in ("exporter", "reader") and id(thing) not in self._seen

    def part(self, thing: Any, provider: int, in_force: bool, net: str) -> Part:
        """Give the row of an object."""
        signal, role = self.kind(thing)
        cls = type(thing)
        name = f"{cls.__module__}.{cls.__qualname__}"
        return Part(role or "processor", signal, name, provider, in_force, endpoint_of(thing), net)

    def belongings(self, provider: Any, number: int) -> Iterator[Part]:
        """Give a provider's row, and those of all it holds."""
        signal, _ = self.kind(provider)
        row = SIGNALS[signal]
        in_force = row.current() is provider
        if row.sdk not in type(provider).__mro__:
            held = [one for one in _values(provider) if row.sdk in type(one).__mro__]
            yield self.part(provider, number, in_force, "the SDK's provider that it holds" if held else "")
            return
        dispatcher = getattr(provider, row.dispatcher, None)
        net = dispatch_net(signal, dispatcher, row.methods, row.fronted)
        first = [list(self._held(thing, signal, number, own, 0)) for thing, own in self._first(row, dispatcher, net)]
        by_itself = not net and first and all(rows and rows[0].net.startswith(REDACTING) for rows in first)
        yield self.part(provider, number, in_force, f"{REDACTING}s" if by_itself else net)
        for rows in first:
            yield from rows

    def _first(self, row: _Signal, dispatcher: Any, net: str) -> Iterator[tuple[Any, str]]:
        """Give what a dispatcher hands records to, each with its net."""
        storages = getattr(dispatcher, "_reader_storages", None)
        if storages is not None:
            collected = "before aggregation and at collection" if net and self._collection else ""
            yield from ((reader, SHUT if net == SHUT else collected) for reader in list(storages))
            return
        if net == "front":
            yield dispatcher, "clean copy, by a front"
            return
        held = getattr(dispatcher, "_span_processors", None) or getattr(dispatcher, "_log_record_processors", None)
        copy = "clean copy" if net == "dispatch" else net
        for processor, adopted in each_processor(tuple(held or (dispatcher,))):
            yield processor, SHUT if net == SHUT else worker_net(processor, row.methods) if adopted else copy

    def _held(self, thing: Any, signal: str, number: int, net: str, depth: int) -> Iterator[Part]:
        """Give the row of a part and of those within it; a batch processor cleans for its exporter by itself."""
        if id(thing) in self._seen or depth > _DEEPEST:
            return
        self._seen.add(id(thing))
        if is_redacting(thing):
            net = net or REDACTING
        if isinstance(thing, BatchProcessor):
            net = net or worker_net(thing)
        elif not isinstance(thing, CleanExporter):
            yield self.part(thing, number, False, net)._replace(signal=signal)
        for one in _values(thing):
            if self.role(one) not in ("", "provider") or type(one) in _THROUGH:
                yield from self._held(one, signal, number, net, depth + 1)


def _values(thing: Any) -> Iterator[Any]:
    """Give what an object holds, also in short lists."""
    for value in list(getattr(thing, "__dict__", {}).values()):
        if type(value) in (list, tuple):
            yield from value[:_MOST]
        else:
            yield value


def _is_stand_in(thing: Any) -> bool:
    """Say whether this is one of the API's providers, which export nothing."""
    return type(thing).__module__.startswith(_API)
