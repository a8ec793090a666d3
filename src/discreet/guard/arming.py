"""Arming the guard: one loop puts every point of the table in place, another takes it away."""

from __future__ import annotations

import importlib
import logging
import sys
import threading
from typing import Any

from discreet.guard import closing, diagnostics, fronts, hooks, propagation
from discreet.guard.containment import contained, plain
from discreet.guard.otherwise import OTHERWISE, itself
from discreet.guard.points import POINTS, Point

_logger = logging.getLogger(__name__)
_lock = threading.RLock()
_MOST_WRAPPERS = 32
_PROPAGATORS = "opentelemetry.propagate"
_originals: dict[Point, Any] = {}
_missing: list[Point] = []
_late: list[Point] = []
_armed_by: list[str] = []
_replacements: dict[Point, Any] = {}
_CONSEQUENCE = {
    True: "So nothing of it leaves that could be raw.",
    False: "It could not be switched off either, and may leave raw.",
}


def install(by: str = "discreet.guard.install()") -> None:
    """Arm every point. Idempotent and thread-safe; a point that this OpenTelemetry lacks is named in the log.

    Args:
        by: What led here, for `armed_by`.
    """
    with _lock:
        first = not _originals
        if first and not _armed_by:
            _armed_by.append(by)
        new = [point for point in POINTS if point not in _originals and point not in _missing]
        failed = [point for point in new if not _arm(point)]
        _late[:] = [point for point in failed if _is_being_imported(point)]
        for point in [point for point in failed if point not in _late]:  # all others are armed: a shutter goes on top
            _shut(point)
        if first:
            fronts.cover_older()
        propagation.install()
        diagnostics.install()
        hooks.install()


def complete() -> None:
    """Arm the points whose module was being imported when the guard was armed; nothing to do as a rule.

    That is so where choosing our propagator led here: ``opentelemetry.propagate`` makes it half way through.
    """
    if _late:
        install()


def _is_being_imported(point: Point) -> bool:
    """Say whether its module is being imported, or may not be had as the propagators are."""
    module = sys.modules.get(point.module) or sys.modules.get(_PROPAGATORS)
    return bool(getattr(getattr(module, "__spec__", None), "_initializing", False))


def _arm(point: Point) -> bool:
    try:
        owner = _owner(point)
        original = vars(owner)[point.name]  # one that it inherits is not what the SDK calls
        theirs = plain(original)
        replacement = point.wrap(theirs)
        if point.otherwise is not itself:
            replacement = contained(replacement, theirs, point.otherwise or OTHERWISE[point.signal])
        replacement.__wrapped__ = original
        setattr(owner, point.name, replacement)
    except (ImportError, AttributeError, KeyError):
        return False
    _originals[point], _replacements[point] = original, replacement
    return True


def _shut(point: Point) -> None:
    _missing.append(point)
    _logger.error(
        "The guard is not active for %s (%s): this OpenTelemetry has no %s.%s.%s. %s Install a supported version.",
        point.signal, point.why, point.module, point.owner, point.name, _CONSEQUENCE[closing.shut(point.signal)],
    )  # fmt: skip


def _owner(point: Point) -> Any:
    module = importlib.import_module(point.module)
    return getattr(module, point.owner) if point.owner else module


def uninstall() -> None:
    """Put the originals back. For tests: a process that was guarded stays so."""
    with _lock:
        closing.reopen()
        while _originals:
            point, original = _originals.popitem()
            setattr(_owner(point), point.name, original)
        propagation.uninstall()
        _missing.clear()
        _late.clear()
        _armed_by.clear()
        diagnostics.uninstall()
        hooks.uninstall()


def armed() -> bool:
    """Say whether every point is in place and still the guard's own."""
    return bool(_originals) and not unguarded()


def unguarded() -> list[Point]:
    """Give the points that are not the guard's: missing here, or replaced by somebody else since."""
    complete()
    return [point for point in POINTS if point not in _originals or not _in_place(point)]


def in_place() -> list[tuple[Point, Any]]:
    """Give the points that are the guard's, each with the function that stands there."""
    lost = unguarded()
    return [(point, getattr(_owner(point), point.name)) for point in POINTS if point not in lost]


def watched() -> list[Point]:
    """Give the guard's points round which somebody put a wrapper of their own since: it is handed what is raw."""
    shut = closing.closed()
    return [point for point, there in in_place() if there is not _replacements[point] and point.signal not in shut]


def installed() -> bool:
    """Say whether the guard was put in place here."""
    return bool(_armed_by)


def armed_by() -> str:
    """Say what armed the guard: the first of the ways in that led to it; empty if none did."""
    return _armed_by[0] if _armed_by else ""


def _in_place(point: Point) -> bool:
    """Say whether what stands at a point is the guard's, or a later wrapper that names what it wraps, down to it."""
    there = getattr(_owner(point), point.name, None)
    for _ in range(_MOST_WRAPPERS):
        if there is _replacements[point]:
            return True
        there = getattr(there, "__wrapped__", None)
    return False
