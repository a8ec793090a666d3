"""Keys and values in text: finds telling keys as they are written in many places, and the values behind them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from discreet.detectors.keys import key_kind
from discreet.detectors.validators import prose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from discreet.detectors.model import Detector

# Five ways: `--key value` (also as a list's items), `("key", "value")`, `{"name": "key", "value": "value"}`,
# `<key>value</key>`, and `key=value`, `"key": "value"`, `key => value`. A key is tried once, at its beginning, and only
# as far as its sign: linear.
_BLANK = r"[\t\x0b\x0c ]"
_PLACE = re.compile(
    rf"""
      (?<![\w.-])--(?P<flag>[A-Za-z][\w-]*)(?:["']?,?\s{{1,4}}(?:["'](?=-)(?!)|(?=[^\s-])))
    | [(\[]b?["'](?P<pair>[\w.-]+)["'],\s{{0,4}}(?=b?["'])
    | ["'](?:name|key|header|field|param)["']\s?:\s?["'](?P<named>[\w.-]+)["'],\s?["']val(?:ue)?["']\s?:\s?
    | <(?P<tag>[\w.:-]+)(?:\s[^<>]{{0,200}})?>(?=[^<\s])
    | (?<![\w.-])(?P<key>[\w.-]+)["'\\\]`)]{{0,6}}{_BLANK}{{0,8}}(?:=>|:=|==?|:){_BLANK}{{0,8}}
    """,
    re.VERBOSE,
)
_IN_TAG = re.compile(r"(?P<value>[^<]+)(?=</)")


class KeyedScan:
    """Yields (start, end, kind) of each value behind a key of the kinds that the detectors describe."""

    def __init__(self, detectors: Sequence[Detector]) -> None:
        self._rows = {row.kind: (re.compile(row.pattern), row.validate) for row in detectors}

    def __call__(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Scans a text once from the left; what stands inside a found value is not looked at again."""
        place = _PLACE.search(text)
        while place is not None:
            name = place.lastgroup or "key"
            kind = key_kind(place[name])
            at = place.end()
            span = self._value(text, at, kind, in_tag=name == "tag") if kind is not None else None
            if span is not None and kind is not None:
                yield (*span, kind)
                at = span[1]
            place = _PLACE.search(text, at)

    def _value(self, text: str, at: int, kind: str, *, in_tag: bool) -> tuple[int, int] | None:
        row = self._rows.get(kind)
        if row is None:
            return None
        pattern, validate = row
        match = (_IN_TAG if in_tag else pattern).match(text, at)
        if match is None or (validate is not None and not validate(match["value"])):
            return None
        if match.start("value") == at and text.startswith((": ", ":\t"), at - 2) and prose(match["value"]):
            return None
        return match.span("value")
