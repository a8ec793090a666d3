"""Rounds: a check that hangs, raises or is slow harms nothing, and is never called twice at once."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor

from discreet import runtime
from discreet.events import emitting
from discreet.health import ROUNDS, Found, begin, check, end, states
from discreet.metrics import register_self_observation, report_state
from tests.guard.memory import measured, points

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    ROUNDS.forget()
    yield
    ROUNDS.forget()


def known() -> dict[str, tuple[str, str]]:
    """Give status and output of each check."""
    return {result.name: (result.status.value, result.output) for result in ROUNDS.results()}


def test_a_check_that_was_never_called_fails() -> None:
    """Nobody knows whether it is well."""
    check("c")(lambda: True)
    assert known() == {"c": ("fail", "has not been looked at yet")}
    ROUNDS.once()
    assert known() == {"c": ("pass", "")}


def test_a_check_that_hangs_is_not_called_again_and_holds_up_no_other() -> None:
    """It fails as long as its call goes on, and is asked again when that ended."""
    go, calls = threading.Event(), []

    @check("hangs", timeout=0.05)
    def hangs() -> None:
        calls.append(threading.get_ident())
        go.wait(30)

    check("well")(lambda: True)
    for _ in range(3):
        ROUNDS.once()
        assert known() == {"hangs": ("fail", "gave no answer within 0.05 s"), "well": ("pass", "")}
    assert len(calls) == 1
    go.set()
    while any(thread.ident in calls for thread in threading.enumerate()):
        time.sleep(0.01)
    ROUNDS.once()
    assert known()["hangs"] == ("pass", "")
    assert len(calls) == 2


def test_checks_of_a_round_run_beside_each_other() -> None:
    """Ten that wait for one another are done in the time of one."""
    together = threading.Barrier(10)
    for number in range(10):
        check(f"c{number}", timeout=20)(lambda: together.wait(10) is not None)
    ROUNDS.once()
    assert {status for status, _ in known().values()} == {"pass"}


def test_the_loop_makes_rounds_until_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """It begins at once; the built-in checks are there, and gone with the loop."""
    monkeypatch.setenv("DISCREET_HEALTH_INTERVAL", "1")
    runtime.arm()
    called = threading.Semaphore(0)
    check("c")(lambda: called.release())
    begin()
    begin()
    assert called.acquire(timeout=10)
    assert called.acquire(timeout=10)
    assert [name for name in known() if name != "c"] == ["guard", "configuration", "exports", "disk"]
    end()
    assert known() == {"c": ("fail", "has not been looked at yet")}


def test_interval_0_makes_no_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's thread is started."""
    monkeypatch.setenv("DISCREET_HEALTH_INTERVAL", "0")
    runtime.arm()
    before = set(threading.enumerate())
    begin()
    assert set(threading.enumerate()) <= before  # those of earlier tests may end meanwhile


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")
def test_a_forked_process_makes_rounds_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread of the parent is not there; results are not taken over."""
    monkeypatch.setenv("DISCREET_HEALTH_INTERVAL", "1")
    runtime.arm()
    parent = os.getpid()
    check("c")(lambda: os.getpid() != parent)
    begin()
    while known()["c"][0] != "fail" or not ROUNDS.results()[0].time:
        time.sleep(0.01)
    pid = os.fork()
    if pid == 0:
        until = time.monotonic() + 20
        while known()["c"] != ("pass", "") and time.monotonic() < until:
            time.sleep(0.01)
        os._exit(0 if known()["c"] == ("pass", "") else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_states_are_a_gauge() -> None:
    """1 where a check does not fail, 0 where it does; the guard's is there from the start."""
    provider, reader = measured()
    register_self_observation(provider)
    report_state("health", states)
    try:
        check("well")(lambda: True)
        check("warns")(lambda: "warn")
        check("fails")(lambda: False)
        ROUNDS.once()
        found = {point.attributes["check"]: point.value for point in points(reader)["discreet.health.status"]}
        assert found == {"guard": 0, "well": 1, "warns": 1, "fails": 0}
    finally:
        report_state("health", dict)


class Emitted:
    """The events of the changes, in memory."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.exporter: Any = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
        provider = LoggerProvider()
        provider.add_log_record_processor(SimpleLogRecordProcessor(self.exporter))
        monkeypatch.setattr(emitting, "get_logger_provider", lambda: provider)

    def take(self) -> list[tuple[Any, ...]]:
        """Give name, severity, body and the words of each event since the last time."""
        found: list[Any] = [data.log_record for data in self.exporter.get_finished_logs()]
        self.exporter.clear()
        return [
            (
                one.event_name,
                one.severity_text,
                one.body,
                one.attributes["discreet.health.previous_status"],
                one.attributes["discreet.health.status"],
            )
            for one in found
        ]


def test_a_change_is_an_event(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, when it changes; redacted like every record; and one that is well from the start is none."""
    emitted = Emitted(monkeypatch)
    runtime.arm()
    answers = iter(["pass", "pass", Found("warn", "zoe@example.org waits"), False, False, True])
    check("c")(lambda: next(answers))
    seen = []
    for _ in range(6):
        ROUNDS.once()
        seen.append(emitted.take())
    name = "discreet.health.changed"
    assert seen == [
        [],
        [],
        [(name, "WARN", "c: [REDACTED:email] waits", "pass", "warn")],
        [(name, "ERROR", "c: fail", "warn", "fail")],
        [],
        [(name, "INFO", "c: pass", "fail", "pass")],
    ]


def test_events_that_cannot_be_emitted_stop_no_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known is known all the same."""

    def broken(*_: object) -> Any:
        raise RuntimeError

    monkeypatch.setattr(emitting, "get_logger_provider", broken)
    check("c")(lambda: False)
    ROUNDS.once()
    assert known() == {"c": ("fail", "")}


def test_no_threads_are_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round for which no thread can be had leaves the loop alive, and the check unknown."""

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    check("c")(lambda: True)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        ROUNDS.once()
    assert known()["c"] == ("fail", "gave no answer within 5 s")
    ROUNDS.once()
    assert known()["c"] == ("pass", "")
