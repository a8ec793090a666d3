"""Faults in every function of ours that a record passes: the app sees none, nothing raw leaves, neighbours are well."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from discreet import guard
from discreet.metrics.counts import COUNTS
from discreet.policy import current
from tests.guard.faults import Fault, Pipes, faulty, forget, functions
from tests.guard.memory import CARD, EMAIL

if TYPE_CHECKING:
    from types import FunctionType

SECONDS = float(os.environ.get("FAULT_SECONDS", "5"))
FUNCTIONS = functions()

CALLED_BY_OTHERS = {
    "discreet.guard.propagation.GuardedPropagator.inject": "called by the app itself; what it calls is contained in it",
    "discreet.guard.propagation.GuardedPropagator.extract": "called by the app itself; it does nothing but pass on",
    "discreet.guard.propagation.GuardedPropagator.fields": "called by the app itself; it does nothing but pass on",
    "discreet.guard.batches.CleanExporter.__getattr__": "called by the SDK's shutdown; it does nothing but pass on",
    "discreet.guard.batches.CleanExporter.export": "called by the SDK, which contains it and says so",
}
"""Code of others calls these directly: what they call is faulted, not they themselves."""

WHOLE_BATCH = {"discreet.guard.batches.clean_batch"}
"""Where this fails, it is not one record that fails."""


@pytest.fixture(autouse=True)
def _armed() -> None:
    guard.install()
    current()  # compiled before any fault


def _run() -> Pipes:
    """Say one record of each signal with an address, and two neighbours without; forget what was learnt before."""
    forget()
    pipes = Pipes(EMAIL)
    for value in ("north", EMAIL, "south"):
        pipes.one(value)
    pipes.flush()
    pipes.close()
    return pipes


def _counted() -> int:
    counts = COUNTS.snapshot()
    return sum(counts["withheld"].values()) + sum(counts["foreign_raised"].values())


def _faulted() -> dict[str, FunctionType]:
    return {name: function for name, function in FUNCTIONS.items() if name not in CALLED_BY_OTHERS}


def _lost(pipes: Pipes, whole: Pipes) -> dict[str, int]:
    """Give by place how many records did not come out as they do without a fault."""
    found, wanted = pipes.places(), whole.places()
    return {place: (Counter(wanted[place]) - Counter(found[place])).total() for place in wanted}


def _is_raw(text: str) -> bool:
    return "canary" in text or CARD in text


def test_without_a_fault_everything_comes_out_clean() -> None:
    """The records that the faults are put into reach every place, and leave it redacted."""
    COUNTS.reset()
    pipes = _run()
    assert not _is_raw(pipes.out())
    assert {place: len(records) for place, records in pipes.places().items()} == {
        "batch spans": 3,
        "simple spans": 3,
        "batch logs": 6,
        "simple logs": 6,
        "headers": 3,
        "text": 3,
    }
    assert not _counted()


@pytest.mark.parametrize("error", [RuntimeError, MemoryError, RecursionError])
def test_a_function_that_always_fails(error: type[Exception]) -> None:
    """Each function of ours, failing at every call: nothing is raised, nothing raw is out, and it is counted."""
    whole, called, wrong = _run(), set(), {}
    for name, function in _faulted().items():
        COUNTS.reset()
        with faulty(function, Fault(error)) as fault:
            try:
                pipes = _run()
            except Exception as raised:
                wrong[name] = f"raised {type(raised).__name__}"
                continue
        if fault.calls:
            called.add(name)
        if _is_raw(pipes.out()):
            wrong[name] = "leaked"
        withheld = any(_lost(pipes, whole).values()) and "withheld" in pipes.out().lower()
        if withheld and not _counted():
            wrong[name] = "not counted"
    assert not wrong
    assert len(called) > 100


def test_a_function_that_fails_once_costs_one_record() -> None:
    """Each function of ours, failing at one call: at each place at most one record is not as it would have been."""
    whole, wrong = _run(), {}
    for name, function in _faulted().items():
        with faulty(function, Fault(only=0)) as fault:
            _run()
        if not fault.calls or name in WHOLE_BATCH:
            continue
        with faulty(function, Fault(only=(fault.calls + 1) // 2)):
            pipes = _run()
        lost = _lost(pipes, whole)
        if _is_raw(pipes.out()) or max(lost.values()) > 1:
            wrong[name] = lost
    assert not wrong


def test_a_batch_that_cannot_be_cleaned_is_counted_whole() -> None:
    """Where the cleaning of batches itself fails, no record of them leaves, and each is counted."""
    COUNTS.reset()
    with faulty(FUNCTIONS["discreet.guard.batches.clean_batch"], Fault()):
        pipes = _run()
    assert pipes.spans.records == pipes.logs.records == []
    assert len(pipes.simple_spans.records) == 3
    withheld = COUNTS.snapshot()["withheld"]
    assert (withheld["span", "dropped"], withheld["log", "dropped"]) == (3, 6)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_ends_a_program_goes_through(stop: type[BaseException]) -> None:
    """An interrupt or an exit that arrives within code of ours reaches the app."""
    pipes = Pipes("north")
    with (
        faulty(FUNCTIONS["discreet.guard.spans.clean_span"], Fault(stop)),
        pytest.raises(stop),
        pipes.tracers.get_tracer("t").start_as_current_span("s"),
    ):
        pass
    pipes.close()


def test_what_stock_raises_is_raised() -> None:
    """Errors of the app's own that OpenTelemetry raises without us are raised as they are."""
    pipes = Pipes("north")
    with pytest.raises(Exception, match="Expected ASCII string"):
        pipes.meters.get_meter("m").create_counter("an invalid name!")
    with pytest.raises(ValueError, match="bad format"):
        _Formatted().format(pipes.logger.makeRecord("n", 20, "f", 1, "m", (), None))
    pipes.close()


class _Formatted:
    """A handler whose formatter raises."""

    def format(self, record: object) -> str:
        import logging

        class Bad(logging.Formatter):
            def format(self, record: logging.LogRecord) -> str:
                raise ValueError("bad format")

        handler = logging.StreamHandler()
        handler.setFormatter(Bad())
        return handler.format(record)  # type: ignore[arg-type]


def test_random_faults() -> None:
    """For `FAULT_SECONDS`, faults of any kind at any call of any function: nothing raised, nothing raw."""
    seed = int(os.environ.get("FAULT_SEED", str(time.time_ns())))
    chance, until, rounds = random.Random(seed), time.monotonic() + SECONDS, 0
    names = sorted(_faulted())
    while time.monotonic() < until:
        name = chance.choice(names)
        error = chance.choice((RuntimeError, MemoryError, RecursionError, ValueError, KeyError, OSError))
        with faulty(FUNCTIONS[name], Fault(error, only=chance.choice((None, 1, 2, 3, 10, 50)))):
            out = _run().out()
        assert not _is_raw(out), f"{name} {error.__name__} FAULT_SEED={seed}"
        rounds += 1
    assert rounds
