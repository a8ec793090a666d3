"""Detectors from outside: configuration and entry points."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from discreet.detectors import Detector, DetectorError, custom, detector_of, installed, linear
from discreet.policy import Policy, resolve

ROW: dict[str, Any] = {"kind": "ticket", "pattern": "TCK-[0-9]{4}", "example": "see TCK-1234", "near_miss": "see TCK-x"}


def test_a_pattern_of_the_configuration_is_a_detector() -> None:
    """It is gated, matched and levelled like a built-in row."""
    settings, problems = resolve(arguments={"patterns": [ROW]})
    assert problems == []
    found: set[str] = set()
    redactor = Policy.compiled(settings).redactor
    assert redactor.text("see TCK-1234 of zoe@example.org", found) == "see [REDACTED:ticket] of [REDACTED:email]"
    assert found == {"ticket", "email"}


def test_a_pattern_may_need_a_word_beside_it() -> None:
    """With `words` it counts only near one of them."""
    row = {**ROW, "pattern": "[0-9]{6}", "example": "badge 123456", "near_miss": "123456", "words": ["badge"]}
    redactor = Policy.compiled(resolve(arguments={"patterns": [row]})[0]).redactor
    assert redactor.text("badge 123456 and 1 port 654321", set()).startswith("badge [REDACTED:ticket]")
    assert redactor.text("port 654321", set()) == "port 654321"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"kind": ""}, "kind"),
        ({"example": "nothing"}, "example"),
        ({"near_miss": "TCK-1234"}, "near_miss"),
        ({"level": "secret"}, "level"),
        ({"pattern": "("}, "does not compile"),
        ({"pattern": "[0-9]{0,4}"}, "empty"),
        ({"words": "badge"}, "words"),
        ({"colour": "red"}, "not known"),
        ({"pattern": "(a+)+TCK-[0-9]{4}"}, "bound every repeat"),
    ],
)
def test_a_pattern_that_cannot_be_used_says_why(changed: dict[str, Any], message: str) -> None:
    """Each error names field and rule, and quotes no value."""
    with pytest.raises(DetectorError, match=message) as caught:
        detector_of({**ROW, **changed})
    assert not any(len(str(value)) > 3 and str(value) in str(caught.value) for value in changed.values())


def test_a_wrong_pattern_is_a_problem_with_its_place() -> None:
    """The configuration's error says which pattern of the list, and the rest of the policy stands."""
    settings, (problem,) = resolve(arguments={"patterns": [ROW, {**ROW, "pattern": "("}]})
    assert "pattern 2" in str(problem)
    assert settings["patterns"] == ()


@pytest.mark.parametrize(
    "pattern", ["[a-z]{1,64}@[0-9]{2,10}", "a{3}b?c", "(?:ab|cd){2}[0-9]{1,5}", r"\bTCK-\d{1,8}\b"]
)
def test_linear_patterns_pass(pattern: str) -> None:
    """Bounded repeats with a fixed sign between them are linear."""
    linear.check(pattern)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("a+", "bound every repeat"),
        ("a{1,300}", "bound every repeat"),
        ("(?:a{1,5}b){1,5}", "inside another"),
        ("[a-z]{1,9}[a-c]{1,9}", "same character"),
        (r"(a)\1", "back-reference"),
        (r"\w{1,9}(?:x|a{1,9})", "same character"),
    ],
)
def test_patterns_that_may_not_be_linear_are_refused(pattern: str, message: str) -> None:
    """A pattern that could take more than linear time is refused, with the reason and not the pattern."""
    with pytest.raises(linear.NotLinear, match=message) as caught:
        linear.check(pattern)
    assert pattern not in str(caught.value)


def test_entry_points_bring_detectors(monkeypatch: pytest.MonkeyPatch) -> None:
    """A detector, an iterable of them, and what cannot be loaded, which costs nobody else."""
    row = detector_of(ROW)

    def broken() -> Any:
        raise ImportError("hunter2")

    entries = [
        SimpleNamespace(name="one", load=lambda: row),
        SimpleNamespace(name="many", load=lambda: [row, row]),
        SimpleNamespace(name="wrong", load=lambda: ["x"]),
        SimpleNamespace(name="broken", load=broken),
    ]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: entries)
    found, problems = installed()
    assert found == (row, row, row)
    assert [problem.split(":")[0] for problem in problems] == ["wrong", "broken"]
    assert "hunter2" not in "".join(problems)


def test_a_foreign_detector_is_tried_before_it_counts() -> None:
    """One that does not find its own example is refused."""
    row = Detector("x", "own", "abc", "restricted", "nothing", "y", "ours")
    with pytest.raises(DetectorError, match="example"):
        custom._try(row)
    assert re.compile(row.pattern)
