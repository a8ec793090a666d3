"""A strict policy raises where production withholds, for tests and CI; it never says the value."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from opentelemetry import baggage, propagate

import discreet
from discreet import guard
from discreet.metrics.counts import COUNTS
from discreet.policy import Policy, put_in_force, resolve
from discreet.redaction import Redactor
from tests.guard.memory import EMAIL, logged, measured, traced

WORKING = Redactor.attributes


@pytest.fixture(autouse=True)
def _strict(monkeypatch: pytest.MonkeyPatch) -> None:
    guard.install()
    put_in_force(Policy.compiled(resolve(environ={"DISCREET_STRICT": "true"})[0]))

    def broken(*_: Any, **__: Any) -> Any:
        raise LookupError(EMAIL)

    monkeypatch.setattr(Redactor, "attributes", broken)


def _checked(raised: pytest.ExceptionInfo[discreet.StrictError], signal: str) -> None:
    assert raised.value.signal == signal
    assert raised.value.place.startswith("discreet.")
    assert raised.value.rule == "redaction_failed (LookupError)"
    assert EMAIL not in str(raised.value)
    assert raised.value.__suppress_context__


def test_a_span_raises_where_it_ends() -> None:
    """Batched or not, a span that cannot be cleaned raises in the thread that ends it."""
    provider, _ = traced()
    span = provider.get_tracer("t").start_span("s", attributes={"to": EMAIL})
    with pytest.raises(discreet.StrictError) as raised:
        span.end()
    _checked(raised, "span")


def test_a_log_record_raises_where_it_is_emitted() -> None:
    """A log record that cannot be cleaned raises in the thread that emits it."""
    provider, _ = logged()
    with pytest.raises(discreet.StrictError) as raised:
        provider.get_logger("t").emit(body="b", attributes={"to": EMAIL})
    _checked(raised, "log")


def test_a_measurement_raises_where_it_is_made() -> None:
    """A measurement whose attributes cannot be cleaned raises in the thread that makes it."""
    provider, _ = measured()
    with pytest.raises(discreet.StrictError) as raised:
        provider.get_meter("m").create_counter("c").add(1, {"to": EMAIL})
    _checked(raised, "metric")


def test_headers_raise_where_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Headers that cannot be cleaned raise where they are injected."""
    monkeypatch.setattr("discreet.guard.baggage._allowed", lambda *_: 1 / 0)
    with pytest.raises(discreet.StrictError) as raised:
        propagate.inject({}, baggage.set_baggage("who", EMAIL))
    assert raised.value.signal == "headers"


def test_a_collection_says_what_it_withholds(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """A reader's thread would end if something were raised there: it is logged and counted."""
    COUNTS.reset()
    monkeypatch.setattr(Redactor, "attributes", WORKING)
    provider, reader = measured()
    provider.get_meter("m").create_counter("c").add(1)
    monkeypatch.setattr("discreet.guard.collection._metric", lambda *_: 1 / 0)
    with caplog.at_level(logging.ERROR):
        reader.get_metrics_data()
    assert "metric withheld at" in caplog.text
    assert "redaction_failed (ZeroDivisionError)" in caplog.text
    assert COUNTS.snapshot()["withheld"]["metric", "redaction_failed"] == 1


def test_by_default_nothing_is_raised() -> None:
    """Production withholds: the same fault leaves a skeleton, and the app sees nothing."""
    put_in_force(None)
    provider, kept = traced()
    provider.get_tracer("t").start_span("s", attributes={"to": EMAIL}).end()
    provider.force_flush()
    assert [span.name for span in kept.records] == ["[WITHHELD:redaction_failed]"]
