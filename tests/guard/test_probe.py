"""Canaries of every kind at every place: what leaves is said, what is kept is not, and the app is left alone."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest
from opentelemetry import baggage, context, propagate
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.sdk._logs import _internal as sdk_logs
from opentelemetry.sdk._shared_internal import BatchProcessor
from opentelemetry.sdk.metrics._internal.measurement_consumer import SynchronousMeasurementConsumer
from opentelemetry.sdk.metrics._internal.metric_reader_storage import MetricReaderStorage
from opentelemetry.sdk.trace import SynchronousMultiSpanProcessor, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from discreet import guard
from discreet.detectors import DETECTORS
from discreet.guard import probe as probing
from discreet.guard.canaries import KINDS, canary
from discreet.guard.pipelines import WAYS, load_encoders
from discreet.guard.probe import Outcome, probe
from discreet.metrics import COUNTS
from discreet.policy import Policy, put_in_force, resolve
from tests.guard.memory import logged, measured, points, traced

pytestmark = pytest.mark.seams


@pytest.fixture(autouse=True)
def _anew() -> None:
    writers = [TraceContextTextMapPropagator(), W3CBaggagePropagator()]
    propagate.set_global_textmap(CompositePropagator(writers))  # the default, which other tests may have replaced
    probing._pipelines.clear()
    load_encoders()
    guard.install()


def results(outcomes: list[Outcome]) -> dict[str, set[str]]:
    """Give the results by signal."""
    found: dict[str, set[str]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.signal, set()).add(outcome.result)
    return found


def leaks(outcomes: list[Outcome]) -> set[tuple[str, str]]:
    """Give signal and net of what leaves."""
    return {(outcome.signal, outcome.net) for outcome in outcomes if outcome.result == "LEAKS"}


def put(**settings: Any) -> None:
    given, problems = resolve(arguments=settings)
    assert not problems
    put_in_force(Policy.compiled(given))


def test_with_the_guard_nothing_leaves() -> None:
    """Every way out was asked, with every kind, and gives markers."""
    outcomes = probe()
    assert {(outcome.signal, outcome.net) for outcome in outcomes} == set(WAYS)
    assert {outcome.kind for outcome in outcomes} >= set(KINDS)
    assert results(outcomes) == {
        "span": {"redacted", "clean"},
        "log": {"redacted"},
        "metric": {"redacted", "nothing"},
        "headers": {"clean", "nothing"},
        "output": {"redacted"},
    }


def test_without_the_guard_everything_leaves() -> None:
    """The canaries are those that would leave: by every way, each place and kind that the SDK takes."""
    guard.uninstall()
    outcomes = probe()
    assert leaks(outcomes) == set(WAYS)
    assert results(outcomes).keys() == {"span", "log", "metric", "headers", "output"}
    kept = Counter(outcome.place for outcome in outcomes if outcome.result != "LEAKS")
    whole = Counter(outcome.place for outcome in outcomes)
    assert {place for place, number in kept.items() if number == whole[place]} == set()


REPLACED: tuple[tuple[Any, str, set[tuple[str, str]]], ...] = (
    (SynchronousMultiSpanProcessor, "on_end", {("span", "simple processor"), ("span", "other processor")}),
    (SynchronousMultiSpanProcessor, "on_start", {("span", "other processor")}),
    (sdk_logs.SynchronousMultiLogRecordProcessor, "on_emit", {("log", "simple processor"), ("log", "other processor")}),
    (Tracer, "__init__", {("span", "front")}),
    (sdk_logs.Logger, "__init__", {("log", "front")}),
    (BatchProcessor, "_export", {("span", "batch worker"), ("log", "batch worker")}),
    (MetricReaderStorage, "collect", {("metric", "reader")}),
)


@pytest.mark.parametrize(("owner", "name", "found"), REPLACED, ids=lambda it: it if isinstance(it, str) else "")
def test_a_point_that_was_put_back_leaks_where_it_guards(
    owner: Any, name: str, found: set[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each point that somebody puts back to the SDK's own opens the ways that pass it, and those only."""
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, getattr(owner, name).__wrapped__)
        assert leaks(probe()) == found


def test_measurements_that_pass_raw_are_merged_clean_at_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two nets behind one another, one alone lets nothing out."""
    owner: Any = SynchronousMeasurementConsumer
    with monkeypatch.context() as patch:
        patch.setattr(owner, "consume_measurement", owner.consume_measurement.__wrapped__)
        assert not leaks(probe())


def test_a_mended_guard_is_found_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a leak stays in the probe's own pipelines."""
    with monkeypatch.context() as patch:
        patch.setattr(MetricReaderStorage, "collect", MetricReaderStorage.collect.__wrapped__)  # type: ignore[attr-defined]
        assert leaks(probe())
    assert not leaks(probe())


def test_kinds_that_the_policy_keeps_are_no_leak() -> None:
    """Those that are not looked for, and output that is off."""
    put(detectors=["card"], output="off")
    outcomes = probe()
    assert not leaks(outcomes)
    kept = {(outcome.signal, outcome.kind) for outcome in outcomes if outcome.result == "kept by policy"}
    assert ("span", "email") in kept
    assert ("span", "card") not in kept
    assert ("output", "card") in kept


def test_every_canary_is_another_and_of_a_kind_that_is_detected() -> None:
    """So that one found in the bytes names its place; the kinds are the detectors', and a key's value."""
    secrets = [canary(kind, number).secret for kind in KINDS for number in range(0, 10_000, 7)]
    assert len(secrets) == len(set(secrets))
    assert {*KINDS} - {"password"} <= {row.kind for row in DETECTORS}


def test_nothing_is_counted_or_exported_and_the_context_is_left_alone() -> None:
    """The app's providers, counts, baggage and threads are as if nobody had asked."""
    tracers, spans = traced()
    loggers, logs = logged()
    meters, reader = measured()
    meters.get_meter("app").create_counter("app.c").add(1)
    COUNTS.reset()
    before = COUNTS.snapshot()
    token = context.attach(baggage.set_baggage("tenant", "north"))
    probe()
    assert baggage.get_all() == {"tenant": "north"}
    context.detach(token)
    tracers.force_flush()
    loggers.force_flush()
    assert spans.records == logs.records == []
    assert set(points(reader)) == {"app.c"}
    assert COUNTS.snapshot() == before


def test_others_are_counted_meanwhile() -> None:
    """Only the thread of the probe is set aside."""
    COUNTS.reset()
    with COUNTS.aside():
        COUNTS.redacted(["email"])
        COUNTS.overflowed()
        other = threading.Thread(target=COUNTS.redacted, args=(["card"],))
        other.start()
        other.join()
    snapshot = COUNTS.snapshot()
    assert snapshot["redactions"] == {("card",): 1}
    assert snapshot["overflow"] == {(): 0}
    COUNTS.reset()


def test_probing_again_and_from_many_threads() -> None:
    """The pipelines are made once, and the findings are the same."""
    first, found = probe(), []
    threads = [threading.Thread(target=lambda: found.append(probe())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [first] * 3
