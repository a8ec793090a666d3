"""Keys and values in text: finds telling keys as they are written in many places, and the values behind them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from discreet.detectors.keys import LIKE, ends_a_key, key_kind
from discreet.detectors.looks import holds
from discreet.redaction.no_values import is_no_key, is_no_value
from discreet.redaction.places import PLACE, way_of
from discreet.redaction.weak_ways import WEAK, weak_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from discreet.detectors.model import Detector

_IN_TAGS: Final = frozenset({"tag", "entry", "property"})
_TAG_END = re.compile(r"(?:\s[^<>]{0,400})?>")
_IN_TAG = re.compile(r"(?P<value>[^<]+)(?=</)")
_AND_TO = re.compile(r"[\"'`]? (?:to|in) ")
_WORDS_BEFORE = re.compile(r"(?:[A-Za-z][A-Za-z-]*[ ]){1,3}\Z")
_BEFORE: Final = 40  # characters in which the words before a key are looked for


class KeyedScan:
    """Yields (start, end, kind, detector's name) of each value behind a key of the kinds that detectors describe."""

    def __init__(self, detectors: Sequence[Detector]) -> None:
        self._rows = {row.kind: (re.compile(row.pattern), row.validate, row.name) for row in detectors}

    def __call__(self, text: str) -> Iterator[tuple[int, int, str, str]]:
        """Scans a text once from the left; what stands inside a found value is not looked at again."""
        place = PLACE.search(text)
        while place is not None:
            way, at = way_of(place), place.end()
            kind = _kind(text, place, way)
            span = self._value(text, at, kind, way) if kind is not None else None
            if span is not None and kind is not None:
                yield (*span, *self._named(kind))
                at = span[1]
                further = _AND_TO.match(text, at) if way == "is" else None
                second = self._value(text, further.end(), kind, way) if further else None
                if second is not None:  # `password changed from x to y`
                    yield (*second, *self._named(kind))
                    at = second[1]
            elif way in WEAK or way in _IN_TAGS or (way == "key" and kind is None):
                at = place.end(way)
            place = PLACE.search(text, at)

    def _named(self, kind: str) -> tuple[str, str]:
        bare = kind.removesuffix(LIKE)
        return bare, self._rows[bare][2]

    def _value(self, text: str, at: int, kind: str, way: str) -> tuple[int, int] | None:
        """Gives where the value of a kind is, None if what stands there is none."""
        row = self._rows.get(kind.removesuffix(LIKE))
        if row is None:
            return None
        span = weak_value(text, at, kind, way) if way in WEAK else _strong_value(text, at, kind, way, row)
        return span if span is not None and holds(kind, text[span[0] : span[1]]) else None


def _kind(text: str, place: re.Match[str], way: str) -> str | None:
    """Gives what the key promises; a key of one word may take the words before it: `API key: `."""
    key = place[way]
    if is_no_key(text, place, key):
        return None
    kind = key_kind(key)
    if kind is None and ends_a_key(key):
        before = _WORDS_BEFORE.search(text, max(0, place.start(way) - _BEFORE), place.start(way))
        kind = key_kind(before[0] + key) if before else None
    return kind


def _strong_value(text: str, at: int, kind: str, way: str, row: tuple) -> tuple[int, int] | None:  # type: ignore[type-arg]
    """Gives the value behind a key and its sign: in quotes, in brackets, bare, or between tags."""
    pattern, validate, _ = row
    if way in _IN_TAGS:
        end = _TAG_END.match(text, at) if way == "tag" else None
        pattern, at = _IN_TAG, end.end() if end else at
    match = pattern.match(text, at)
    if match is None or (validate is not None and not validate(match["value"])):
        return None
    return None if is_no_value(text, match, at, kind) else match.span("value")
