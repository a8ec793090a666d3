"""Metrics of process and host: right after a fork, one snapshot a collection, silent about what may not be read."""

from __future__ import annotations

import json
import logging
import os
import select
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from discreet import runtime
from discreet.metrics import register_host_metrics, sources
from discreet.metrics.snapshot import Snapshots
from discreet.metrics.table import ROWS
from tests.guard.memory import measured, points

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = {
    "discreet.event_loop.lag",  # no event loop
    "system.paging.utilization",  # no swap
    "system.cpu.utilization",  # no second collection
    *(row.name for row in ROWS if row.name.startswith(("system.disk.", "system.filesystem."))),  # no disk of its own
}
"""Metrics that a machine need not have points of."""


def _collected(**chosen: bool) -> dict[str, list[Any]]:
    provider, reader = measured()
    register_host_metrics(provider, **chosen)
    return points(reader)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other platforms give less")
def test_every_row_gives_points() -> None:
    """Each metric of the table is reported on Linux, in its own scope, with kind, unit and description."""
    provider, reader = measured()
    register_host_metrics(provider)
    data = reader.get_metrics_data()
    assert data
    (scope,) = data.resource_metrics[0].scope_metrics
    assert scope.scope.name == "discreet.metrics"
    found = {metric.name: metric for metric in scope.metrics}
    assert {row.name for row in ROWS} - set(found) <= HERE
    for row in ROWS:
        if row.name in found:
            metric = found[row.name]
            monotonic = getattr(metric.data, "is_monotonic", None)
            assert monotonic is {"counter": True, "up_down_counter": False, "gauge": None}[row.kind]
            assert (metric.unit, metric.description) == (row.unit, row.description)


def test_the_figures_are_those_of_psutil() -> None:
    """What is reported of this process is what psutil says of it."""
    found, own = _collected(system=False), psutil.Process()
    (memory,), (uptime,), (threads,) = (
        found[name] for name in ("process.memory.usage", "process.uptime", "process.thread.count")
    )
    assert memory.value == pytest.approx(own.memory_info().rss, rel=0.2)
    assert uptime.value == pytest.approx(time.time() - own.create_time(), abs=5)
    assert threads.value == own.num_threads()


def test_process_and_system_can_be_chosen() -> None:
    """Either family can be left to somebody else, the collector for one, and asked for later."""
    assert all(name.startswith(("process.", "cpython.")) for name in _collected(system=False))
    assert all(name.startswith("system.") for name in _collected(process=False))
    provider, reader = measured()
    register_host_metrics(provider, system=False)
    register_host_metrics(provider)
    assert {"process.uptime", "system.uptime"} <= set(points(reader))


def test_registering_twice_reports_once(caplog: pytest.LogCaptureFixture) -> None:
    """A second registration for the same provider adds nothing, and the SDK warns of nothing."""
    provider, reader = measured()
    register_host_metrics(provider)
    register_host_metrics(provider)
    assert len(points(reader)["process.memory.usage"]) == 1
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_one_collection_asks_psutil_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """All metrics of memory come of one reading: they agree with each other."""
    asked: list[int] = []
    real = psutil.virtual_memory

    def virtual_memory() -> Any:
        asked.append(1)
        return real()

    monkeypatch.setitem(sources.SOURCES, "memory", lambda: [({}, dict(virtual_memory()._asdict()))])
    found = _collected(process=False)
    assert len(asked) == 1
    assert {"system.memory.usage", "system.memory.utilization", "system.memory.limit"} <= set(found)


def _in_child(report: Callable[[], Any], seconds: float = 30) -> Any:
    """Run in a forked child, and give what it reports; a child that hangs is ended."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(write, json.dumps(report()).encode())
        finally:
            os._exit(0)
    os.close(write)
    try:
        ready, _, _ = select.select([read], [], [], seconds)
        assert ready, "the child hangs"
        return json.loads(os.read(read, 60_000))
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(read)


@pytest.fixture
def reader() -> InMemoryMetricReader:
    reader = InMemoryMetricReader()
    register_host_metrics(MeterProvider([reader], shutdown_on_exit=False), system=False)
    return reader


def test_a_forked_child_reports_itself(reader: InMemoryMetricReader) -> None:
    """Memory, uptime, CPU time and utilization after a fork are the child's own, not the parent's."""
    while time.process_time() < 1.5:
        pass
    points(reader)

    def report() -> dict[str, float]:
        ballast = bytearray(os.urandom(1024)) * 150_000
        found, own = points(reader), psutil.Process(os.getpid())
        return {
            "memory": found["process.memory.usage"][0].value / own.memory_info().rss,
            "uptime": found["process.uptime"][0].value,
            "cpu": sum(point.value for point in found["process.cpu.time"]),
            "busy": sum(point.value for point in found["process.cpu.utilization"]),
            "more": found["process.memory.usage"][0].value - parents,
            "ballast": len(ballast),
        }

    parents = psutil.Process().memory_info().rss
    child = _in_child(report)
    assert child["memory"] == pytest.approx(1, rel=0.1)
    assert child["more"] > 30_000_000
    assert child["uptime"] < 10
    assert child["cpu"] < 1.0 <= time.process_time()
    assert 0 <= child["busy"] <= 1.5


def test_a_fork_in_the_middle_of_a_collection_does_not_hang() -> None:
    """A child that is forked while another thread collects can collect, too."""
    stop = threading.Event()

    def collect() -> None:
        while not stop.is_set():
            _read_all()

    thread = threading.Thread(target=collect, daemon=True)
    thread.start()
    try:
        for _ in range(20):
            assert _in_child(lambda: len(_read_all())) > 10
    finally:
        stop.set()
        thread.join(10)


def _read_all() -> list[str]:
    """Read every row as its callback does. The SDK's own locks are not ours to test."""
    snapshots, read = Snapshots(), []
    for row in ROWS:
        try:
            list(row.read(snapshots.current()))
        except (LookupError, OSError):
            continue
        read.append(row.name)
    return read


