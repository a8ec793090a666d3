"""Telephone numbers: what is taken for one, and what is left."""

from __future__ import annotations

import random
import re
import time
import uuid
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from discreet.detectors.phones import PHONE_DETECTORS

if TYPE_CHECKING:
    from collections.abc import Callable

    from discreet.detectors.model import Detector

WINDOW = 40
_NO_SPACES = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def _worded(text: str, words: tuple[str, ...]) -> bool:
    choice = "|".join(
        re.escape(word) if _NO_SPACES.search(word) else rf"(?<![^\W_]){re.escape(word)}(?![^\W_])" for word in words
    )
    return re.search(choice, text, re.IGNORECASE) is not None


def found(row: Detector, text: str) -> list[str]:
    """Gives what a row finds in one line, as the engine would."""
    values = []
    for match in re.finditer(row.pattern, text):
        start, end = match.span("value" if "value" in match.re.groupindex else 0)
        beside = text[max(0, start - WINDOW) : start] + "\n" + text[end : end + WINDOW]
        if row.proof != "word" or _worded(beside, row.words):
            parts = row.spans(text, start, end) if row.spans else [(start, end)]
            values += [text[begin:stop] for begin, stop in parts]
    return values


def longest(text: str) -> str:
    """Gives the longest number that any row finds in a line; nothing if there is none."""
    return max((value for row in PHONE_DETECTORS for value in found(row, text)), key=len, default="")


@pytest.mark.parametrize("row", PHONE_DETECTORS, ids=lambda row: row.name)
def test_every_row_finds_its_example_and_leaves_its_near_miss(row: Detector) -> None:
    """The example of a row is found by that row; the near-miss is found by none."""
    assert found(row, row.example)
    assert longest(row.near_miss) == ""


def test_rows_are_of_one_kind_and_have_names_of_their_own() -> None:
    """All rows report a phone, a confidential contact."""
    assert {(row.kind, row.group, row.level) for row in PHONE_DETECTORS} == {("phone", "contact", "confidential")}
    assert len({row.name for row in PHONE_DETECTORS}) == len(PHONE_DETECTORS) >= 20


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("call +1 555 234 5678 x12 now", "+1 555 234 5678 x12"),
        ("Mobile: +1 (650) 253-0000.", "+1 (650) 253-0000"),
        ("+1 (212) 555-0199 ext. 44", "+1 (212) 555-0199 ext. 44"),
        ("+49 (0)171 1234567, then", "+49 (0)171 1234567"),
        ("+49(0)30-12345-67", "+49(0)30-12345-67"),
        ("+49 171 1234567 2025-11-24 10:00", "+49 171 1234567"),
        ("+44 20 7946 0958 12 items", "+44 20 7946 0958"),
        ('{"to": "+4915112345678"}', "+4915112345678"),
        ("\u96fb\u8a71+81 90-1234-5678\u307e\u3067", "+81 90-1234-5678"),
        ("+91 98765 43210", "+91 98765 43210"),
        ("0049 (0)171 1234567", "0049 (0)171 1234567"),
        ("011 44 20 7946 0958", "011 44 20 7946 0958"),
        ("sms:+15105550101?body=hi", "+15105550101"),
        ("https://api.whatsapp.com/send?phone=15551234567", "15551234567"),
        ("(212) 555-0123", "(212) 555-0123"),
        ("1-800-555-0199", "1-800-555-0199"),
        ("07700 900123", "07700 900123"),
        ("06 39 98 00 12", "06 39 98 00 12"),
        ("(11) 98765-4321", "(11) 98765-4321"),
        ("0412 345 678", "0412 345 678"),
    ],
)
def test_a_number_that_shows_what_it_is_needs_no_word(text: str, number: str) -> None:
    """International, URI and distinctive national forms are found whole, with extension, and no more than that."""
    assert longest(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("phone 5551234567", "5551234567"),
        ("phone: (555) 123-4567", "(555) 123-4567"),
        ("Phone number is 555 123 4567", "555 123 4567"),
        ("call me at 555-123-4567", "555-123-4567"),
        ("tel: 030 1234567", "030 1234567"),
        ("tel 5551234567 ext 89", "5551234567 ext 89"),
        ("T\u00e9l\u00e9phone 0612345678", "0612345678"),
        ("m\u00f3vil 612345678", "612345678"),
        ("Tel\u00e9fono: 612 345 678", "612 345 678"),
        ("\u0442\u0435\u043b. 4951234567", "4951234567"),
        ("\u96fb\u8a71\u756a\u53f7\u306f0312345678", "0312345678"),
        ("\u624b\u673a\u53f713812345678\u3002", "13812345678"),
        ("\uc5f0\ub77d\ucc98 01012345678", "01012345678"),
        ("030-1234567 (Handy)", "030-1234567"),
        ("SMS to 5551234567 failed", "5551234567"),
    ],
)
def test_a_word_beside_makes_a_number_of_digits_a_phone(text: str, number: str) -> None:
    """Directly behind a telling word, in many languages, plain digits count; groups of them near it, too."""
    assert longest(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "retry in 5551234567 ms",
        "phone call took 1234567 ms",
        "call 1764000000",
        "call 1764000000123 failed",
        "call 20251124 failed",
        "order 212-555-0123",
        "order 5551234567",
        "@@ -1,7 +1,9 @@",
        "2025-11-24T10:00:00+0200 +05:30",
        "1.2.3+20251124",
        "+1234567 +12 -3",
        "name+15551234567@example.org",
        "x=+1e10 +1234567890123456",
        "mobile app version 10.12.1234",
        "contact id 1234567890",
        "processed 12 345 678 calls",
        "phone service port 8080 pid 1234567",
        "text length 123456789",
        "text/html 1234567",
        "dial tcp 10.0.0.12:5432 1234567",
        "call(5551234567)",
        "telemetry hotel cellar 5551234567",
        "Mobile/15E148 Safari/604.1 5551234567",
        "f(212) 555-0123",
        "192.168.100.2000",
        "00 01 02 03 04 05 06 07 08 09",
        "+49 171 *** 4567",
    ],
)
def test_what_counts_something_else_stays(text: str) -> None:
    """Times, durations, offsets, versions, ids, addresses, calls of functions and masked numbers are no phones."""
    assert longest(text) == ""


