"""One snapshot serves one collection of one process."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from discreet.metrics.snapshot import FRESH_FOR, LEAST_INTERVAL, Snapshots

if TYPE_CHECKING:
    from discreet.metrics.sources import Figures


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("discreet.metrics.snapshot.time", clock)
    return clock


class Asked:
    """A source that says how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Figures:
        self.times += 1
        return [({}, {"value": float(self.times)})]


def test_a_source_is_asked_once_a_collection_and_only_when_needed(clock: Clock) -> None:
    """All rows of a collection share one answer; the next collection asks again."""
    asked, other = Asked(), Asked()
    snapshots = Snapshots({"a": asked, "b": other})
    assert snapshots.current().reading("a") is snapshots.current().reading("a")
    clock.now += FRESH_FOR * 2
    snapshots.current().reading("a")
    assert (asked.times, other.times) == (2, 0)


def test_a_change_is_taken_since_the_last_collection(clock: Clock) -> None:
    """The first collection has nothing before it; each later one has the reading of the one before."""
    snapshots = Snapshots({"a": Asked()})
    first = snapshots.current()
    reading = first.reading("a")
    assert first.before("a") is None
    clock.now += 60
    second = snapshots.current()
    assert second.before("a") is reading
    second.reading("a")
    clock.now += 60
    assert snapshots.current().before("a") is second.reading("a")


def test_readers_that_come_in_pairs_do_not_shorten_the_interval(clock: Clock) -> None:
    """A collection right after another one takes its changes from the one before both."""
    asked = Asked()
    snapshots = Snapshots({"a": asked})
    reading = snapshots.current().reading("a")
    clock.now += 60
    snapshots.current().reading("a")
    clock.now += LEAST_INTERVAL / 2
    third = snapshots.current()
    assert third.before("a") is reading


def test_quick_readers_have_changes_too(clock: Clock) -> None:
    """Collections closer to each other than the least interval take their changes over just that, with few readings."""
    snapshots = Snapshots({"a": Asked()})
    for _ in range(100):
        snapshots.current().reading("a")
        clock.now += LEAST_INTERVAL / 4
    last = snapshots.current()
    earlier = last.before("a")
    assert earlier
    assert last.begun - earlier.at == LEAST_INTERVAL
    assert len(last.kept()["a"]) <= 5


def test_a_reading_that_failed_once_leaves_the_earlier_one(clock: Clock) -> None:
    """A source that is refused at one collection still has its change at the next."""
    answers = iter([[({}, {"value": 1.0})], PermissionError(), [({}, {"value": 3.0})]])

    def source() -> Figures:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[return-value]

    snapshots = Snapshots({"a": source})
    reading = snapshots.current().reading("a")
    clock.now += 60
    with pytest.raises(PermissionError):
        snapshots.current().reading("a")
    clock.now += 60
    assert snapshots.current().before("a") is reading


def test_another_process_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A forked child uses neither the answers of its parent nor changes since them, however fresh they are."""
    snapshots = Snapshots({"a": Asked()})
    snapshots.current().reading("a")
    monkeypatch.setattr(os, "getpid", lambda: -1)
    child = snapshots.current()
    assert child.pid == -1
    assert child.before("a") is None
    assert child.reading("a").figures == [({}, {"value": 2.0})]


def test_a_change_over_no_time_is_none(clock: Clock) -> None:
    """A collection that takes so long that it needs a second snapshot has no change since the first one."""
    snapshots = Snapshots({"a": Asked()})
    snapshots.current().reading("a")
    clock.now += LEAST_INTERVAL / 2
    assert snapshots.current().before("a") is None