REFUSALS = [
    psutil.AccessDenied(4711, "zoe"),
    NotImplementedError(),
    FileNotFoundError(),
    ValueError(),
    AttributeError(),
]
FAULTS = [
    (psutil.Process, "num_fds", "process.unix.file_descriptor.count"),
    (psutil.Process, "io_counters", "process.disk.io"),
    (psutil, "boot_time", "system.uptime"),
    (psutil, "pids", "system.process.count"),
]


@pytest.mark.parametrize(("owner", "function", "name"), FAULTS, ids=lambda value: str(value))
@pytest.mark.parametrize("error", REFUSALS, ids=lambda error: type(error).__name__)
def test_what_may_not_be_read_costs_itself_only(  # noqa: PLR0913, PLR0917 - one fault
    owner: Any, function: str, name: str, error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    """A refusal leaves that one metric out, is said once and without what psutil says of it, and raises nothing."""

    def refuse(*_: object, **__: object) -> None:
        raise error

    before = set(_collected())
    monkeypatch.setattr(owner, function, refuse)
    monkeypatch.setattr("discreet.metrics.snapshot.FRESH_FOR", 0.0)
    with caplog.at_level(logging.DEBUG):
        provider, reader = measured()
        register_host_metrics(provider)
        assert before - set(points(reader)) == {name}
        points(reader)
    (said,) = [record.getMessage() for record in caplog.records if name in record.getMessage()]
    assert type(error).__name__ in said
    assert "zoe" not in caplog.text
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


def test_what_was_refused_once_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A metric comes back when it can be read again."""
    monkeypatch.setattr("discreet.metrics.snapshot.FRESH_FOR", 0.0)
    real, answers = sources.SOURCES["process_threads"], [PermissionError()]

    def threads() -> Any:
        if answers:
            raise answers.pop()
        return real()

    monkeypatch.setitem(sources.SOURCES, "process_threads", threads)
    provider, reader = measured()
    register_host_metrics(provider, system=False)
    assert "process.thread.count" not in points(reader)
    assert "process.thread.count" in points(reader)


def test_utilization_is_of_the_last_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that worked between two collections was busy, and the modes of the host add up to about one."""
    monkeypatch.setattr("discreet.metrics.snapshot.FRESH_FOR", 0.0)
    provider, reader = measured()
    register_host_metrics(provider)
    assert "system.cpu.utilization" not in points(reader)
    until, spent = time.monotonic() + 1.2, time.process_time()
    while time.monotonic() < until:
        pass
    spent = time.process_time() - spent
    found = points(reader)
    ((_, cpus),) = sources.SOURCES["available_cpus"]()
    busy = sum(point.value for point in found["process.cpu.utilization"])
    assert busy * cpus["value"] * 1.2 == pytest.approx(spent, abs=0.15)
    assert sum(point.value for point in found["system.cpu.utilization"]) == pytest.approx(1, abs=0.2)


def test_the_guard_finds_nothing_to_redact() -> None:
    """Our own metrics leave the guard as they came: no name of ours looks like a private one."""
    plain = _collected()
    runtime.arm()
    guarded = _collected()
    assert set(guarded) == set(plain)
    for name, series in guarded.items():
        assert _attributes(series) == _attributes(plain[name])


def _attributes(series: list[Any]) -> list[list[tuple[str, Any]]]:
    return sorted(sorted(point.attributes.items()) for point in series)


def test_nothing_private_is_reported() -> None:
    """No attribute holds a command line, a user's name, a home directory's owner or a host's address."""
    private = {psutil.Process().username(), " ".join(psutil.Process().cmdline()), os.fspath(sys.executable)}
    for series in _collected().values():
        for point in series:
            assert not private & set(map(str, point.attributes.values()))


def test_a_collection_is_quick() -> None:
    """A collection of everything takes a few milliseconds of CPU; the bound leaves room for a slow machine."""
    provider, reader = measured()
    register_host_metrics(provider)
    points(reader)
    took = []
    for _ in range(7):
        time.sleep(0.11)
        began = time.thread_time()
        points(reader)
        took.append(time.thread_time() - began)
    assert min(took) < 0.02
