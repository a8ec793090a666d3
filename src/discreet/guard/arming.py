"""Arming the guard: one loop puts every point of the table in place, another takes it away."""

from __future__ import annotations

import importlib
import logging
import threading
from typing import Any

from discreet.guard import diagnostics
from discreet.guard.points import POINTS, Point

_logger = logging.getLogger(__name__)
_lock = threading.RLock()
_originals: dict[Point, Any] = {}
_missing: list[Point] = []


def install() -> None:
    """Arm every point. Idempotent and thread-safe; a point that this OpenTelemetry lacks is named in the log."""
    with _lock:
        for point in POINTS:
            if point not in _originals and point not in _missing:
                _arm(point)
        diagnostics.install()


def _arm(point: Point) -> None:
    try:
        owner = _owner(point)
        original = getattr(owner, point.name)
        replacement = point.wrap(original)
        replacement.__wrapped__ = original
        setattr(owner, point.name, replacement)
    except (ImportError, AttributeError):
        _missing.append(point)
        _logger.error(  # noqa: TRY400 - the traceback says no more than the line
            "The guard is not active for %s (%s): this OpenTelemetry has no %s.%s.%s. Install a supported version.",
            point.signal, point.why, point.module, point.owner, point.name,
        )  # fmt: skip
        return
    _originals[point] = original


def _owner(point: Point) -> Any:
    module = importlib.import_module(point.module)
    return getattr(module, point.owner) if point.owner else module


def uninstall() -> None:
    """Put the originals back. For tests: a process that was guarded stays so."""
    with _lock:
        while _originals:
            point, original = _originals.popitem()
            setattr(_owner(point), point.name, original)
        _missing.clear()
        diagnostics.uninstall()


def armed() -> bool:
    """Say whether every point is in place and still the guard's own."""
    return bool(_originals) and not unguarded()


def unguarded() -> list[Point]:
    """Give the points that are not the guard's: missing here, or replaced by somebody else since."""
    return [
        point
        for point in POINTS
        if point not in _originals
        or getattr(getattr(_owner(point), point.name, None), "__wrapped__", None) is not _originals[point]
    ]


def in_place() -> list[tuple[Point, Any]]:
    """Give the points that are the guard's, each with the function that stands there."""
    lost = unguarded()
    return [(point, getattr(_owner(point), point.name)) for point in POINTS if point not in lost]


def installed() -> bool:
    """Say whether the guard was ever put in place here."""
    return bool(_originals)
