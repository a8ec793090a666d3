"""The table of detectors: every row is proven by its own example and near-miss."""

from __future__ import annotations

import re
from typing import Any

import pytest

from discreet.detectors import DETECTORS, KIND_LEVELS, Detector, detectors_named
from discreet.detectors.model import LEVELS
from discreet.redaction import Redactor, marker

NAMES = [f"{row.group}-{row.kind}" for row in DETECTORS]


@pytest.mark.parametrize("row", DETECTORS, ids=NAMES)
def test_every_detector_finds_its_example(row: Detector) -> None:
    """The example of a row is found by that row alone, under its kind."""
    found: set[str] = set()
    clean = Redactor([row]).text(row.example, found)
    assert found == {row.kind}
    assert marker(row.kind) in clean


@pytest.mark.parametrize("row", DETECTORS, ids=NAMES)
def test_every_detector_leaves_its_near_miss(row: Detector) -> None:
    """The near-miss of a row stays as it is, under all detectors together too."""
    assert Redactor([row]).text(row.near_miss, set()) == row.near_miss
    assert Redactor().text(row.near_miss, set()) == row.near_miss


@pytest.mark.parametrize("row", DETECTORS, ids=NAMES)
def test_every_detector_matches_only_where_its_gate_and_hints_do(row: Detector) -> None:
    """Gate and hints are there in the example, and every row names its source."""
    assert re.search(row.gate, row.example)
    assert not row.hints or any(hint in row.example.lower() for hint in row.hints)
    assert row.source


def test_every_kind_has_a_level() -> None:
    """Every kind a row or a key can report has one of the two levels."""
    assert {row.kind for row in DETECTORS} <= set(KIND_LEVELS)
    assert set(KIND_LEVELS.values()) == set(LEVELS)


def test_detectors_are_selected_by_kind_or_group() -> None:
    """A kind and a group select their rows, in the order of the table."""
    assert {row.kind for row in detectors_named(["email", "jwt"])} == {"email", "jwt"}
    assert all(row.group == "financial" for row in detectors_named(["financial"]))
    assert detectors_named([]) == ()


def test_an_unknown_detector_is_an_error_that_names_the_nearest() -> None:
    """A misspelt name raises; the message says where and which known one is nearest, and never the name."""
    with pytest.raises(ValueError, match=r"\(the name at place 1\): did you mean 'email'\?"):
        detectors_named(["emial"])
    with pytest.raises(ValueError, match="known are: "):
        detectors_named(["123"])


@pytest.mark.parametrize(
    ("changed", "message"),
    [({"kind": "No Good"}, "lower-case"), ({"level": "high"}, "level"), ({"pattern": "("}, "does not compile")],
)
def test_a_row_that_cannot_work_is_refused(changed: dict[str, str], message: str) -> None:
    """A bad kind, level or pattern raises when the row is made."""
    good: dict[str, Any] = {"kind": "x", "group": "g", "pattern": "x", "gate": "x", "level": "restricted"}
    said = {"example": "x", "near_miss": "y", "source": "here"}
    with pytest.raises(ValueError, match=message):
        Detector(**{**good, **said, **changed})
