"""A service with a start-up probe that asks whether its telemetry is guarded, and one that fails it."""
