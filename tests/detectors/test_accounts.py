"""Accounts: what proves itself by a checksum is found, and nothing that lacks it."""

from __future__ import annotations

import hashlib
import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discreet.detectors.accounts import ACCOUNT_DETECTORS, IBANS, base58check, bech32, iban
from discreet.detectors.model import Detector


def found(text: str) -> list[tuple[str, str]]:
    values = []
    for row in ACCOUNT_DETECTORS:
        if row.proof == "word" and not any(word in text.lower() for word in row.words):
            continue
        for match in re.finditer(row.pattern, text):
            assert not row.gate or re.search(row.gate, text), row.name
            if row.validate is None or row.validate(match[0]):
                spans = row.spans(text, *match.span()) if row.spans else [match.span()]
                values += [(row.kind, text[start:end]) for start, end in spans]
    return values


def made_iban(country: str) -> str:
    fill = {"d": "7", "A": "K", "X": "9"}
    bban = "".join(fill[kind] * int(size) for size, kind in re.findall(r"([0-9]+)([dAX])", IBANS[country]))
    rest = int("".join(str(int(char, 36)) for char in bban + country + "00")) % 97
    return f"{country}{98 - rest:02}{bban}"


@pytest.mark.parametrize("country", IBANS)
def test_ibans_of_every_country(country: str) -> None:
    """The IBAN of each country is found in one piece, in groups of four, and in lower case."""
    value = made_iban(country)
    grouped = " ".join(value[at : at + 4] for at in range(0, len(value), 4))
    for text in (value, grouped, grouped.replace(" ", "-"), value.lower(), grouped.lower()):
        assert found(f"to {text}, then") == [("iban", text)]
        assert found(f"{text} EUR") == [("iban", text)]


def test_two_ibans_side_by_side() -> None:
    """One IBAN behind the other is two."""
    text = f"{made_iban('NO')} {made_iban('MT')}"
    assert [value for _, value in found(text)] == text.split()


@given(st.sampled_from(sorted(IBANS)), st.integers(0, 10), st.integers(1, 9))
def test_a_wrong_digit_is_no_iban(country: str, place: int, more: int) -> None:
    """Any changed digit is noticed."""
    value = made_iban(country)
    at = [index for index, char in enumerate(value) if char.isdigit()][place]
    assert not iban(value[:at] + str((int(value[at]) + more) % 10) + value[at + 1 :])


def test_clean_ids_stay() -> None:
    """Of thousands of hexadecimal ids, UUIDs and digests none is an account."""
    for number in range(5000):
        digest = hashlib.sha256(str(number).encode()).hexdigest()
        text = f"{digest} {digest[:32]} {digest[:24].upper()} {uuid.UUID(digest[:32])} 0x{digest[:40]}"
        assert found(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((row.example, row.kind) for row in ACCOUNT_DETECTORS),
        ("%B4111 1111 1111 1111^DOE/JANE^29121010000?", "card_track"),
        ("\xb4111111111111111^DOE/JANE^29121010000?", "card_track"),
        ("track2=4111111111111111D29121010000000000F", "card_track"),
        ("57134111111111111111D2912101000000000000F", "card_track"),
    ],
)
def test_accounts_are_found(text: str, kind: str) -> None:
    """Every kind is found in its spellings."""
    assert [found_kind for found_kind, _ in found(text)] == [kind]


@pytest.mark.parametrize("row", ACCOUNT_DETECTORS, ids=lambda row: row.name)
def test_near_misses_stay(row: Detector) -> None:
    """What only looks like an account stays."""
    assert found(row.near_miss) == []


@pytest.mark.parametrize(
    "row", [row for row in ACCOUNT_DETECTORS if row.name.endswith(("58", "32", "wif", "extended"))]
)
def test_a_changed_character_breaks_the_checksum(row: Detector) -> None:
    """One changed character and the value proves nothing."""
    ((_, value),) = found(row.example)
    for at in range(5, len(value)):
        changed = value[:at] + ("q" if value[at] != "q" else "p") + value[at + 1 :]
        assert found(row.example.replace(value, changed)) == []


def test_other_characters_are_no_base58() -> None:
    """Zero, O, I and l are no digits of base58, and mixed case no bech32."""
    assert base58check("10OIl") is None
    assert not bech32("bc1Q" + "q" * 38)


@pytest.mark.parametrize(
    "text", ["1" * 100_000, "aB" * 50_000, "DE89 " * 20_000, "41111111111111" * 7_000, "bc1q" * 9_000]
)
def test_hostile_text_is_quick(text: str) -> None:
    """Long runs without an end hold nothing, and are left quickly."""
    assert found(text) == []
