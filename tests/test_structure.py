"""The house's own rules: imports point downwards, the core is pure, modules stay small, folders hold names."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "discreet"
MODULES = sorted(SOURCE.rglob("*.py"))

LAYERS = (
    {"detectors"},
    {"redaction", "classification"},
    {"policy"},
    {"metrics", "context", "errors", "events"},
    {"sampling"},
    {"guard"},
    {"health"},
    {"setup"},
    {"reload", "opamp"},
    {"runtime"},
    {"integrations", "processors", "distro", "launch", "launcher", "preload", "propagator", "rules", "cli"},
)
"""From the bottom up; a room may use its own layer and those beneath."""

PURE = ("detectors", "redaction", "classification")


def _room(module: str) -> str:
    return module.split(".")[1] if module.count(".") else ""


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {
                f"{node.module}.{alias.name}" if node.module == "discreet" else node.module for alias in node.names
            }
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names


def _layer(room: str) -> int:
    return next(number for number, rooms in enumerate(LAYERS) if room in rooms)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_downwards(path: Path) -> None:
    """No module imports from a layer above its own."""
    room = path.relative_to(SOURCE).with_suffix("").parts[0]
    if room in {"__init__", "testing"}:
        return
    for name in _imports(path):
        if name.startswith("discreet.") and _room(name) != room:
            assert _layer(_room(name)) <= _layer(room), name


@pytest.mark.parametrize("room", PURE)
def test_the_core_is_pure(room: str) -> None:
    """Detectors, redaction and classification know nothing of OpenTelemetry."""
    for path in (SOURCE / room).rglob("*.py"):
        assert not [name for name in _imports(path) if name.split(".")[0] == "opentelemetry"], path


def test_modules_stay_small() -> None:
    """No module is longer than 400 lines."""
    assert [path.name for path in MODULES if len(path.read_text().splitlines()) > 400] == []


def test_folders_hold_names_only() -> None:
    """An `__init__` of a room defines nothing, and everything in its `__all__` is there."""
    for path in SOURCE.glob("*/__init__.py"):
        body = ast.parse(path.read_text()).body
        assert not [node for node in body if isinstance(node, ast.ClassDef)], path
