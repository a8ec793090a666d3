"""Metrics of process and host: by the conventions, right after a fork, and silent about what may not be read."""

from __future__ import annotations

import inspect
import json
import os
from pathlib import Path
from typing import Any

import psutil
import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from discreet.metrics import register_host_metrics
from discreet.metrics.table import ROWS
from tests.guard.memory import measured, points

KINDS = {"counter": "Counter", "up_down_counter": "UpDownCounter", "gauge": "Gauge"}


@pytest.fixture(autouse=True)
def _read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test see what another has read."""
    monkeypatch.setattr("discreet.metrics.snapshot.FRESH_FOR", 0.0)


def _collected(**chosen: bool) -> dict[str, list[Any]]:
    provider, reader = measured()
    register_host_metrics(provider, **chosen)
    points(reader)
    return points(reader)


def test_every_row_gives_points() -> None:
    """Each metric of the table is reported on this host."""
    found = _collected()
    assert {row.name for row in ROWS} - set(found) <= {"system.disk.io", "system.disk.operations"}
    (memory,) = found["process.memory.usage"]
    assert memory.value == pytest.approx(psutil.Process().memory_info().rss, rel=0.2)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_names_kinds_and_units_are_the_conventions(row: Any) -> None:
    """The installed semantic conventions know each name, with that unit and kind of instrument."""
    from opentelemetry.semconv._incubating.metrics import process_metrics, system_metrics

    module = process_metrics if row.name.startswith("process.") else system_metrics
    constant = row.name.upper().replace(".", "_")
    assert getattr(module, constant) == row.name
    create = inspect.getsource(getattr(module, f"create_{row.name.replace('.', '_')}"))
    assert f'unit="{row.unit}"' in create
    assert f"create_{'observable_' if row.kind == 'gauge' else ''}{row.kind}(" in create


def test_process_and_system_can_be_chosen() -> None:
    """Either family can be left to somebody else, the collector for one."""
    assert all(name.startswith("process.") for name in _collected(system=False))
    assert all(name.startswith("system.") for name in _collected(process=False))


def test_registering_twice_reports_once() -> None:
    """A second registration for the same provider adds nothing."""
    provider, reader = measured()
    register_host_metrics(provider)
    register_host_metrics(provider)
    assert len(points(reader)["process.memory.usage"]) == 1


def test_a_forked_child_reports_itself() -> None:
    """Memory and threads after a fork are the child's own, not the parent's."""
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader], shutdown_on_exit=False)
    register_host_metrics(provider, system=False)
    points(reader)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        ballast = bytearray(os.urandom(1024)) * 60_000
        (memory,) = points(reader)["process.memory.usage"]
        own = psutil.Process(os.getpid()).memory_info().rss
        os.write(write, json.dumps([memory.value, own, len(ballast)]).encode())
        os._exit(0)
    os.waitpid(child, 0)
    reported, own, _ = json.loads(os.read(read, 1000))
    assert reported == pytest.approx(own, rel=0.1)
    assert reported > psutil.Process().memory_info().rss + 30_000_000


@pytest.mark.parametrize("error", [psutil.AccessDenied(), NotImplementedError(), FileNotFoundError()])
def test_what_may_not_be_read_is_left_out(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """One metric that cannot be read costs itself only."""

    def refuse(_self: object) -> None:
        raise error

    monkeypatch.setattr(psutil.Process, "num_fds", refuse)
    found = _collected(system=False)
    assert "process.unix.file_descriptor.count" not in found
    assert "process.memory.usage" in found


def test_utilization_is_a_fraction() -> None:
    """CPU utilization of the host adds up to one over all modes."""
    values = [point.value for point in _collected()["system.cpu.utilization"]]
    assert sum(values) == pytest.approx(1.0, abs=0.01) or sum(values) == 0


def test_the_guide_lists_every_metric() -> None:
    """The table in the guide is the table in the code."""
    guide = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text()
    for row in ROWS:
        assert f"| `{row.name}` | {row.kind.replace('_', ' ')} | `{row.unit}` | {row.description} |" in guide
