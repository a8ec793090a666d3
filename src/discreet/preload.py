"""Arms the guard in every process of an environment, however it starts: for images that instrument apps from outside.

Opt-in: a file `discreet.pth` among the site packages, with the one line `import discreet.preload`. That loads nothing
of OpenTelemetry; the guard is armed right after the process itself imports the SDK.
"""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

AWAITED = "opentelemetry.sdk"
"""The package from which every provider comes."""


class _Arming(Loader):
    """Loads a module as its own loader does, and arms the guard afterwards."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Leave it to the loader itself."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Load, and arm; where arming fails the app runs on, and a line says so."""
        self._loader.exec_module(module)
        try:
            from discreet import runtime

            runtime.arm("discreet.pth")
        except Exception as error:
            if sys.stderr is not None:
                sys.stderr.write(f"discreet: the guard is not armed ({type(error).__name__})\n")

    def __getattr__(self, name: str) -> Any:
        """Pass for the loader itself."""
        return getattr(self._loader, name)


class _Waiting(MetaPathFinder):
    """Waits for the first module of the SDK that makes providers."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Find what the path finder finds, once; everything else is left to the others."""
        parent, _, child = name.rpartition(".")
        if parent != AWAITED or child not in {"trace", "_logs", "metrics"}:
            return None
        sys.meta_path.remove(self)
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Arming(spec.loader)
        return spec


def wait() -> None:
    """Wait for the SDK, or arm at once where it is loaded already. Idempotent."""
    if any(f"{AWAITED}.{child}" in sys.modules for child in ("trace", "_logs", "metrics")):
        from discreet import runtime

        runtime.arm("discreet.pth")
    elif not any(isinstance(finder, _Waiting) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Waiting())


wait()
