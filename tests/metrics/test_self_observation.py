"""Our own work is reported from zero on."""

from __future__ import annotations

import os

from discreet.metrics import COUNTS, register_self_observation
from tests.guard.memory import measured, points


def test_withheld_is_exported_as_zero_from_the_start() -> None:
    """A counter that is born at its first failure would hide that failure from `increase()`."""
    COUNTS.reset()
    provider, reader = measured()
    register_self_observation(provider)
    withheld = {
        (p.attributes["signal"], p.attributes["reason"]): p.value for p in points(reader)["discreet.records.withheld"]
    }
    assert withheld["span", "redaction_failed"] == 0
    assert set(withheld.values()) == {0}


def test_counts_are_reported() -> None:
    """What the guard counts is what is reported, by signal, category, level, kind and reason."""
    COUNTS.reset()
    provider, reader = measured()
    register_self_observation(provider)
    register_self_observation(provider)
    COUNTS.withheld("log", "redaction_failed")
    COUNTS.processed("span", "api", "internal")
    COUNTS.redacted({"email", "card"})
    COUNTS.foreign_raised("span")
    found = points(reader)
    assert sum(point.value for point in found["discreet.records.withheld"]) == 1
    (processed,) = found["discreet.records.processed"]
    assert dict(processed.attributes) == {
        "signal": "span",
        "discreet.category": "api",
        "discreet.security_level": "internal",
    }
    assert {point.attributes["kind"] for point in found["discreet.redactions"]} == {"email", "card"}


def test_a_forked_child_counts_anew() -> None:
    """What the parent counted is not reported by the child again."""
    COUNTS.withheld("log", "redaction_failed")
    child = os.fork()
    if child == 0:
        os._exit(sum(COUNTS.snapshot()["withheld"].values()))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
