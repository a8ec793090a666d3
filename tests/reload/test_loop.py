"""The thread looks at its interval, reloads when asked, and goes on whatever either does."""

from __future__ import annotations

import os
from queue import Empty, SimpleQueue
from threading import Event
from typing import TYPE_CHECKING

import pytest

from discreet.reload import Loop

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Called:
    """Notes what is called, and fails if told to."""

    def __init__(self) -> None:
        self.calls: SimpleQueue[str] = SimpleQueue()
        self.interval = 0
        self.fails = False
        self.loop = Loop(lambda: self._called("look"), lambda: self._called("reload"), lambda: self.interval)

    def _called(self, name: str) -> None:
        self.calls.put(name)
        if self.fails:
            raise ValueError("zoe.canary@example.org")


@pytest.fixture
def called() -> Iterator[_Called]:
    """Give one whose thread ends with the test."""
    one = _Called()
    yield one
    one.loop.stop()


def test_it_is_asked_without_an_interval(called: _Called) -> None:
    """As often as it is asked, and it looks by itself no more than never."""
    called.loop.begin()
    called.loop.begin()
    for _ in range(3):
        called.loop.ask()
        assert called.calls.get(timeout=30) == "reload"
    assert called.calls.empty()


def test_asking_often_is_asking_once_more(called: _Called) -> None:
    """What is asked while one reload runs is one more."""
    begun, go_on = Event(), Event()

    def reload() -> None:
        called.calls.put("reload")
        begun.set()
        assert go_on.wait(30)

    loop = Loop(lambda: None, reload, lambda: 0)
    loop.begin()
    loop.ask()
    assert begun.wait(30)
    for _ in range(10):
        loop.ask()
    go_on.set()
    assert [called.calls.get(timeout=30) for _ in range(2)] == ["reload", "reload"]
    with pytest.raises(Empty):
        called.calls.get(timeout=0.5)
    loop.stop()


def test_an_interval_that_begins_later_is_kept(called: _Called) -> None:
    """A thread that waits to be asked looks by itself as soon as it is told of an interval."""
    called.loop.begin()
    called.interval = 1
    called.loop.begin()
    assert called.calls.get(timeout=30) == "look"


def test_what_fails_is_said_by_type(called: _Called, caplog: pytest.LogCaptureFixture) -> None:
    """And the next one is called as ever."""
    called.fails = True
    called.loop.begin()
    for _ in range(2):
        called.loop.ask()
        assert called.calls.get(timeout=30) == "reload"
    assert "(ValueError)" in caplog.text
    assert "canary" not in caplog.text


def test_without_a_thread_the_app_runs_on(
    called: _Called, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the system gives none, that is said, and asking does nothing."""

    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("threading.Thread.start", refuse)
    called.loop.begin()
    called.loop.ask()
    assert "no thread can be started" in caplog.text


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_child_has_a_thread_of_its_own(called: _Called) -> None:
    """It looks soon after the fork, even without an interval; a child of one that was stopped does not."""
    called.loop.begin()
    for running in (True, False):
        child = os.fork()
        if not child:
            try:
                looked = called.calls.get(timeout=30 if running else 1) == "look"
            except Exception:
                looked = False
            os._exit(int(looked))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == int(running)
        called.loop.stop()
