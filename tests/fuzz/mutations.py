"""Mutations of texts: what loggers, encoders, copying and people do to them, and what nobody does."""

from __future__ import annotations

import base64
import html
import json
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus

from discreet.detectors import DETECTORS
from tests.detection.corpus import clean, positives
from tests.detection.scoring import as_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_PER_KIND: Final = 8
_CLEAN: Final = 2000
LONGEST: Final = 600
_SEPARATORS: Final[tuple[str, ...]] = (
    *" \t\n\r\x0b,;:=|/\\'\"`&?#.-_+@%()[]{}<>*~^$!", "\r\n", "::", " = ", ": ", "\\n", '\\"', "://", "%20", "%0A",
    "&amp;", "\x00", "\x1b[31m", "\u200b", "\u00a0", "\u2013", "\u00ad",
    "\u3000", "é", "日", "ß", "\u017f", "\u212a", "İ", "\u0131",
    "[REDACTED:email]", "[REDACTED:", "[WITHHELD:length]", "password=", "token is ", "ssn ", "SELECT '", "eyJ", "-----",
)  # fmt: skip


@cache
def seeds() -> tuple[str, ...]:
    """Texts to begin with: positives and clean records of the corpus, examples and near-misses of the table."""
    found = [as_text(record.body) for record in positives(0, _PER_KIND)]
    found += [as_text(record.body) for record, _ in zip(clean(0), range(_CLEAN), strict=False)]
    for row in DETECTORS:
        found += (row.example, row.near_miss)
    return tuple(text for text in found if text)


def _cut(rng: Random, text: str) -> tuple[int, int]:
    start, end = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
    return start, end


def _splice(rng: Random, text: str) -> str:
    other = rng.choice(seeds())[:LONGEST]
    at, (start, end) = rng.randint(0, len(text)), _cut(rng, other)
    return text[:at] + other[start:end] + text[at:]


def _duplicate(rng: Random, text: str) -> str:
    start, end = _cut(rng, text)
    return text[:end] + text[start:end] * rng.randint(1, 3) + text[end:]


def _truncate(rng: Random, text: str) -> str:
    return text[: rng.randint(0, len(text))] if rng.random() < 0.5 else text[rng.randint(0, len(text)) :]


def _take(rng: Random, text: str) -> str:
    start, end = _cut(rng, text)
    return text[:start] + text[min(end, start + rng.randint(1, 12)) :]


def _case(rng: Random, text: str) -> str:
    start, end = _cut(rng, text)
    return text[:start] + rng.choice(_CASES)(text[start:end]) + text[end:]


def _separate(rng: Random, text: str) -> str:
    at = rng.randint(0, len(text))
    return text[:at] + rng.choice(_SEPARATORS) + text[at:]


def _group(rng: Random, text: str) -> str:
    """A separator between all characters of a part, or every few."""
    (start, end), sign, size = _cut(rng, text), rng.choice(_SEPARATORS), rng.randint(1, 5)
    part = text[start : min(end, start + 40)]
    return (
        text[:start] + sign.join(part[at : at + size] for at in range(0, len(part), size)) + text[start + len(part) :]
    )


def _encode(rng: Random, text: str) -> str:
    (start, end), encode = _cut(rng, text), rng.choice(_ENCODINGS)
    return text[:start] + encode(text[start:end]) + text[end:]


def _digits(rng: Random, text: str) -> str:
    return "".join(str(rng.randint(0, 9)) if char.isdigit() and rng.random() < 0.2 else char for char in text)


_CASES: Final[tuple[Callable[[str], str], ...]] = (str.upper, str.lower, str.swapcase, str.title)


def _wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


_ENCODINGS: Final[tuple[Callable[[str], str], ...]] = (
    quote,
    quote_plus,
    lambda text: quote(quote(text, safe=""), safe=""),
    lambda text: "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "replace")),
    html.escape,
    lambda text: "".join(f"&#{ord(char)};" for char in text),
    json.dumps,
    lambda text: json.dumps(json.dumps(text)),
    repr,
    lambda text: "".join(f"\\u{ord(char):04x}" for char in text if ord(char) <= 0xFFFF),
    lambda text: base64.b64encode(text.encode("utf-8", "replace")).decode(),
    _wide,
)
_MUTATIONS: Final = (
    _splice, _splice, _duplicate, _truncate, _take, _case, _separate, _separate, _separate, _group, _encode, _digits,
)  # fmt: skip


def mutated(rng: Random, text: str = "") -> str:
    """Gives a text (one of the seeds by default) after up to six mutations, bounded in length."""
    text = (text or rng.choice(seeds()))[:LONGEST]
    for _ in range(rng.randint(0, 6)):
        text = rng.choice(_MUTATIONS)(rng, text)[: 2 * LONGEST]
    return text
