"""Gates: derived from patterns, never narrower than them."""

from __future__ import annotations

import json

import pytest

from discreet.redaction.gates import derive, gate_of, literals, searcher
from tests.redaction.write_gates import STORE, gates


def test_the_store_is_what_deriving_gives() -> None:
    """The stored gates are those of the table as it is; `make gates` writes them."""
    assert json.loads(STORE.read_text(encoding="utf-8")) == gates()


@pytest.mark.parametrize(
    ("pattern", "gate"),
    [
        ("ghp_[A-Za-z0-9]{36,}", "ghp_(?:[A-Za-z0-9]){12}"),
        ("(?i)token x", r"(?i:token\ x)"),
        ("(?<![0-9])a(?!b)c", "(?:^|[^0-9])ac"),
        ("(?:ab|cd)?x", "(?:(?:ab|cd))?x"),
        (r"(a)\1b", "(?:a)"),
        ("ab*", "a"),
    ],
)
def test_a_gate_is_the_pattern_cut_where_it_is_proven(pattern: str, gate: str) -> None:
    """Look-around and anchors go, a boundary stays, long runs and what stands behind them are cut."""
    assert derive(pattern) == gate


def test_a_gate_may_ask_for_any_digit() -> None:
    """Then no digit is told from another, in classes, choices and text."""
    gate = derive("1[2-5]-(?:A7|0[1-9])x", any_digit=True)
    assert gate == r"[0-9][0-9]\-(?:A[0-9]|[0-9][0-9])x"


def test_a_gate_of_a_new_pattern_is_derived() -> None:
    """What the store does not know is derived on the spot."""
    assert gate_of("TCK-[0-9]{4}") == derive("TCK-[0-9]{4}")


def test_classes_are_the_wider_of_both_engines() -> None:
    """What the standard library takes for a digit, letter or blank, the gate takes too."""
    for pattern, text in (
        (r"\d{2}", "\u0661\u0662"),
        (r"\wx", "\u00e9x"),
        (r"a\sb", "a\x85b"),
        (r"[^\W\d]x", "\u00e9x"),
    ):
        assert searcher(derive(pattern))(text)


def test_literals_are_in_whatever_the_gate_matches() -> None:
    """One of them is in each lower-cased text that the gate matches; unknown ones are none."""
    assert literals(derive("(?:Foo|barbar)[0-9]{3}")) == ("barbar", "foo")
    assert literals(derive("[a-z]{3}[0-9]")) == ()
