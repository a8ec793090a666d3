"""Our own work is reported from zero on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from discreet.detectors import CATALOGUE, DETECTORS
from discreet.metrics import COUNTS, register_self_observation, self_observation
from discreet.metrics.self_observation import ROWS
from discreet.policy import Policy, put_in_force, resolve
from tests.guard.memory import measured, points

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _count_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(self_observation, "_states", {"time": COUNTS.seconds})  # earlier tests have states asked for
    COUNTS.reset()
    yield
    COUNTS.reset()


def _by_attributes(found: list[Any]) -> dict[tuple[Any, ...], Any]:
    return {tuple(point.attributes.values()): point.value for point in found}


def test_everything_is_exported_as_zero_from_the_start() -> None:
    """A counter that is born at its first failure would hide that failure from `increase()`."""
    settings, _ = resolve(
        environ={"DISCREET_EXPORTERS": "console=internal", "DISCREET_LEVEL_ACTIONS": "public=drop,internal=keep"}
    )
    put_in_force(Policy.compiled(settings))
    provider, reader = measured()
    register_self_observation(provider)
    found = points(reader)
    assert set(found) == {row.name for row in ROWS}
    assert {point.value for series in found.values() for point in series} == {0}
    withheld = _by_attributes(found["discreet.records.withheld"])
    held = _by_attributes(found["discreet.held"])
    assert set(held) == {(s, "console", level) for s in ("span", "log") for level in ("confidential", "restricted")}
    acted = _by_attributes(found["discreet.level_actions"])
    assert set(acted) == {(s, action, "public") for s in ("span", "log") for action in ("strip", "drop")}
    assert set(withheld) >= {(signal, "redaction_failed") for signal in ("span", "log", "metric")}
    kinds = {row.kind for row in DETECTORS} | {row.kind for row in CATALOGUE.values() if row.kind != "-"}
    known = {(kind,) for kind in kinds if not kind.endswith("_token")}
    assert set(_by_attributes(found["discreet.redactions"])) == known


def test_counts_are_reported() -> None:
    """What the guard counts is what is reported, by signal, category, level, kind and reason."""
    provider, reader = measured()
    register_self_observation(provider)
    COUNTS.withheld("log", "redaction_failed")
    COUNTS.processed("span", "api", "restricted")
    COUNTS.redacted({"email", "a kind of a third party"})
    COUNTS.foreign_raised("span")
    COUNTS.overflowed()
    COUNTS.reloaded("refused")
    COUNTS.dropped("span", "queue_full", 3)
    COUNTS.exported("log", "failure")
    COUNTS.worked("span", 0.5)
    COUNTS.held("span", "console", "restricted")
    COUNTS.acted("log", "drop", "public")
    COUNTS.error(("api", "KeyError", "f00d"))
    found = points(reader)
    changed = {name: {key: n for key, n in _by_attributes(series).items() if n} for name, series in found.items()}
    assert not any(changed.pop(row.name) for row in ROWS if row.instrument == "gauge")
    assert changed == {
        "discreet.records.withheld": {("log", "redaction_failed"): 1},
        "discreet.records.processed": {("span", "api", "restricted"): 1},
        "discreet.redactions": {("email",): 1, ("a kind of a third party",): 1},
        "discreet.foreign.raised": {("span",): 1},
        "discreet.metrics.overflow": {(): 1},
        "discreet.reloads": {("refused",): 1},
        "discreet.records.dropped": {("span", "queue_full"): 3},
        "discreet.exports": {("log", "failure"): 1},
        "discreet.guard.time": {("span",): 0.5},
        "discreet.held": {("span", "console", "restricted"): 1},
        "discreet.level_actions": {("log", "drop", "public"): 1},
        "discreet.errors": {("api", "KeyError", "f00d"): 1},
    }
    for row in ROWS:
        assert all(tuple(point.attributes) == row.attributes for point in found[row.name])


def test_registering_twice_reports_once(caplog: pytest.LogCaptureFixture) -> None:
    """A second registration for the same provider adds nothing, and the SDK warns of nothing."""
    provider, reader = measured()
    register_self_observation(provider)
    register_self_observation(provider)
    COUNTS.foreign_raised("span")
    assert _by_attributes(points(reader)["discreet.foreign.raised"])["span",] == 1
    assert not caplog.records
