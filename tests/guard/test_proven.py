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


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # its first text on a machine takes seconds
@given(st.lists(ATTRIBUTES, max_size=4))
def test_what_is_remembered_changes_nothing(sequence: list[dict[str, Any]]) -> None:
    """Whatever came before, attributes come out as the redactor alone gives them, and so do the kinds found."""
    for attributes in sequence:
        found: set[str] = set()
        alone: set[str] = set()
        assert repr(proven.clean(attributes, found, current())) == repr(
            current().redactor.attributes(attributes, alone)
        )
        assert found == alone


def test_no_private_pair_is_kept() -> None:
    """Of what was redacted nothing stays in memory."""
    proven.clean({"a": EMAIL, "password": "hunter2", "n": int(CARD), "fine": "ok"}, set(), current())
    assert not proven.all_known({"a": EMAIL, "fine": "ok"}, current())
    assert proven.all_known({"fine": "ok"}, current())
    kept = repr(proven._of(current()).pairs)
    assert "'ok'" in kept
    for private in (EMAIL, "hunter2", CARD):
        assert private not in kept


def test_clean_pairs_are_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time, the redactor is asked about new pairs only."""
    proven.clean({"a": "x", "b": 1}, set(), current())
    asked: list[Any] = []

    def noting(_self: Redactor, attributes: dict[str, Any], _found: set[str]) -> dict[str, Any]:
        asked.append(dict(attributes))
        return dict(attributes)

    monkeypatch.setattr(Redactor, "attributes", noting)
    assert proven.clean({"a": "x", "b": 1, "c": "new"}, set(), current()) == {"a": "x", "b": 1, "c": "new"}
    assert asked == [{"c": "new"}]


def test_another_policy_knows_nothing() -> None:
    """What one policy let pass is looked at again under the next."""
    put_in_force(Policy.compiled(resolve(arguments={"detectors": ["email"]})[0]))
    assert proven.clean({"n": CARD}, set(), current()) == {"n": CARD}
    put_in_force(None)
    assert proven.clean({"n": CARD}, set(), current()) == {"n": "[REDACTED:card]"}


def test_two_policies_at_once_learn_nothing_from_each_other() -> None:
    """While one is swapped, records of the old and of the new pass beside each other."""
    lax = Policy.compiled(resolve(arguments={"detectors": ["email"]})[0])
    for _ in range(3):
        assert proven.clean({"n": CARD}, set(), lax) == {"n": CARD}
        assert not proven.all_known({"n": CARD}, current())
        assert proven.clean({"n": CARD}, set(), current()) == {"n": "[REDACTED:card]"}


def test_memory_is_bounded() -> None:
    """Endless new values do not add up."""
    for number in range(40_000):
        proven.clean({"a": f"value {number}"}, set(), current())
        proven.all_known({"a": f"value {number}"}, current())
    assert len(proven._of(current()).pairs) <= 16_385
