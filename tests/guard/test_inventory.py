"""What the process has is named, each with the net that guards it, or with none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs import _internal as sdk_logs
from opentelemetry.sdk._shared_internal import BatchProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import (
    ConcurrentMultiSpanProcessor,
    SpanProcessor,
    SynchronousMultiSpanProcessor,
    Tracer,
    TracerProvider,
)
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

from discreet import RedactingSpanProcessor, guard
from discreet.guard import closing
from discreet.guard.inventory import Part, endpoint_of, inventory, twice
from tests.guard.memory import Kept, logged, measured, traced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.seams


class Raw(SpanProcessor):
    """A multi processor of the app's own."""

    def on_end(self, span: Any) -> None:
        """Do nothing."""


def parts_of(provider: Any) -> list[Part]:
    """Give what is said of one provider and what it holds."""
    return _look(provider)


def _look(provider: Any) -> list[Part]:
    """Other tests' providers may be about: those of this one are told by its number."""
    from discreet.guard.inventory import _Look

    return list(_Look().belongings(provider, 1))


def rows(provider: Any) -> list[tuple[str, str, str]]:
    """Give role, last name of the type and net of each part."""
    return [(part.role, part.type.rpartition(".")[2], part.net) for part in parts_of(provider)]


@pytest.fixture
def processor() -> Iterator[BatchSpanProcessor]:
    made = BatchSpanProcessor(Kept())
    yield made
    made.shutdown()  # type: ignore[no-untyped-call]


def test_the_parts_of_three_signals() -> None:
    """Provider, processor or reader, and exporter of each, with its net."""
    guard.install()
    assert rows(traced()[0]) == [
        ("provider", "TracerProvider", "dispatch"),
        ("processor", "BatchSpanProcessor", "batch worker"),
        ("exporter", "Kept", "batch worker"),
    ]
    assert rows(logged()[0])[:2] == [
        ("provider", "LoggerProvider", "dispatch"),
        ("processor", "BatchLogRecordProcessor", "batch worker"),
    ]
    assert rows(measured()[0]) == [
        ("provider", "MeterProvider", "dispatch"),
        ("reader", "InMemoryMetricReader", "before aggregation and at collection"),
    ]


def test_without_the_guard_nothing_has_a_net() -> None:
    """Every part is named all the same."""
    for provider in (traced()[0], logged()[0], measured()[0]):
        found = parts_of(provider)
        assert len(found) > 1
        assert {part.net for part in found} == {""}


def test_other_processors_are_handed_a_clean_copy(processor: BatchSpanProcessor) -> None:
    """A simple processor, one of the app's own, and one in a concurrent multi processor."""
    guard.install()
    provider = TracerProvider(shutdown_on_exit=False, active_span_processor=ConcurrentMultiSpanProcessor(2))
    for one in (SimpleSpanProcessor(Kept()), Raw(), processor):
        provider.add_span_processor(one)
    assert rows(provider) == [
        ("provider", "TracerProvider", "dispatch"),
        ("processor", "SimpleSpanProcessor", "clean copy"),
        ("exporter", "Kept", "clean copy"),
        ("processor", "Raw", "clean copy"),
        ("processor", "BatchSpanProcessor", "batch worker"),
        ("exporter", "Kept", "batch worker"),
    ]


def test_a_front_stands_before_a_multi_processor_of_the_apps_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """And where tracers are made without it, the provider has no net."""
    guard.install()
    provider = TracerProvider(shutdown_on_exit=False, active_span_processor=Raw())  # type: ignore[arg-type]
    assert rows(provider) == [
        ("provider", "TracerProvider", "front"),
        ("processor", "Raw", "clean copy, by a front"),
    ]
    with monkeypatch.context() as patch:
        patch.setattr(Tracer, "__init__", Tracer.__init__.__wrapped__)  # type: ignore[attr-defined]
        assert {net for *_, net in rows(provider)} == {""}


def test_a_front_stands_before_a_log_multi_processor_of_the_apps_own() -> None:
    """The same for log records."""
    guard.install()

    class RawLog(sdk_logs.SynchronousMultiLogRecordProcessor):
        def on_emit(self, log_record: Any) -> None:
            """Do nothing."""

    made = RawLog()  # type: ignore[no-untyped-call]
    assert rows(LoggerProvider(shutdown_on_exit=False, multi_log_record_processor=made))[0][2] == "front"


TAMPERINGS: dict[str, Callable[[pytest.MonkeyPatch, BatchSpanProcessor], None]] = {
    "the processor's method": lambda patch, one: patch.setattr(one, "on_end", print),
    "its class's method": lambda patch, _one: patch.setattr(BatchSpanProcessor, "on_end", lambda *_: None),
    "its queue's method": lambda patch, one: patch.setattr(one._batch_processor, "emit", print),
    "its worker": lambda patch, one: patch.setattr(one._batch_processor, "_export", print),
    "every worker": lambda patch, _one: patch.setattr(BatchProcessor, "_export", lambda *_: None),
}


