"""Validators: check digits, ranges and placeholders."""

from __future__ import annotations

import pytest

from discreet.detectors import validators
from discreet.detectors.cards import card_spans, is_card
from discreet.detectors.emails import email_spans

CARDS = [
    "4111111111111111",
    "4222222222222",
    "5555555555554444",
    "2221000000000009",
    "378282246310005",
    "30569309025904",
    "6011111111111117",
    "3530111333300000",
    "6200000000000005",
    "6759649826438453",
]


@pytest.mark.parametrize("digits", CARDS)
def test_published_test_numbers_of_the_networks_are_cards(digits: str) -> None:
    """A number with prefix, length and check digit of a network is a card, with another check digit it is none."""
    assert is_card(digits)
    assert not is_card(digits[:-1] + str((int(digits[-1]) + 1) % 10))


@pytest.mark.parametrize("text", ["0000000000000000", "1234567890123452", "41111111111", "9999999999999995"])
def test_other_numbers_are_no_cards(text: str) -> None:
    """A wrong prefix, a wrong length and one repeated digit are no card."""
    assert not is_card(text)


@pytest.mark.parametrize(
    ("text", "cards"),
    [
        ("4111 1111 1111 1111", ["4111 1111 1111 1111"]),
        ("5 4111 1111 1111 1111 200", ["4111 1111 1111 1111"]),
        ("3782-822463-10005", ["3782-822463-10005"]),
        ("4111.1111.1111.1111", ["4111.1111.1111.1111"]),
        ("0.4111111111111111", []),
        ("94111111111111111112", []),
        ("41 11 11 11 11 11 11 11", []),
        ("0x4111111111111111", []),
        ("4bf4111111111111111aada6a3ce929d0", []),
    ],
)
def test_cards_are_whole_groups(text: str, cards: list[str]) -> None:
    """A card is made of whole digit groups as people write them, outside of floats, hashes and longer numbers."""
    assert [text[start:end] for start, end in card_spans(text, 0, len(text))] == cards


def test_the_ranges_of_social_security_numbers() -> None:
    """Areas 000, 666 and 9xx, group 00 and serial 0000 were never issued."""
    assert validators.ssn("078-05-1120")
    assert not any(map(validators.ssn, ["000-12-3456", "666-12-3456", "900-12-3456", "123-00-4567", "123-45-0000"]))


@pytest.mark.parametrize(
    "value",
    [
        "***",
        "xxxx",
        "...",
        "<password>",
        "${PASSWORD}",
        "$PASSWORD",
        "{{token}}",
        "{password}",
        "%(password)s",
        "%s",
        "null",
        "None",
        "true",
        "False",
        "[Filtered]",
        "your-key-here",
    ],
)
def test_placeholders_and_prose_are_no_values(value: str) -> None:
    """Masks, templates and literals of nothing are not worth a marker, nor are the words of a sentence."""
    assert not validators.keyed_value(value)
    assert validators.prose("must")
    assert validators.prose("Expired.")


@pytest.mark.parametrize("value", ["hunter2", "***hunter2", "$hunter2", "Tr0ub4dor&3", "a", "x1"])
def test_everything_else_is_a_value(value: str) -> None:
    """What is no placeholder is taken for a value."""
    assert validators.keyed_value(value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("to zoe@example.org.", "zoe@example.org"),
        ("zoe@example.org.json", "zoe@example.org"),
        ("x=zoe+a@mail.example.co.uk", "zoe+a@mail.example.co.uk"),
        ("git@github.com:org/repo", None),
        ("https://zoe@example.org", None),
        ("icon@2x.min.js", None),
    ],
)
def test_an_address_is_found_round_its_at_sign(text: str, found: str | None) -> None:
    """The local part goes back to its first character; look-alikes give nothing."""
    at = text.index("@")
    end = at + 1 + len(text[at + 1 :].rstrip(".").split(":")[0])
    spans = [text[start:stop] for start, stop in email_spans(text, at, end)]
    assert spans == ([found] if found else [])


def test_basic_and_bearer_and_jwt() -> None:
    """Only base64 of `user:password`, tokens and JSON web tokens pass."""
    assert validators.basic("QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
    assert not validators.basic("authentication")
    assert validators.bearer("mF_9.B5f-4.1JqM")
    assert not validators.bearer("authentication")
    assert validators.jwt("eyJhbGciOiJIUzI1NiJ9")
    assert not validators.jwt("eyJwYWdlIjoyfQ")