def _digits(maker: random.Random, low: int, high: int) -> str:
    return "".join(maker.choices("0123456789", k=maker.randint(low, high)))


CLEAN: dict[str, Callable[[random.Random], str]] = {
    "seconds": lambda maker: str(maker.randrange(1_100_000_000, 2_000_000_000)),
    "milliseconds": lambda maker: str(maker.randrange(1_100_000_000_000, 2_000_000_000_000)),
    "time": lambda maker: time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(maker.randrange(2_000_000_000))),
    "compact": lambda maker: time.strftime("%Y%m%d%H%M%S", time.gmtime(maker.randrange(2_000_000_000))),
    "snowflake": lambda maker: _digits(maker, 17, 20),
    "uuid": lambda maker: str(uuid.UUID(int=maker.getrandbits(128))),
    "hex": lambda maker: f"{maker.getrandbits(128):032x}",
    "bytes": lambda maker: " ".join(f"{maker.randrange(256):02x}" for _ in range(16)),
    "version": lambda maker: ".".join(_digits(maker, 1, 3) for _ in range(maker.randint(2, 5))),
    "address": lambda maker: ".".join(str(maker.randrange(256)) for _ in range(4)),
    "digits": lambda maker: _digits(maker, 4, 20),
    "thousands": lambda maker: maker.choice(" ,.").join(
        [str(maker.randrange(1, 1000)), *(_digits(maker, 3, 3) for _ in "ab")]
    ),
    "counters": lambda maker: " ".join(str(maker.randrange(10 ** maker.randint(1, 6))) for _ in range(8)),
    "sum": lambda maker: f"+{maker.randrange(10**7)} -{maker.randrange(10**7)}",
    "decimal": lambda maker: repr(maker.random() * 1000),
}


def test_clean_shapes_are_left_alone() -> None:
    """Of what logs are full of, less than one in ten thousand is taken for a phone without a word."""
    maker = random.Random(20251124)
    hits: Counter[str] = Counter()
    each = 1500
    rows = [row for row in PHONE_DETECTORS if row.proof == "shape"]
    for name, make in CLEAN.items():
        for _ in range(each):
            text = f"took {make(maker)} of {make(maker)} in all"
            hits.update(f"{name}: {row.name}" for row in rows if found(row, text))
    assert sum(hits.values()) <= each * len(CLEAN) * 2 / 10_000, hits
