"""Telling keys: says of an attribute, field, header or variable name what kind of value it promises."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from discreet.detectors.key_table import BRIDGES, HARMLESS_BEFORE, KEEP, LEVEL_OF_KEYS, NEUTRAL, PERSONS, PHRASES

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_LEVELS: Final[Mapping[str, str]] = MappingProxyType(LEVEL_OF_KEYS)

_MAX_KEY = 128
_CACHE_SIZE = 8192
# A word is a run of letters cut where the case changes (`apiKey`, `APIKey`, `API_KEY`), or a run of digits.
_WORDS = re.compile(r"[A-Z]{2,}(?=s\b|s_)|[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z]+|[a-z]+|[A-Z]+|[0-9]+|[^\W\d_]+")
# Scripts with other letters, where the case says less: cut at separators only.
_OTHER_WORDS = re.compile(r"[^\W\d_]+|[0-9]+")
_cache: dict[str, str | None] = {}


class _Phrase(NamedTuple):
    words: tuple[str, ...]
    kind: str
    person: bool
    whole: bool


def _read(text: str, kind: str) -> _Phrase:
    words = tuple(text.lstrip("=*_").split("_"))
    return _Phrase(words, kind, person=text.startswith("*"), whole=text.startswith("="))


def _index() -> dict[str, tuple[_Phrase, ...]]:
    """Every phrase under its last word, the longest first."""
    found: dict[str, list[_Phrase]] = {}
    for kind, text in PHRASES.items():
        for phrase in (_read(entry, kind) for entry in text.split()):
            found.setdefault(phrase.words[-1], []).append(phrase)
    return {word: tuple(sorted(rows, key=lambda row: -len(row.words))) for word, rows in found.items()}


_INDEX: Final = _index()


def stems(kind: str) -> tuple[str, ...]:
    """Gives the lower-case literals of which one is in every key of the kind."""
    longest = {max(_read(entry, kind).words, key=len) for entry in PHRASES[kind].split()}
    return tuple(sorted(word for word in longest if not any(other != word and other in word for other in longest)))


def words_of(key: str) -> list[str]:
    """Gives the lower-case words of a key in snake, kebab, dotted, camel or upper spelling."""
    pattern = _WORDS if key.isascii() else _OTHER_WORDS
    return [word.lower() for word in pattern.findall(key)]


def _person_before(words: list[str]) -> bool:
    while words and words[-1] in BRIDGES and words[-1] not in PERSONS:
        words = words[:-1]
    return bool(words) and (words[-1] in PERSONS or words[-1].removesuffix("s") in PERSONS)


def _fits(phrase: _Phrase, words: list[str]) -> bool:
    count = len(phrase.words)
    if tuple(words[-count:]) != phrase.words:
        return False
    before = words[:-count]
    if phrase.whole:
        return not before
    if phrase.person:
        return _person_before(before)
    return not (before and before[-1] in HARMLESS_BEFORE.get(phrase.words[0], ()))


def _kind_at_end(words: list[str]) -> str | None:
    for phrase in _INDEX.get(words[-1], ()):
        if _fits(phrase, words):
            return phrase.kind
    return None


def _singular(words: list[str]) -> list[str] | None:
    last = words[-1]
    if len(last) > 3 and last.endswith("s") and last != "tokens":  # noqa: PLR2004 - `pass`, `sms` are no plurals
        return [*words[:-1], last.removesuffix("es") if last.endswith("sses") else last[:-1]]
    return None


def _decide(key: str) -> str | None:
    if key.lower() in KEEP:
        return None
    words = words_of(key)
    while words:
        singular = _singular(words)
        kind = _kind_at_end(words) or (_kind_at_end(singular) if singular else None)
        if kind is not None:
            return kind
        if not (words[-1] in NEUTRAL or words[-1].isdigit()):
            return None
        words.pop()
    return None


def key_kind(key: str) -> str | None:
    """Gives the kind of value a key promises ("password", "ssn", "email", ...), None for a key that tells nothing.

    Whole words decide, not substrings (`author`, `bypass` and `tokenizer` tell nothing), and the telling words must
    end the key but for neutral ones (`password_hash` tells, `password_policy` does not). Of a key longer than 128
    characters the end is read. Answers are kept in a bounded cache.
    """
    key = key[-_MAX_KEY:]
    try:
        return _cache[key]
    except KeyError:
        pass
    kind = _decide(key)
    if len(_cache) >= _CACHE_SIZE:
        _cache.clear()
    _cache[key] = kind
    return kind
