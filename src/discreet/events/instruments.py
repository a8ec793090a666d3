"""Histograms of durations, each made once, before the meter provider is set or after."""

from __future__ import annotations

from typing import Final

from opentelemetry.metrics import Histogram, MeterProvider, get_meter_provider

SCOPE: Final = "discreet.performance"
BOUNDARIES: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
"""In seconds; those that the conventions advise for `http.server.request.duration`."""
_MOST: Final = 1024
"""Names beyond which none is remembered: they are made up while the app runs."""


class Durations:
    """The histograms by name, of the global provider."""

    def __init__(self) -> None:
        self._provider: MeterProvider | None = None
        self._made: dict[str, Histogram] = {}

    def named(self, name: str) -> Histogram:
        """Give the histogram ``<name>.duration``."""
        provider = get_meter_provider()
        if provider is not self._provider:
            self._turn_to(provider)
        made = self._made.get(name)
        return self._make(name, provider) if made is None else made

    def _turn_to(self, provider: MeterProvider) -> None:
        if self._provider is not None and not _stands_in(self._provider):
            self._made = {}  # those of a stand-in hand on to the provider that is set
        self._provider = provider

    def _make(self, name: str, provider: MeterProvider) -> Histogram:
        if len(self._made) >= _MOST:
            self._made = {}
        made = self._made[name] = provider.get_meter(SCOPE).create_histogram(
            f"{name}.duration",
            unit="s",
            description=f"Duration of {name}.",
            explicit_bucket_boundaries_advisory=BOUNDARIES,
        )
        return made


def _stands_in(provider: MeterProvider) -> bool:
    """Say whether a provider is the API's own, which is there until one is set."""
    return type(provider).__module__.startswith("opentelemetry.metrics.")


DURATIONS: Final = Durations()
"""The histograms of this process."""