@pytest.mark.parametrize("tampering", TAMPERINGS.values(), ids=TAMPERINGS)
def test_a_batch_processor_that_was_tampered_with_has_no_net(
    tampering: Callable[[pytest.MonkeyPatch, BatchSpanProcessor], None],
    processor: BatchSpanProcessor,
) -> None:
    """Raw spans wait in it, so whatever stands in the SDK's place there reads them."""
    guard.install()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(processor)
    assert rows(provider)[1] == ("processor", "BatchSpanProcessor", "batch worker")
    with pytest.MonkeyPatch.context() as patch:
        tampering(patch, processor)
        assert rows(provider)[1] == ("processor", "BatchSpanProcessor", "")


def test_a_dispatch_that_was_replaced_is_no_net(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the class or on the object: nothing cleans for the processors behind it, save a batch processor's worker."""
    guard.install()
    provider, _ = traced()
    provider.add_span_processor(Raw())
    with monkeypatch.context() as patch:
        patch.setattr(SynchronousMultiSpanProcessor, "on_end", lambda *_: None)
        assert [net for *_, net in rows(provider)] == ["", "batch worker", "batch worker", ""]
    assert rows(provider)[0][2] == "dispatch"


def test_redacting_processors_are_a_net_by_themselves() -> None:
    """Where the guard is not armed, what they hand on is clean, and the provider has no other way out."""
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(RedactingSpanProcessor(SimpleSpanProcessor(Kept())))
    assert rows(provider) == [
        ("provider", "TracerProvider", "redacting processors"),
        ("processor", "RedactingSpanProcessor", "redacting processor"),
        ("processor", "SimpleSpanProcessor", "redacting processor"),
        ("exporter", "Kept", "redacting processor"),
    ]
    provider.add_span_processor(Raw())
    assert rows(provider)[0][2] == ""


def test_a_signal_that_is_shut_is_said_to_be() -> None:
    """Nothing of it leaves, whatever the parts are."""
    guard.install()
    closing.shut("metric")
    assert [net for *_, net in rows(measured()[0])] == ["shut: nothing of it leaves"] * 2
    closing.reopen()


def test_a_provider_that_is_not_the_sdks() -> None:
    """Nothing is known of it, unless it holds the SDK's."""

    class Theirs(trace.NoOpTracerProvider):
        """A provider of somebody's."""

    class Proxy(Theirs):
        def __init__(self) -> None:
            self.inner = TracerProvider(shutdown_on_exit=False)

    guard.install()
    assert [part.net for part in parts_of(Theirs())] == [""]
    assert [part.net for part in parts_of(Proxy())] == ["the SDK's provider that it holds"]


def test_everything_in_the_process_is_found() -> None:
    """Providers that are nobody's global one, and an exporter that no provider holds."""
    guard.install()
    provider, reader = traced()[0], InMemoryMetricReader()
    meters, stray = MeterProvider([reader], shutdown_on_exit=False), Kept()
    found = inventory()
    numbers = {part.provider for part in found if part.role == "provider"}
    assert len(numbers) == len([part for part in found if part.role == "provider"]) >= 2
    assert any(part.provider == 0 and part.type.endswith("Kept") for part in found)
    assert any(part.role == "reader" and part.type.endswith("InMemoryMetricReader") for part in found)
    del provider, meters, stray


@pytest.mark.parametrize(
    ("given", "endpoint"),
    [
        ("http://localhost:4318/v1/traces", "http://localhost:4318/v1/traces"),
        (
            "https://user:hunter2@collector.example.org/v1/traces?token=hunter3",
            "https://collector.example.org/v1/traces",
        ),
    ],
)
def test_endpoints_are_named_without_what_is_private(given: str, endpoint: str) -> None:
    """No user, password and query."""
    assert endpoint_of(OTLPSpanExporter(endpoint=given)) == endpoint


def test_an_exporter_without_an_endpoint() -> None:
    """Nothing is made up."""
    assert endpoint_of(Kept()) == ""


def test_what_leaves_twice_is_named() -> None:
    """Two exporters of one provider to one endpoint; not two providers that send there."""
    place = "http://localhost:4318/v1/traces"
    one, other = TracerProvider(shutdown_on_exit=False), TracerProvider(shutdown_on_exit=False)
    for provider in (one, other):
        provider.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter(endpoint=place)))
    assert not twice([*parts_of(one), *(part._replace(provider=2) for part in parts_of(other))])
    one.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter(endpoint=place)))
    assert [part.endpoint for part in twice(parts_of(one))] == [place]
