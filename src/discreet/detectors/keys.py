"""Telling keys: says of an attribute, field, header or variable name what kind of value it promises."""

from __future__ import annotations

import pkgutil
import re
import unicodedata
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from discreet.detectors.catalogue import attribute_of, kind_by_row
from discreet.detectors.key_table import (
    BRIDGES,
    HARMLESS_BEFORE,
    KEEP,
    LEVEL_OF_KEYS,
    NEUTRAL,
    NOT_NAMED,
    PARAMETERS,
    PERSONS,
    THINGS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

KEY_LEVELS: Final[Mapping[str, str]] = MappingProxyType(LEVEL_OF_KEYS)

LIKE: Final = "?"  # behind a kind: only for a value that looks like it
_SHORT: Final = 5
_MAX_KEY = 128
_CACHE_SIZE = 8192
# A word is a run of letters cut where the case changes (`apiKey`, `APIKey`, `API_KEY`), or a run of digits.
_WORDS = re.compile(r"[A-Z]{2,}(?=s\b|s_)|[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z]+|[a-z]+|[A-Z]+|[0-9]+|[^\W\d_]+")
# Letters with a stroke or ligature, which have no decomposition; transliterated keys write them so.
_LATIN: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "\u0131": "i"})
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
# Scripts that are written without blanks: there a telling word may stand anywhere in a key.
_UNSPACED = re.compile(r"[\u0900-\u0dff\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_cache: dict[str, str | None] = {}


def _plain(key: str) -> str:
    """Takes the marks off Latin letters: `contraseña` and `contrasena` are one key. Other scripts stay as they are."""
    key = key.translate(_LATIN)
    bare = "".join(char for char in unicodedata.normalize("NFKD", key) if not unicodedata.combining(char))
    return bare if bare.isascii() else unicodedata.normalize("NFKC", key)


def words_of(key: str) -> list[str]:
    """Gives the lower-case words of a key in snake, kebab, dotted, camel or upper spelling, without diacritics."""
    if not key.isascii():
        key = _plain(key)
    return [word.lower() for word in _WORDS.findall(key)]


class _Phrase(NamedTuple):
    """A telling key: its words, and what else must be so.

    `person`: a word about a person stands before it. `whole`: it is the whole key. `looks`: the value must look right.
    """

    words: tuple[str, ...]
    kind: str
    person: bool
    whole: bool
    looks: bool


def _read(text: str, kind: str) -> _Phrase:
    if text.isascii() and not any(char.isdigit() for char in text):
        words = text.lstrip("=*~_").split("_")
    else:
        words = [text] if _UNSPACED.search(text) else words_of(text)
    signs = text[: len(text) - len(text.lstrip("=*~"))]
    return _Phrase(tuple(words), kind, "*" in signs, "=" in signs, "~" in signs)


def _table() -> Iterator[tuple[str, str]]:
    """Yields (kind, key) of every row of the table."""
    text = pkgutil.get_data("discreet.detectors", "data/keys.tsv") or b""
    for line in text.decode().splitlines()[1:]:
        kind, _, keys = line.split("\t")
        for key in keys.split():
            yield kind, key


def _index() -> tuple[dict[str, tuple[_Phrase, ...]], dict[str, str], dict[str, tuple[_Phrase, ...]]]:
    """Gives the phrases by their last word, longest first; words of scripts without blanks; the phrases by kind."""
    found: dict[str, list[_Phrase]] = {}
    unspaced: dict[str, str] = {}
    kinds: dict[str, list[_Phrase]] = {}
    for kind, key in _table():
        phrase = _read(key, kind)
        kinds.setdefault(kind, []).append(phrase)
        if _UNSPACED.search(key):
            unspaced[key] = kind
        else:
            found.setdefault(phrase.words[-1], []).append(phrase)
    index = {word: tuple(sorted(rows, key=lambda row: (-len(row.words), row.looks))) for word, rows in found.items()}
    return index, unspaced, {kind: tuple(rows) for kind, rows in kinds.items()}


_INDEX, _UNSPACED_WORDS, _KINDS = _index()


def key_gate(kinds: Iterable[str]) -> str:
    """Gives RE2-compatible source that matches in every text that holds a telling key of these kinds, folded or not."""
    phrases = [phrase for kind in kinds for phrase in _KINDS.get(kind, ())]
    known = {phrase.words for phrase in phrases if not (phrase.whole or phrase.person)}
    plain: set[str] = set()
    short: set[str] = set()
    about: set[str] = set()
    for phrase in phrases:
        if not _covered(phrase.words, known):
            few = phrase.whole or sum(map(len, phrase.words)) <= _SHORT
            (about if phrase.person else short if few else plain).update(_spellings(phrase.words))
    # A short word begins where a word of a key can: behind another sign, or with a capital.
    capitals = {spelt for word in short for spelt in (word.capitalize(), word.upper()) if word.isascii()}
    parts = [
        f"(?i:{_any_of(plain)})",
        f"(?:^|[^A-Za-z]|-D)(?i:{_any_of(short)})",
        _any_of(capitals),
        f"(?i:{_any_of(PERSONS)}s?(?:[_. -]*{_any_of(BRIDGES)})*[_. -]*{_any_of(about)})",
    ]
    end = f"(?i:(?:e?s)?(?:$|[^A-Za-z]|[0-9]|{_any_of(NEUTRAL)}))"
    return f"(?:{'|'.join(part for part in parts if '(?:)' not in part)}){end}"


def _spellings(words: tuple[str, ...]) -> Iterator[str]:
    """Yields a key's words as a pattern: joined by anything that joins words; without the e of a transliteration."""
    joined = "[_. -]*".join(words)
    yield joined
    if "ue" in joined or "oe" in joined or "ae" in joined:
        yield joined.replace("ue", "u").replace("oe", "o").replace("ae", "a")


def _any_of(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(sorted(words))})"


