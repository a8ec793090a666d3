"""The table of detectors: every row is proven by its own example and near-miss."""

from __future__ import annotations

from typing import Any

import pytest

from discreet.detectors import DETECTORS, KIND_LEVELS, Detector, DetectorError, detectors_named
from discreet.detectors.model import LEVELS
from discreet.redaction import Redactor
from discreet.redaction.engine import HAVE_RE2
from discreet.redaction.gates import literals, searcher
from discreet.redaction.rules import shape_gate

REDACTOR = Redactor()


@pytest.mark.parametrize("row", DETECTORS, ids=lambda row: row.name)
def test_every_detector_finds_its_example_and_leaves_its_near_miss(row: Detector) -> None:
    """A row finds its example, alone and among all, and not its near-miss."""
    for redactor in (Redactor([row]), REDACTOR):
        assert row.name in {span.detector for span in redactor._engine.all_spans(row.example)}
        assert row.name not in {span.detector for span in redactor._engine.all_spans(row.near_miss)}


def test_every_row_has_a_name_of_its_own() -> None:
    """Names are unique: they are what an explanation shows."""
    names = [row.name for row in DETECTORS]
    assert [name for name in set(names) if names.count(name) > 1] == []


@pytest.mark.parametrize("row", [row for row in DETECTORS if row.proof == "shape"], ids=lambda row: row.name)
def test_every_gate_matches_where_its_pattern_does(row: Detector) -> None:
    """A gate, given or derived, matches the example for both engines."""
    gate = shape_gate(row)
    assert searcher(gate)(row.example)
    assert not literals(gate) or any(word in row.example.lower() for word in literals(gate))
    if HAVE_RE2:
        import re2

        assert re2.compile(gate).search(row.example)


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
    with pytest.raises(ValueError, match="known groups are: "):
        detectors_named(["123"])


GOOD: dict[str, Any] = {
    "kind": "x",
    "group": "g",
    "pattern": "x",
    "level": "restricted",
    "example": "x",
    "near_miss": "y",
    "source": "here",
}


@pytest.mark.parametrize("field", GOOD)
def test_a_row_that_lacks_something_is_refused(field: str) -> None:
    """Without example, near-miss, source or any other field a detector does not load."""
    with pytest.raises(DetectorError, match=field):
        Detector(**{**GOOD, field: ""})


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"kind": "No Good"}, "lower-case"),
        ({"level": "high"}, "level"),
        ({"proof": "word"}, "words"),
        ({"name": "a b"}, "name"),
    ],
)
def test_a_row_that_cannot_work_is_refused(changed: dict[str, str], message: str) -> None:
    """A bad kind, level, proof or name raises when the row is made, and the message does not quote it."""
    with pytest.raises(DetectorError, match=message) as caught:
        Detector(**{**GOOD, **changed})
    assert not any(value in str(caught.value) for value in ("No Good", "high", "a b"))
