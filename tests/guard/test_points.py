"""Each private name of OpenTelemetry that the guard replaces, one by one, at both ends of the supported range."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.attributes import BoundedAttributes
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs import _internal as sdk_logs
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ConcurrentMultiSpanProcessor, SynchronousMultiSpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
from opentelemetry.sdk.util import BoundedList

from discreet import guard
from discreet.guard.egress import exporter_of
from discreet.guard.points import POINTS, Point
from tests.guard.memory import Kept

pytestmark = pytest.mark.seams

GUARD = Path(guard.__file__).parent


def _owner(point: Point) -> Any:
    module = importlib.import_module(point.module)
    return getattr(module, point.owner) if point.owner else module


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point.owner or point.module}.{point.name}")
def test_the_name_exists_and_is_armed(point: Point) -> None:
    """Each name of the table exists in this OpenTelemetry, is replaced by install and put back by uninstall."""
    before = getattr(_owner(point), point.name)
    guard.install()
    assert getattr(_owner(point), point.name).__wrapped__ is before
    guard.uninstall()
    assert getattr(_owner(point), point.name) is before


def test_arming_twice_wraps_once() -> None:
    """Installing again changes nothing."""
    guard.install()
    once = [getattr(_owner(point), point.name) for point in POINTS]
    guard.install()
    assert [getattr(_owner(point), point.name) for point in POINTS] == once
    assert guard.armed()


def test_a_point_replaced_by_somebody_else_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """When a later patch takes a point from the guard, the guard says which."""
    guard.install()
    point = POINTS[2]
    with monkeypatch.context() as patch:
        patch.setattr(_owner(point), point.name, lambda *_: None)
        assert guard.unguarded() == [point]
        assert not guard.armed()
    assert guard.armed()


def test_a_missing_point_is_said(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """A name that this OpenTelemetry lacks is said with its signal, and the other points are armed."""
    missing = POINTS[0]._replace(name="no_such_method")
    monkeypatch.setattr("discreet.guard.arming.POINTS", (missing, *POINTS[1:]))
    guard.install()
    assert "not active for span" in caplog.text
    assert guard.unguarded() == [missing]


def _a_span() -> Any:
    return TracerProvider(shutdown_on_exit=False).get_tracer("t").start_span("s", attributes={"a": 1})


def _a_match() -> Any:
    reader = InMemoryMetricReader()
    provider: Any = MeterProvider([reader], shutdown_on_exit=False)
    counter = provider.get_meter("t").create_counter("c")
    counter.add(1, {"a": 1})
    (storage,) = provider._measurement_consumer._reader_storages.values()
    (match,) = storage._instrument_view_instrument_matches[counter]
    return match


def _an_aggregation() -> Any:
    (aggregation,) = _a_match()._attributes_aggregation.values()
    return aggregation


ATTRIBUTES: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    (
        "a span that ended",
        lambda: _a_span()._readable_span(),
        (
            "_attributes", "_context", "_end_time", "_events", "_instrumentation_scope", "_kind", "_links", "_name",
            "_parent", "_resource", "_start_time", "_status",
        ),
    ),
    ("a span that has not", _a_span, ("_span_processor", "_readable_span")),
    ("attributes", lambda: BoundedAttributes(4, {"a": 1}, True, 9), ("_dict", "_lock", "_immutable", "max_value_len")),
    ("attributes' count of dropped ones", lambda: BoundedAttributes(1, {"a": 1, "b": 2}), ("dropped",)),
    ("a list of events", lambda: BoundedList(2), ("dropped",)),
    (
        "a tracer",
        lambda: TracerProvider(shutdown_on_exit=False).get_tracer("t"),
        ("span_processor", "sampler", "_instrumentation_scope"),
    ),
    ("a logger", lambda: LoggerProvider(shutdown_on_exit=False).get_logger("t"), ("_multi_log_record_processor",)),
    ("the multi span processor", SynchronousMultiSpanProcessor, ("_span_processors",)),
    ("the concurrent one", ConcurrentMultiSpanProcessor, ("_span_processors",)),
    ("the multi log processor", sdk_logs.SynchronousMultiLogRecordProcessor, ("_log_record_processors",)),
    ("the concurrent one of logs", sdk_logs.ConcurrentMultiLogRecordProcessor, ("_log_record_processors",)),
    ("a view's match", _a_match, ("_attributes_aggregation", "_view")),
    ("a view", lambda: _a_match()._view, ("_attribute_keys",)),
    ("an aggregation", _an_aggregation, ("_attributes",)),
    ("a tracer provider", lambda: TracerProvider(shutdown_on_exit=False), ("_active_span_processor",)),
    ("a logger provider", lambda: LoggerProvider(shutdown_on_exit=False), ("_multi_log_record_processor",)),
    ("a meter provider", lambda: MeterProvider(shutdown_on_exit=False), ("_measurement_consumer",)),
    ("its consumer", lambda: MeterProvider(shutdown_on_exit=False)._measurement_consumer, ("_reader_storages",)),
    (
        "a batch processor",
        lambda: BatchSpanProcessor(Kept())._batch_processor,
        ("_exporting", "_queue", "_max_queue_size", "_shutdown"),
    ),
    ("an OTLP exporter", lambda: OTLPSpanExporter("http://localhost:4318/v1/traces"), ("_endpoint",)),
)  # fmt: skip
"""What the guard reads or writes of the SDK's objects beside the table of points."""


