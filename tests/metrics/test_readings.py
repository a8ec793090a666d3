"""The shapes in which rows read a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from discreet.metrics.readings import NotGivenError, busy, share, split, value
from discreet.metrics.snapshot import LEAST_INTERVAL, Snapshots

if TYPE_CHECKING:
    from discreet.metrics.readings import Reader
    from discreet.metrics.sources import Figures, Source

DISKS: Figures = [({"disk": "a"}, {"in": 3, "out": 4, "ms": 250}), ({"disk": "b"}, {"in": 5, "ms": 500})]
PARTS = {"read": ("in",), "write": ("out", "also_out")}


def _read(reader: Reader, figures: Figures) -> list[tuple[float, dict[str, str | int]]]:
    return list(reader(Snapshots({"source": lambda: figures}).current()))


def test_a_split_gives_a_point_for_each_thing_and_part() -> None:
    """Parts that the platform does not give are left out; whole numbers stay whole."""
    points = _read(split("source", "direction", PARTS), DISKS)
    assert points == [
        (3, {"disk": "a", "direction": "read"}),
        (4, {"disk": "a", "direction": "write"}),
        (5, {"disk": "b", "direction": "read"}),
    ]
    assert all(isinstance(amount, int) for amount, _ in points)


def test_fields_that_make_up_one_part_are_added() -> None:
    """Soft and hard interrupts are one mode of the conventions."""
    points = _read(split("source", "cpu.mode", {"interrupt": ("irq", "softirq")}), [({}, {"irq": 1.0, "softirq": 2.0})])
    assert points == [(3.0, {"cpu.mode": "interrupt"})]


def test_a_value_has_no_attribute_of_its_own() -> None:
    """A metric without parts has the attributes of the thing only, in the unit of the conventions."""
    assert _read(value("source", "ms", scale=0.001), DISKS) == [(0.25, {"disk": "a"}), (0.5, {"disk": "b"})]


def test_what_the_platform_does_not_give_is_an_error_of_the_row() -> None:
    """A row that has none of its fields says so, and does not pass for one that has nothing to report."""
    with pytest.raises(NotGivenError):
        _read(value("source", "busy_time"), DISKS)
    assert _read(value("source", "busy_time"), []) == []


def test_a_share_is_a_fraction_of_the_whole() -> None:
    """Parts are divided by the whole; of nothing there is no share, and no division by zero."""
    reader = share("source", "state", {"used": ("used",)}, of="total")
    assert _read(reader, [({}, {"used": 1, "total": 4})]) == [(0.25, {"state": "used"})]
    assert _read(reader, [({}, {"used": 0, "total": 0})]) == []


def test_utilization_is_the_change_since_the_last_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    """CPU seconds since the last collection are divided by the seconds since then and the processors."""
    now = [100.0]
    monkeypatch.setattr("discreet.metrics.snapshot.time.monotonic", lambda: now[0])
    seconds = {"user": 7.0, "system": 1.0}
    sources: dict[str, Source] = {"cpu": lambda: [({}, dict(seconds))], "cpus": lambda: [({}, {"value": 2.0})]}
    snapshots = Snapshots(sources)
    reader = busy("cpu", "cpu.mode", {"user": ("user",), "system": ("system",)}, cpus="cpus")
    assert list(reader(snapshots.current())) == []
    now[0] += 10 * LEAST_INTERVAL
    seconds.update(user=12.0, system=0.5)
    points = {attributes["cpu.mode"]: amount for amount, attributes in reader(snapshots.current())}
    assert points == pytest.approx({"user": 5.0 / (10 * LEAST_INTERVAL * 2), "system": 0.0})


def test_a_process_is_measured_from_its_beginning_at_first() -> None:
    """All counts of a process were 0 when it began, so that its first collection has a utilization too."""
    sources: dict[str, Source] = {
        "cpu": lambda: [({}, {"user": 3.0})],
        "cpus": lambda: [({}, {"value": 2.0})],
        "uptime": lambda: [({}, {"value": 6.0})],
    }
    reader = busy("cpu", "cpu.mode", {"user": ("user",)}, cpus="cpus", since="uptime")
    assert list(reader(Snapshots(sources).current())) == [(0.25, {"cpu.mode": "user"})]
