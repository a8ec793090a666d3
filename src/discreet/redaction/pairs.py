"""Keys and values in text: finds telling keys as they are written in many places, and the values behind them."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from discreet.detectors.keys import LIKE, ends_a_key, kind_of
from discreet.detectors.looks import holds
from discreet.redaction.no_values import is_no_key, is_no_value
from discreet.redaction.places import UNSPACED, WORD, ways_at
from discreet.redaction.weak_ways import WEAK, weak_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from discreet.detectors.model import Detector

_IN_TAGS: Final = frozenset({"tag", "entry", "property"})
_IN_TAG = re.compile(r"(?P<value>[^<]+)(?=</)")
_AND_TO = re.compile(r"[\"'`]? (?:to|in) ")
_WORDS_BEFORE = re.compile(r"(?:[A-Za-z][A-Za-z-]*[ ]){1,3}\Z")
_BEFORE: Final = 40  # characters in which the words before a key are looked for
Found = tuple[int, int, str, str]


class _Row(NamedTuple):
    value: re.Pattern[str]
    validate: Callable[[str], bool] | None
    name: str


class KeyedScan:
    """Yields (start, end, kind, detector's name) of each value behind a key of the kinds that detectors describe."""

    def __init__(self, detectors: Sequence[Detector]) -> None:
        self._rows = {row.kind: _Row(re.compile(row.pattern), row.validate, row.name) for row in detectors}

    def __call__(self, text: str, windows: Sequence[tuple[int, int]]) -> Iterator[Found]:
        """Scans parts of a text from the left; what stands inside a found value is not looked at again."""
        done = 0
        for word in chain.from_iterable(WORD.finditer(text, low, high) for low, high in windows):
            key = None if word.start() < done else _key_of(text, word)
            if key is not None:
                for found in self._values(text, *key):
                    yield found
                    done = max(done, found[1])
        if not text.isascii():
            yield from self._unspaced(text)

    def _values(self, text: str, start: int, end: int, kind: str) -> Iterator[Found]:
        """Yields the value behind a key in the first way of writing that has one."""
        for way, at in ways_at(text, start, end):
            if is_no_key(text, start, end, at):
                continue
            span = self._value(text, at, kind, way)
            if span is not None:
                if text[start - 1 : start] in {"?", "&"} and "#" in text[span[0] + 1 : span[1]]:
                    span = span[0], text.index("#", span[0] + 1)  # there begins the fragment of the URL
                yield (*span, *self._named(kind))
                if way == "is":
                    yield from self._second(text, span[1], kind)
                return

    def _second(self, text: str, at: int, kind: str) -> Iterator[Found]:
        """Yields y of `password changed from x to y`."""
        further = _AND_TO.match(text, at)
        span = self._value(text, further.end(), kind, "is") if further else None
        if span is not None:
            yield (*span, *self._named(kind))

    def _unspaced(self, text: str) -> Iterator[Found]:
        for match in UNSPACED.finditer(text):
            kind = kind_of(match["key"])
            span = self._value(text, match.end(), kind, "unspaced") if kind is not None else None
            if span is not None and kind is not None:
                yield (*span, *self._named(kind))

    def _named(self, kind: str) -> tuple[str, str]:
        bare = kind.removesuffix(LIKE)
        return bare, self._rows[bare].name

    def _value(self, text: str, at: int, kind: str, way: str) -> tuple[int, int] | None:
        """Gives where the value of a kind is, None if what stands there is none."""
        row = self._rows.get(kind.removesuffix(LIKE))
        if row is None:
            return None
        span = weak_value(text, at, kind, way) if way in WEAK else _strong_value(text, at, kind, way, row)
        return span if span is not None and holds(kind, text[span[0] : span[1]]) else None


@lru_cache(maxsize=8192)
def _told(word: str) -> tuple[str | None, bool]:
    """Gives what a word tells as a key, and whether it may be the last of several that do."""
    return kind_of(word), ends_a_key(word)


def _key_of(text: str, word: re.Match[str]) -> tuple[int, int, str] | None:
    """Gives (start, end, kind) of the key that a word is; of one word it may take those before too: `API key: `."""
    start, end = word.span()
    key = word[0]
    if key.isalpha():
        kind, is_last = _told(key)
    elif key.isascii() and key.upper() == key.lower():  # digits and signs
        return None
    else:  # not remembered, since it may be a secret
        bare = key.strip("-.")
        start, end = start + key.index(bare), start + key.index(bare) + len(bare)
        key = bare
        kind, is_last = kind_of(key), ends_a_key(key)
    if kind is None and key[:1] == "D" and text[start - 1 : start] == "-":  # java -Dpassword=x
        kind, start = kind_of(key[1:]), start + 1
    elif kind is None and is_last:
        before = _WORDS_BEFORE.search(text, max(0, start - _BEFORE), start)
        kind = kind_of(before[0] + key) if before else None
    return None if kind is None else (start, end, kind)


def _strong_value(text: str, at: int, kind: str, way: str, row: _Row) -> tuple[int, int] | None:
    """Gives the value behind a key and its sign: in quotes, in brackets, bare, or between tags."""
    match = (_IN_TAG if way in _IN_TAGS else row.value).match(text, at)
    if match is None or (row.validate is not None and not row.validate(match["value"])):
        return None
    return None if is_no_value(text, match, at, kind) else match.span("value")
