"""Pairs proven clean are not looked at again; nothing private is ever kept among them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discreet.guard import proven
from discreet.policy import Policy, current, put_in_force, resolve
from discreet.redaction import Redactor
from tests.guard.memory import CARD, EMAIL

VALUES = st.one_of(
    st.sampled_from([EMAIL, CARD, int(CARD), "password=abc", "fine", "", None, True, 1, 1.0, 0, "1"]),
    st.lists(st.sampled_from([EMAIL, "a"]), max_size=2),
    st.text(max_size=5),
    st.floats(),
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["a", "b", "password", EMAIL, f"k {EMAIL}", "ssn", "n"]), VALUES, max_size=5
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # its first text on a machine takes seconds
@given(st.lists(ATTRIBUTES, max_size=4))
def test_what_is_remembered_changes_nothing(sequence: list[dict[str, Any]]) -> None:
    """Whatever came before, attributes come out as the redactor alone gives them, and so do the kinds found."""
    for attributes in sequence:
        found: set[str] = set()
        alone: set[str] = set()
        assert repr(proven.clean(attributes, found)) == repr(current().redactor.attributes(attributes, alone))
        assert found == alone


def test_no_private_pair_is_kept() -> None:
    """Of what was redacted nothing stays in memory."""
    proven.clean({"a": EMAIL, "password": "hunter2", "n": int(CARD), "fine": "ok"}, set())
    assert not proven.all_known({"a": EMAIL, "fine": "ok"})
    assert proven.all_known({"fine": "ok"})
    kept = repr(proven._known())
    assert "'ok'" in kept
    for private in (EMAIL, "hunter2", CARD):
        assert private not in kept


def test_clean_pairs_are_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time, the redactor is asked about new pairs only."""
    proven.clean({"a": "x", "b": 1}, set())
    asked: list[Any] = []

    def noting(_self: Redactor, attributes: dict[str, Any], _found: set[str]) -> dict[str, Any]:
        asked.append(dict(attributes))
        return dict(attributes)

    monkeypatch.setattr(Redactor, "attributes", noting)
    assert proven.clean({"a": "x", "b": 1, "c": "new"}, set()) == {"a": "x", "b": 1, "c": "new"}
    assert asked == [{"c": "new"}]


def test_another_policy_knows_nothing() -> None:
    """What one policy let pass is looked at again under the next."""
    put_in_force(Policy.compiled(resolve(arguments={"detectors": ["email"]})[0]))
    assert proven.clean({"n": CARD}, set()) == {"n": CARD}
    put_in_force(None)
    assert proven.clean({"n": CARD}, set()) == {"n": "[REDACTED:card]"}


def test_memory_is_bounded() -> None:
    """Endless new values do not add up."""
    for number in range(40_000):
        proven.clean({"a": f"value {number}"}, set())
        proven.all_known({"a": f"value {number}"})
    assert len(proven._known()) <= 16_385
