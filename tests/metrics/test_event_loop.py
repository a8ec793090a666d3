"""The lag of event loops is seen while it lasts, and for a minute after."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from discreet.metrics import event_loop
from discreet.metrics.event_loop import event_loops, watch_running_loop


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_loop, "EVERY", 0.01)


def _lag() -> float:
    ((_, figures),) = event_loops()
    return figures["lag"]


def test_a_loop_that_is_blocked_shows() -> None:
    """While it is blocked, from another thread; and afterwards."""
    seen: list[float] = []

    async def work() -> None:
        watch_running_loop()
        watch_running_loop()
        await asyncio.sleep(0.05)
        looker = threading.Timer(0.25, lambda: seen.append(_lag()))
        looker.start()
        time.sleep(0.4)  # noqa: ASYNC251 - what is to be seen
        looker.join()
        await asyncio.sleep(0.05)
        seen.append(_lag())

    asyncio.run(work())
    assert len(seen) == 2
    assert min(seen) > 0.1
    assert event_loops() == []


def test_several_loops_are_one_figure() -> None:
    """That of the one which is latest; loops that ended tell nothing."""
    ready, done = threading.Barrier(3), threading.Event()

    async def wait() -> None:
        watch_running_loop()
        ready.wait(10)
        await asyncio.to_thread(done.wait, 10)

    threads = [threading.Thread(target=asyncio.run, args=(wait(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    ready.wait(10)
    assert len(event_loops()) == 1
    done.set()
    for thread in threads:
        thread.join()
    assert event_loops() == []


def test_there_is_none_without_a_loop() -> None:
    """Nothing is made up."""
    assert event_loops() == []
    with pytest.raises(RuntimeError):
        watch_running_loop()
