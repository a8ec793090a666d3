"""The installed instrumentations, also where one declines a version that it works with."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

from opentelemetry.instrumentation.dependencies import get_dist_dependency_conflicts
from opentelemetry.util._importlib_metadata import distributions, entry_points

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_logger = logging.getLogger("discreet")

_GROUP = "opentelemetry_instrumentor"

WORKS_BEYOND = {"sqlalchemy": "pip install greenlet"}
"""Instrumentations that decline a newer version of their library than they were tested with, and work all the same,
with what to do where they cannot be imported.

sqlalchemy: 0.66b1 asks for ``sqlalchemy < 2.1``; run on 2.1.9, where its import needs greenlet.
"""


def disabled() -> set[str]:
    """Give the names that ``OTEL_PYTHON_DISABLED_INSTRUMENTATIONS`` lists; ``*`` stands for all."""
    return {word.strip() for word in os.environ.get("OTEL_PYTHON_DISABLED_INSTRUMENTATIONS", "").split(",")} - {""}


def instrument(chosen: Collection[str] | None = None) -> tuple[list[str], list[str]]:
    """Instrument the installed libraries, those chosen or all; give what was, and for what could not be the reason."""
    done, failed = [], []
    candidates = list(_candidates())
    for name, entry_point, conflict in candidates:
        if chosen is not None and name not in chosen:
            continue
        if conflict and name not in WORKS_BEYOND:
            if chosen is not None or _is_installed(conflict):
                failed.append(f"{name}: {conflict}")
            continue
        if conflict and not _is_installed(conflict):
            continue
        try:
            _load(entry_point)
            done.append(name)
        except ModuleNotFoundError as error:
            if chosen is not None or error.name:  # without a name the library itself is not installed
                failed.append(f"{name}: needs the module {error.name or name}; install it")
        except Exception as error:
            failed.append(f"{name}: raised {type(error).__name__}")
    known = {name for name, _, _ in candidates}
    failed.extend(f"{name}: is not installed" for name in sorted(set(chosen or ()) - known))
    return done, failed


def instrument_declined() -> None:
    """Instrument what auto-instrumentation left out for its version, although it works: called after it."""
    for name, entry_point, conflict in _candidates():
        if name in WORKS_BEYOND and conflict and _is_installed(conflict):
            try:
                _load(entry_point)
            except Exception as error:
                remedy = f"; {WORKS_BEYOND[name]}" if isinstance(error, ImportError) else ""
                _logger.warning("discreet: %s could not be instrumented (%s)%s", name, type(error).__name__, remedy)


def _is_installed(conflict: Any) -> bool:
    """Say whether the library of a conflict is there, in another version, rather than not at all."""
    return bool(conflict.found or conflict.found_any)


def _load(entry_point: Any) -> None:
    instrumentor = entry_point.load()()
    if not instrumentor.is_instrumented_by_opentelemetry:
        instrumentor.instrument(skip_dep_check=True)


def _candidates() -> Iterator[tuple[str, Any, Any]]:
    """Give name, entry point and version conflict (None for none) of each instrumentation that is not disabled."""
    left_out = disabled()
    if "*" in left_out:
        return
    owners = {(entry.name, entry.value): dist for dist in distributions() for entry in dist.entry_points}
    for entry_point in entry_points(group=_GROUP):
        if entry_point.name not in left_out:
            dist = owners.get((entry_point.name, entry_point.value))
            yield entry_point.name, entry_point, get_dist_dependency_conflicts(dist) if dist else None
