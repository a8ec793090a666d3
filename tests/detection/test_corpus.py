"""The corpus is what it claims to be. The detectors are not tested here; ``measure.py`` does that."""

from __future__ import annotations

import ipaddress
import re
from random import Random
from typing import Any

import pytest

from tests.detection import national, personal, scoring
from tests.detection.corpus import KINDS, clean, positives
from tests.detection.national_table import TABLE
from tests.detection.secret_values import VENDOR
from tests.detection.shapes import Shape

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[A-Za-z]{2,}")
_QUAD = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
# What has the form of an address and is none: packages, images, assets, principals, prompts, units.
_NO_ADDRESS = re.compile(r"git@|deploy@|@\d|@v\d|@2x|@EXAMPLE|@tty|@sha256|user@host")
# A version of four parts is named as one.
_VERSION = re.compile(r"[Vv]ersion|[Cc]hrome/|app/|release|Version|Safari|~|\+|-\d")


@pytest.fixture(scope="module")
def labelled() -> list[Any]:
    return list(positives(seed=3, per_kind=40))


@pytest.fixture(scope="module")
def unlabelled() -> list[Any]:
    return list(clean(seed=3))


def test_every_label_stands_in_its_text(labelled: list[Any]) -> None:
    """A secret that is not in the text could never be missed."""
    for record in labelled:
        text = scoring.as_text(record.body)
        assert record.secrets, record
        assert all(secret and secret in text for secret in record.secrets), record


def test_no_slot_is_left(labelled: list[Any], unlabelled: list[Any]) -> None:
    """A template's slot that nobody filled would be in the text."""
    for record in labelled:
        assert not re.search(r"\{(m|j|k|v|w|u|iso|ts|pid|priv)\}|<[!?]\w+>", scoring.as_text(record.body)), record
    for record in unlabelled:
        assert not re.search(r"\{(hex\d+|uuid|ver4?|epoch\w*|d\d+|m|j)\}", scoring.as_text(record.body)), record


def test_the_seed_decides() -> None:
    """The same seed gives the same records, another one gives others; one kind does not move another."""
    assert list(positives(1, 3)) == list(positives(1, 3))
    assert list(positives(1, 3)) != list(positives(2, 3))
    assert list(clean(1)) == list(clean(1))
    assert [r for r in positives(1, 3) if r.kind == "otp"] == [r for r in positives(1, 5) if r.kind == "otp"][:3]


def test_it_is_wide(unlabelled: list[Any]) -> None:
    """Enough kinds, countries, vendors and clean records."""
    assert len(KINDS) >= 40
    assert len({row.name[:2] for row in TABLE}) >= 45
    assert len(VENDOR) >= 150
    assert len(unlabelled) >= 6000


def test_cards_pass_luhn() -> None:
    """Every card number, once its digits are plain."""
    rng = Random(5)
    for _ in range(500):
        text = personal.card(rng).text.replace("%20", "")
        digits = "".join(str(int(sign)) for sign in text if sign.isdigit())
        assert 12 <= len(digits) <= 19
        assert national.luhn(digits)


def test_ibans_pass_mod_97() -> None:
    """Every IBAN, once its groups are joined."""
    rng = Random(5)
    for _ in range(300):
        text = re.sub(r"[^A-Z0-9]", "", personal.iban(rng).text.replace("%20", "").upper())
        assert int("".join(str(int(sign, 36)) for sign in text[4:] + text[:4])) % 97 == 1


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_national_ids_pass_their_check(row: Any) -> None:
    """Each row draws valid values, and its check is not a formality."""
    values = [row.draw(Random(seed)) for seed in range(20)]
    assert all(row.check(value) for value in values)
    assert len(set(values)) > 10


def test_public_addresses_are_public() -> None:
    """No address of the positives is private or for documentation."""
    rng = Random(5)
    for draw in (personal.ipv4, personal.ipv6):
        assert all(ipaddress.ip_address(draw(rng).text).is_global for _ in range(300))


@pytest.mark.parametrize(
    ("notation", "pattern"),
    [("`ab_` + hex{4}", r"ab_[0-9a-f]{4}"), ("(`x`|`y`) + [digit{2}]?", r"[xy](\d\d)?"), ("base62{3,}", r"\w{3,}")],
)
def test_shapes(notation: str, pattern: str) -> None:
    """The notation of the table of secret formats."""
    assert all(re.fullmatch(pattern, Shape(notation).fill(Random(seed))) for seed in range(20))


def test_clean_records_hold_no_address(unlabelled: list[Any]) -> None:
    """No e-mail address, and no public network address that is not a version."""
    for record in unlabelled:
        text = scoring.as_text(record.body)
        for match in _ADDRESS.finditer(text):
            around = text[max(0, match.start() - 8) : match.end() + 8]
            assert _NO_ADDRESS.search(around), (around, record)
        for match in _QUAD.finditer(text):
            if all(int(part) < 256 for part in match[0].split(".")) and ipaddress.ip_address(match[0]).is_global:
                around = text[max(0, match.start() - 16) : match.end() + 8]
                assert _VERSION.search(around) or record.source.startswith(("packages", "dpkg", "apt_term")), record


def test_nothing_of_this_machine_is_stored(unlabelled: list[Any]) -> None:
    """No home folder, and no package registry."""
    for record in unlabelled:
        assert not re.search(
            r"/home/\w|/Users/\w|pypi\.org|registry\.npmjs|proxy\.golang", scoring.as_text(record.body)
        )


@pytest.mark.parametrize(
    ("after", "expected"),
    [("pw [REDACTED:x] ok", ""), ("pw hunter22 ok", "whole"), ("pw hunte[REDACTED:x] ok", "part"), ("pw hunt ok", "")],
)
def test_leaks(after: str, expected: str) -> None:
    """Five characters in a row give a secret away."""
    assert scoring.leak("pw hunter22 ok", after, ["hunter22"]) == expected


def test_a_short_secret_may_stand_elsewhere() -> None:
    """A short value that also stands beside the label is no leak."""
    assert scoring.leak("id 42 pin 42", "id 42 pin [REDACTED:x]", ["42"]) == ""
    assert scoring.leak("pin 4211 at 9", "pin 4211 at 9", ["4211"]) == "whole"


def test_what_is_lost() -> None:
    """Only what is neither secret nor may go with it counts."""
    assert scoring.lost("a secret b", "a [REDACTED:x] b", ["secret"], []) == 0
    assert scoring.lost("a secret bcd", "a [REDACTED:x]", ["secret"], []) == 4
    assert scoring.lost("BEGIN secret", "[REDACTED:x]", ["secret"], ["BEGIN "]) == 0