def _covered(words: tuple[str, ...], known: set[tuple[str, ...]]) -> bool:
    """Says whether the end of a key is a key itself, so that whoever looks for the end finds the whole."""
    return any(words[start:] in known for start in range(1, len(words)))


_LAST_WORDS: Final = frozenset(word for word, rows in _INDEX.items() if any(len(row.words) > 1 for row in rows))


def ends_a_key(word: str) -> bool:
    """Says whether some telling key of several words ends in this one: `key` of `API key`."""
    return word.lower() in _LAST_WORDS


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
    if phrase.person and not _person_before(before):
        return False
    if phrase.words == ("name",) and before and before[-1] in NOT_NAMED and not _person_before(before[:-1]):
        return False
    return not (before and before[-1] in HARMLESS_BEFORE.get(phrase.words[0], ()))


def _kind_at_end(words: list[str]) -> str | None:
    for phrase in _INDEX.get(words[-1], ()):
        if _fits(phrase, words):
            return phrase.kind + LIKE * phrase.looks
    return None


def _singular(words: list[str]) -> list[str] | None:
    last = words[-1]
    if len(last) > 3 and last.endswith("s") and last != "tokens":  # noqa: PLR2004 - `pass`, `sms` are no plurals
        return [*words[:-1], last.removesuffix("es") if last.endswith("sses") else last[:-1]]
    return None


def kind_of(key: str) -> str | None:
    """Gives what `key_kind` gives, and keeps no answer: for words of a text, which may be anything."""
    key = key[-_MAX_KEY:]
    if key.lower() in KEEP:
        return None
    if key.startswith(PARAMETERS):
        return "sql_parameters"
    if key.isascii():
        kind = _decide_words(words_of(key))
        return None if kind == "name" and key.startswith(THINGS) else kind
    if _UNSPACED.search(key):
        return next((kind for word, kind in _UNSPACED_WORDS.items() if word in key), None)
    return _decide_words(words_of(key)) or _decide_words(words_of(key.translate(_UMLAUTS)))


def _decide_words(words: list[str]) -> str | None:
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

    Of an attribute of the conventions its row says it (`discreet.detectors.catalogue`). A kind
    that ends in `?` (`tel`, `address`) holds only for a value that looks like it: `discreet.detectors.looks`.

    Whole words decide, not substrings (`author`, `bypass` and `tokenizer` tell nothing), and the telling words must
    end the key but for neutral ones (`password_hash` tells, `password_policy` does not). Of a key longer than 128
    characters the end is read. Answers are kept in a bounded cache.
    """
    try:
        return _cache[key]
    except KeyError:
        pass
    kind, row = kind_of(key), attribute_of(key)
    if row is not None:
        kind = kind_by_row(row, kind)
    if len(key) > _MAX_KEY:
        return kind
    if len(_cache) >= _CACHE_SIZE:
        _cache.clear()
    _cache[key] = kind
    return kind
