"""The guard: OpenTelemetry's own dispatch points, instrumented so that everything that passes them is clean."""

from discreet.guard.arming import armed, install, unguarded, uninstall

__all__ = ["armed", "install", "unguarded", "uninstall"]