@pytest.mark.parametrize(
    ("make", "name"),
    [pytest.param(make, name, id=f"{what}: {name}") for what, make, names in ATTRIBUTES for name in names],
)
def test_the_attribute_exists(make: Any, name: str) -> None:
    """Each attribute that the guard goes by is there in this OpenTelemetry."""
    assert hasattr(make(), name)


def test_the_processors_that_the_table_reads_are_those_that_were_added() -> None:
    """The tuples of processors hold what was added, in order; a batch processor holds its exporter where ours goes."""
    spans, logs = TracerProvider(shutdown_on_exit=False), LoggerProvider(shutdown_on_exit=False)
    span_processor, log_processor = BatchSpanProcessor(Kept()), BatchLogRecordProcessor(Kept())  # type: ignore[arg-type]
    spans.add_span_processor(span_processor)
    logs.add_log_record_processor(log_processor)
    assert spans._active_span_processor._span_processors == (span_processor,)
    assert logs._multi_log_record_processor._log_record_processors == (log_processor,)
    for processor in (span_processor, log_processor):
        assert isinstance(processor._batch_processor._exporter, Kept)
        assert exporter_of(processor) is processor._batch_processor._exporter
        processor.shutdown()  # type: ignore[no-untyped-call]


def test_a_simple_processor_holds_its_exporter_where_the_ceilings_look() -> None:
    """So does what the SDK hands it."""
    kept = Kept()
    assert exporter_of(SimpleSpanProcessor(kept)) is kept
    assert exporter_of(SimpleLogRecordProcessor(kept)) is kept


def test_every_private_attribute_that_the_guard_touches_is_tested() -> None:
    """No module of the guard reads or writes a private name of somebody else's object that no test here knows."""
    ours = {name for path in GUARD.glob("*.py") for name in _own_names(ast.parse(path.read_text()))}
    known = {name for *_, names in ATTRIBUTES for name in names} | {point.name for point in POINTS}
    known |= {"_span_processors", "_log_record_processors", "_exporter"}
    known |= {"_asdict", "_replace", "_current_frames"}  # of the language: documented, though they look private
    for path in GUARD.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and re.match(r"_[a-z]", node.attr):
                assert node.attr in known | ours, f"{path.name}: {node.attr}"


def _own_names(tree: ast.Module) -> set[str]:
    """Give the private names that a module of ours defines: attributes set in its classes, functions, fields."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ClassDef):
            names |= {field.target.id for field in node.body if _is_field(field)}  # type: ignore[attr-defined]
            names |= {
                target.attr
                for inner in ast.walk(node)
                for target in _targets(inner)
                if isinstance(target, ast.Attribute) and getattr(target.value, "id", "") == "self"
            }
    return names


def _is_field(node: ast.stmt) -> bool:
    return isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return [
            part for target in node.targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])
        ]
    return [node.target] if isinstance(node, ast.AnnAssign) else []
