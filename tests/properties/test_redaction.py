"""Properties of redaction that hold for every input."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discreet.redaction import Redactor
from tests.properties.strategies import KEYS, NESTED, PIECES, TEXTS
from tests.redaction.corpus import CANARIES, OBFUSCATED

REDACTOR = Redactor()
PLAIN = Redactor(use_re2=False)
SMALL = Redactor(max_text=40, max_items=6, max_depth=3)
many = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
# A separator on both sides makes the canary a whole token that its neighbours cannot lengthen.
EDGES = st.sampled_from([" ", "\n", '"', "'", "<", ">", "|", " | ", "\t"])


def encodable(value: Any, depth: int) -> bool:
    """Say whether the OTLP encoder takes a value: plain types, UTF-8, 64 bits, bounded depth."""
    if isinstance(value, list):
        return depth > 0 and type(value) is list and all(encodable(item, depth - 1) for item in value)
    if isinstance(value, dict):
        keys = all(type(key) is str and encodable(key, 1) for key in value)
        return depth > 0 and type(value) is dict and keys and all(encodable(item, depth - 1) for item in value.values())
    if type(value) is str:
        return value.encode().decode() == value
    if type(value) is int:
        return -(2**63) <= value < 2**63
    return value is None or type(value) in {bool, float, bytes}


@many
@given(TEXTS)
def test_redacting_text_twice_changes_nothing(text: str) -> None:
    """Redacted text is clean: a second pass finds nothing and changes nothing."""
    for redactor in (REDACTOR, SMALL):
        once = redactor.text(text, set())
        found: set[str] = set()
        assert redactor.text(once, found) == once
        assert not found or once.startswith("[WITHHELD")


@many
@given(TEXTS)
def test_both_engines_agree(text: str) -> None:
    """With and without google-re2 text and kinds are the same."""
    found: set[str] = set()
    plain: set[str] = set()
    assert REDACTOR.text(text, found) == PLAIN.text(text, plain)
    assert found == plain


@many
@given(st.dictionaries(KEYS, NESTED, max_size=5))
def test_attributes_come_back_encodable_and_stable(attributes: dict[str, Any]) -> None:
    """Any nested objects give encodable attributes, within bounds, and a second pass changes nothing."""
    for redactor in (REDACTOR, SMALL):
        once = redactor.attributes(attributes, set())
        assert encodable(once, redactor.max_depth + 1)
        assert repr(redactor.attributes(once, set())) == repr(once)


@many
@given(NESTED, st.one_of(st.none(), KEYS))
def test_a_value_is_not_changed_and_its_copy_is_encodable(value: Any, key: str | None) -> None:
    """What the caller gave stays as it was; what comes back is plain."""
    before = repr(copy.copy(value))
    assert encodable(REDACTOR.value(value, key, set()), REDACTOR.max_depth)
    assert repr(value) == before


@pytest.mark.parametrize("kind", CANARIES)
@many
@given(before=PIECES.map("".join), after=PIECES.map("".join), left=EDGES, right=EDGES)
def test_a_planted_canary_never_survives(kind: str, before: str, after: str, left: str, right: str) -> None:
    """Whatever stands round a private value, it does not come through."""
    canary = CANARIES[kind]
    before, after = before.replace(canary, ""), after.replace(canary, "")
    assert canary not in REDACTOR.text(f"{before}{left}{canary}{right}{after}", set())


@many
@given(st.sampled_from([text for texts in OBFUSCATED.values() for text in texts]), TEXTS, TEXTS)
def test_an_obfuscated_canary_never_survives(canary: str, before: str, after: str) -> None:
    """The same holds for encoded and disguised values."""
    before, after = before.replace(canary, ""), after.replace(canary, "")
    assert canary not in REDACTOR.text(f"{before} | {canary} | {after}", set())


@many
@given(st.text(max_size=12, alphabet="abcXYZ0189!$*+-_/.,:;&%#@()[]{}<>~^|?'`").map("Q7{}".format))
def test_a_value_behind_a_password_key_never_survives(secret: str) -> None:
    """A password in quotes is replaced whole, whatever its characters; bare, nothing of its beginning is left."""
    assert REDACTOR.text(f'password="{secret}" x', set()) == 'password="[REDACTED:password]" x'
    assert REDACTOR.text(f'{{"password": "{secret}"}}', set()) == '{"password": "[REDACTED:password]"}'
    assert "Q7" not in REDACTOR.text(f"password={secret}", set())
    assert "Q7" not in REDACTOR.text(f"password: {secret} x", set())
