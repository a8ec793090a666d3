"""The state of the guard by signal, as a metric reports it at each collection: some 0.5 ms."""

from __future__ import annotations

from discreet.guard import arming

_NEEDED = {
    "span": {"span", "batch", "limits"},
    "log": {"log", "batch", "limits"},
    "metric": {"metric"},
    "headers": {"headers"},
    "output": {"output"},
}
"""For each signal, the points' own signals that it cannot do without."""


def active() -> dict[tuple[str, ...], int]:
    """Give 1 for each signal that is guarded, by its points and its global provider, else 0."""
    from discreet.guard.inventory import inventory

    lost = {point.signal for point in arming.unguarded()}
    states: dict[tuple[str, ...], int] = {
        (signal,): int(arming.installed() and not lost & needed) for signal, needed in _NEEDED.items()
    }
    for part in inventory(everywhere=False):
        if not part.net:
            states[part.signal,] = 0
    return states
