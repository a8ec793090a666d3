"""Each private name of OpenTelemetry that the guard replaces, one by one, at both ends of the supported range."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from discreet import guard
from discreet.guard.points import POINTS, Point

pytestmark = pytest.mark.seams


def _owner(point: Point) -> Any:
    module = importlib.import_module(point.module)
    return getattr(module, point.owner) if point.owner else module


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point.owner or point.module}.{point.name}")
def test_the_name_exists_and_is_armed(point: Point) -> None:
    """Each name of the table exists in this OpenTelemetry, is replaced by install and put back by uninstall."""
    before = getattr(_owner(point), point.name)
    guard.install()
    assert getattr(_owner(point), point.name).__wrapped__ is before
    guard.uninstall()
    assert getattr(_owner(point), point.name) is before


def test_arming_twice_wraps_once() -> None:
    """Installing again changes nothing."""
    guard.install()
    once = [getattr(_owner(point), point.name) for point in POINTS]
    guard.install()
    assert [getattr(_owner(point), point.name) for point in POINTS] == once
    assert guard.armed()


def test_a_point_replaced_by_somebody_else_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """When a later patch takes a point from the guard, the guard says which."""
    guard.install()
    point = POINTS[2]
    with monkeypatch.context() as patch:
        patch.setattr(_owner(point), point.name, lambda *_: None)
        assert guard.unguarded() == [point]
        assert not guard.armed()
    assert guard.armed()


def test_a_missing_point_is_said(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """A name that this OpenTelemetry lacks is said with its signal, and the other points are armed."""
    missing = POINTS[0]._replace(name="no_such_method")
    monkeypatch.setattr("discreet.guard.arming.POINTS", (missing, *POINTS[1:]))
    guard.install()
    assert "not active for span" in caplog.text
    assert guard.unguarded() == [missing]
