"""Actions: what stands in a value's place."""

from __future__ import annotations

from typing import Any

import pytest

from discreet.redaction import ACTIONS, Actions, PseudonymKey, Redactor
from discreet.redaction.genai import CONTENT

KEY = PseudonymKey.checked("k1", b"0123456789abcdef")
OTHER = PseudonymKey.checked("k2", b"fedcba9876543210")
# kind, a text in which it is, the value, what truncation leaves of it.
VALUES = [
    ("email", "mail zoe@example.org now", "zoe@example.org", "[REDACTED:email]"),
    ("card", "paid 4111 1111 1111 1111 now", "4111 1111 1111 1111", "[REDACTED:card]"),
    ("ip_address", "from 8.8.8.8 now", "8.8.8.8", "8.8.8.0"),
    ("ip_address", "from 2001:4860:4860::8888 now", "2001:4860:4860::8888", "2001:4860:4860::"),
    ("birth_date", "dob=1990-05-12 now", "1990-05-12", "1990"),
    ("location", "latitude=48.13743 now", "48.13743", "48.1"),
    ("password", "password=hunter2 now", "hunter2", "[REDACTED:password]"),
]


def redactor(kind: str, action: str, key: PseudonymKey | None = KEY) -> Redactor:
    """Give a redactor with one action."""
    return Redactor(actions=Actions({kind: action}, key))


@pytest.mark.parametrize(("kind", "text", "value", "short"), VALUES)
@pytest.mark.parametrize("action", [action for action in ACTIONS if action != "keep"])
def test_no_action_but_keep_leaves_the_value(action: str, kind: str, text: str, value: str, short: str) -> None:
    """Whatever the action, the value is gone, what stands round it stays, and a second pass changes nothing."""
    clean = redactor(kind, action).text(text, set())
    assert value not in clean
    assert clean.startswith(text[: text.index(value)])
    assert clean.endswith(" now")
    assert redactor(kind, action).text(clean, set()) == clean
    if action == "truncate":
        assert clean == text.replace(value, short)


@pytest.mark.parametrize(("kind", "text", "value", "short"), VALUES)
def test_what_is_kept_is_not_found(kind: str, text: str, value: str, short: str) -> None:
    """`keep` leaves the text as it is, reports nothing, and other kinds go as ever."""
    found: set[str] = set()
    assert redactor(kind, "keep").text(text, found) == text
    assert kind not in found
    assert short
    assert "AKIA" not in redactor(kind, "keep").text(f"{text} AKIAIOSFODNN7EXAMPLE {value}", set())


def test_a_mask_shows_the_last_four_of_a_long_value_only() -> None:
    """Four of twelve characters or more are shown (PCI DSS 3.4.1); a shorter value is redacted."""
    mask = redactor("card", "mask")
    assert mask.text("4111 1111 1111 1111", set()) == "****1111"
    assert mask.attributes({"card_number": 4111111111111111}, set()) == {"card_number": "****1111"}
    assert mask.attributes({"card_number": "****1111"}, set()) == {"card_number": "****1111"}
    assert redactor("password", "mask").text("password=hunter2", set()) == "password=[REDACTED:password]"


def test_pseudonyms_are_the_same_for_the_same_value_and_key() -> None:
    """The same person has the same token in every spelling, another one under another kind, key or key id."""
    same = redactor("email", "pseudonymize")
    one, two, three = (same.text(text, set()) for text in ("zoe@example.org", "ZOE@example.org", "zoe%40example.org"))
    assert one == two == three
    assert one.startswith("[PSEUDONYM:email:k1:")
    assert one != same.text("zoe2@example.org", set())
    assert one != redactor("email", "pseudonymize", OTHER).text("zoe@example.org", set())
    assert redactor("email", "pseudonymize", None).text("zoe@example.org", set()) == "[REDACTED:email]"


def test_a_dropped_attribute_is_gone() -> None:
    """`drop` takes the attribute away, by key and by value, and leaves the others."""
    drop = redactor("email", "drop")
    attributes = {"user.email": "zoe", "note": "to zoe@example.org", "card_number": "4111111111111111", "n": 1}
    assert drop.attributes(attributes, set()) == {"card_number": "[REDACTED:card]", "n": 1}


@pytest.mark.parametrize(
    ("key_id", "secret", "message"),
    [("", b"0" * 16, "id"), ("K1", b"0" * 16, "id"), ("k12345", b"0" * 16, "id"), ("k1", b"short", "16")],
)
def test_a_weak_key_is_refused(key_id: str, secret: bytes, message: str) -> None:
    """An id that could hide a number and a short secret are errors that do not quote them."""
    with pytest.raises(ValueError, match=message) as caught:
        PseudonymKey.checked(key_id, secret)
    assert "short" not in str(caught.value)


@pytest.mark.parametrize("key", CONTENT)
def test_content_of_language_models_is_withheld_whole_on_demand(key: str) -> None:
    """Prompts and completions go whole with the option, and only what is private in them without; counts stay."""
    attributes: dict[str, Any] = {
        key: [{"role": "user", "content": "I am zoe@example.org"}],
        "gen_ai.usage.input_tokens": 7,
    }
    kept = Redactor().attributes(attributes, set())
    assert kept[key] == [{"role": "user", "content": "I am [REDACTED:email]"}]
    withheld = Redactor(genai_content="withhold").attributes(attributes, set())
    assert withheld == {key: "[WITHHELD:content]", "gen_ai.usage.input_tokens": 7}
