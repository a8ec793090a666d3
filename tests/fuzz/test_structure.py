"""Structure: redacted documents parse as before, only the private part is gone, and without one not a byte changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest

from discreet.redaction import Redactor
from tests.fuzz import documents
from tests.fuzz.budget import cases

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

REDACTOR: Final = Redactor()
Check = tuple[str, str]  # the text, and what is wrong with its redaction: nothing is wrong if empty


def _text(text: str) -> str:
    return REDACTOR.text(text, set())


def _secret(rng: Random) -> tuple[str, str]:
    """A canary and the key it needs, which may be none."""
    return ("", rng.choice(documents.CANARIES)) if rng.random() < 0.5 else rng.choice(documents.KEYED)


def clean_json(rng: Random) -> Check:
    """JSON without anything private stays as it is, byte for byte."""
    text = documents.dumps(rng, documents.tree(rng))
    return text, "" if _text(text) == text else "it changed"


def planted_json(rng: Random) -> Check:
    """JSON stays JSON of the same structure, and the canary is gone."""
    under, secret = _secret(rng)
    value = documents.planted(rng, secret, under)
    text = documents.dumps(rng, value)
    after = _text(text)
    if secret in after:
        return text, "the canary is there"
    try:
        same = documents.shape(json.loads(after)) == documents.shape(value)
    except ValueError:
        return text, "not JSON"
    return text, "" if same else "another structure"


def _pairs_differ(before: list[tuple[str, str]], after: list[tuple[str, str]], place: int, secret: str) -> str:
    """Says what is wrong with pairs after redaction: names, another value than the secret, the secret itself."""
    if [name for name, _ in before] != [name for name, _ in after]:
        return "other names"
    changed = [number for number, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    if secret in after[place][1]:
        return "the canary is there"
    return "" if changed == [place] else f"changed: {[before[number] for number in changed if number != place]}"


def form(rng: Random) -> Check:
    """In a form body only the private parameter changes."""
    under, secret = _secret(rng)
    given, place = documents.pairs(rng, secret, under)
    text = urlencode(given)
    return text, _pairs_differ(given, parse_qsl(_text(text), keep_blank_values=True), place, secret)


def url(rng: Random) -> Check:
    """In a URL only the private parameter changes; scheme, host, path and fragment stay."""
    under, secret = _secret(rng)
    given, place = documents.pairs(rng, secret, under)
    query = urlencode(given, quote_via=quote)
    text = f"https://shop.example.com:8443/{documents.token(rng)}/v1/items?{query}#{documents.token(rng)}"
    before, after = urlsplit(text), urlsplit(_text(text))
    if before._replace(query="") != after._replace(query=""):
        return text, "more than the query changed"
    return text, _pairs_differ(given, parse_qsl(after.query, keep_blank_values=True), place, secret)


def logfmt(rng: Random) -> Check:
    """In logfmt only the private value changes, and its quotes stay."""
    under, secret = _secret(rng)
    fields = [(f"{documents.key(rng)}{number}", documents.token(rng)) for number in range(rng.randint(0, 6))]
    place = rng.randint(0, len(fields))
    fields.insert(place, (under or "detail", secret))
    quotes = [rng.choice(['"', ""]) for _ in fields]
    parts = [f"{name}={sign}{value}{sign}" for (name, value), sign in zip(fields, quotes, strict=True)]
    text = " ".join(parts)
    after = _text(text).split(" ")
    return text, _parts_differ(parts, after, place, secret, (f"{fields[place][0]}={quotes[place]}", quotes[place]))


def _parts_differ(before: list[str], after: list[str], place: int, secret: str, around: tuple[str, str]) -> str:
    """Says what is wrong with parts after redaction, of which one may change between what is around its value."""
    if len(before) != len(after):
        return "more or fewer parts"
    here = after[place]
    if secret in here or not (here.startswith(around[0]) and here.endswith(around[1])):
        return "the canary is there, or what stands round it is not"
    return "" if before[:place] + before[place + 1 :] == after[:place] + after[place + 1 :] else "another part changed"


def headers(rng: Random) -> Check:
    """In a block of HTTP headers only the private one changes; names, order and line ends stay."""
    harmless = [("Accept", "application/json"), ("Host", "shop.example.com"), ("Content-Length", "512"), ("DNT", "1")]
    name, secret = rng.choice(
        [
            ("Authorization", "Bearer 9f8e7d6c5b4a39281706"),
            ("Authorization", "Basic em9lOmh1bnRlcjI="),
            ("Cookie", "sid=31d4d96e407aad42; theme=dark"),
            ("X-Api-Key", "9f8e7d6c5b4a3928"),
            ("Proxy-Authorization", 'Digest username="zoe", realm="x", response="6629fae49393a05397450978507c4ef1"'),
            ("X-Contact", "zoe.canary@example.org"),
        ]
    )
    given = rng.sample(harmless, rng.randint(0, 4))
    place = rng.randint(0, len(given))
    given.insert(place, (name, secret))
    between = rng.choice(["\r\n", "\n"])
    parts = [f"{key}: {value}" for key, value in given]
    text = between.join(parts) + between
    after = _text(text)
    if not after.endswith(between):
        return text, "its end is gone"
    return text, _parts_differ(parts, after.removesuffix(between).split(between), place, secret, (f"{name}: ", ""))


CHECKS: Final[tuple[Callable[[Random], Check], ...]] = (clean_json, planted_json, form, url, logfmt, headers)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_round_trip(check: Callable[[Random], Check]) -> None:
    """A document parses as before, and only the private part of it is gone."""
    for rng in cases(check.__name__, 0.015):
        text, wrong = check(rng)
        assert not wrong, f"{wrong}: {text!r} becomes {_text(text)!r}"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_damage_is_noticed(check: Callable[[Random], Check], monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks can fail: for a redactor that does nothing (or changes what is clean), for one that eats all."""
    monkeypatch.setattr(Redactor, "text", lambda self, value, found: value if check is not clean_json else value + " ")
    assert all(check(rng)[1] for rng in cases(f"{check.__name__} damage", 0))
    monkeypatch.setattr(Redactor, "text", lambda self, value, found: "[REDACTED:x]")
    assert all(check(rng)[1] for rng in cases(f"{check.__name__} damage", 0))
