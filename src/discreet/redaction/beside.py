"""Words that tell: finds the words of detectors that need one beside the value, and tries those detectors there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from discreet.redaction.rules import Scan

REACH: Final = 40  # characters between a word and its value (PII, 1)
_GAP: Final = 2  # characters between the words of a phrase
_BYTES: Final = r"\C{1,8}"  # as many bytes of UTF-8
_OTHER: Final = (
    "[^0-9A-Za-z]"  # wider than what ends a word: letters of other scripts are cheaper to look at than to name
)
_LETTERS = re.compile(r"[^\W_]+")
_LINE_END = re.compile(r"[\r\n]")
_RUN = re.compile(r"[^\s]{0,600}")
# Scripts without blanks between words: there a telling word is found anywhere.
_UNSPACED = re.compile(r"[\u0900-\u0dff\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_Place = tuple[int, int, tuple[int, ...]]
_Phrase = tuple[tuple[str, ...], tuple[int, ...]]


def _words(text: str) -> tuple[str, ...]:
    return tuple(_LETTERS.findall(text.lower()))


def word_gate(phrases: Iterable[str]) -> str:
    """Gives RE2-compatible source that matches wherever one of the phrases stands as whole words."""
    spaced = sorted({_BYTES.join(map(re.escape, _words(text))) for text in phrases if not _UNSPACED.search(text)})
    unspaced = sorted(re.escape(text) for text in phrases if _UNSPACED.search(text))
    parts = []
    if spaced:
        parts.append(rf"(?:^|{_OTHER})(?:{'|'.join(spaced)})(?:$|{_OTHER})")
    if unspaced:
        parts.append(f"(?:{'|'.join(unspaced)})")
    return f"(?i:{'|'.join(parts)})"


class WordScan:
    """Yields what detectors find within reach of one of their words, on the same line. Time is linear in the text."""

    def __init__(self, rows: Sequence[tuple[tuple[str, ...], Scan]]) -> None:
        """Takes (words, scan) of each detector; `scan(text, start, end)` yields what it finds there."""
        self._scans = [scan for _, scan in rows]
        self._by_word: dict[str, list[_Phrase]] = {}
        self._unspaced: list[tuple[str, tuple[int, ...]]] = []
        phrases: dict[str, list[int]] = {}
        for number, (words, _) in enumerate(rows):
            for phrase in words:
                phrases.setdefault(phrase.lower(), []).append(number)
        for phrase, numbers in phrases.items():
            if _UNSPACED.search(phrase):
                self._unspaced.append((phrase, tuple(numbers)))
            elif words := _words(phrase):
                self._by_word.setdefault(words[0], []).append((words, tuple(numbers)))

    def __call__(self, text: str, parts: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, str, str]]:
        """Yields (start, end, kind, detector's name) of what is found by words in parts of a text."""
        found = [found for low, high in parts for found in self._found(text, low, high)]
        for number, windows in self._windows(text, found).items():
            for start, end in windows:
                yield from self._scans[number](text, start, end)

    @staticmethod
    def _windows(text: str, found: list[_Place]) -> dict[int, list[tuple[int, int]]]:
        """Gives for each detector whose words are there the parts of the text to look at, without overlap."""
        windows: dict[int, list[tuple[int, int]]] = {}
        for start, end, numbers in sorted(found):
            window = _window(text, start, end)
            for number in numbers:
                known = windows.setdefault(number, [])
                if known and window[0] <= known[-1][1]:
                    known[-1] = (known[-1][0], max(known[-1][1], window[1]))
                else:
                    known.append(window)
        return windows

    def _found(self, text: str, low: int, high: int) -> Iterator[_Place]:
        """Yields the place of each phrase and the numbers of the detectors it tells about."""
        places = [match.span() for match in _LETTERS.finditer(text, low, high)]
        words = [text[start:end].lower() for start, end in places]
        for at, word in enumerate(words):
            for phrase, numbers in self._by_word.get(word, ()):
                last = at + len(phrase) - 1
                near = all(places[n + 1][0] - places[n][1] <= _GAP for n in range(at, min(last, len(places) - 1)))
                if near and tuple(words[at : last + 1]) == phrase:
                    yield places[at][0], places[last][1], numbers
        if self._unspaced and not text.isascii():
            for word, numbers in self._unspaced:
                at = text.find(word, low, high)
                while at >= 0:
                    yield at, at + len(word), numbers
                    at = text.find(word, at + len(word), high)


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    """Gives the part within reach of a word, on its line, to the end of what it cuts through."""
    low = max(0, start - REACH)
    for match in _LINE_END.finditer(text, low, start):
        low = match.end()
    high = min(len(text), end + REACH)
    newline = _LINE_END.search(text, end, high)
    if newline:
        return low, newline.start()
    run = _RUN.match(text, high)
    return low, run.end() if run else high
