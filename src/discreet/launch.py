"""Loaded by the ``opentelemetry-instrument`` command alone (entry point ``opentelemetry_environment_variables``)."""

from discreet.launcher import choose

choose()
