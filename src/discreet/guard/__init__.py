"""The guard: OpenTelemetry's own dispatch points, instrumented so that everything that passes them is clean."""

from discreet.guard.arming import armed, complete, install, unguarded, uninstall
from discreet.guard.deliveries import deliveries
from discreet.guard.state import active

__all__ = ["active", "armed", "complete", "deliveries", "install", "unguarded", "uninstall"]
