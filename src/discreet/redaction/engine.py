"""The engine: a gate over the text says which rules can match at all, and only those are tried.

The gate is one google-re2 set where that is installed, else literals and the standard library; both find the same.
"""

from __future__ import annotations

import os
import weakref
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from discreet.redaction.folding import Folded, fold
from discreet.redaction.gates import literals, searcher
from discreet.redaction.rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from discreet.detectors.model import Detector
    from discreet.redaction.rules import Rule

try:
    import re2
except ImportError:  # no wheel for this platform
    re2 = None

HAVE_RE2: Final = re2 is not None
_RANK: Final = {"internal": 0, "confidential": 1, "restricted": 2}
_INSIDE: Final = frozenset(" ,;'")
_ENDS: Final = frozenset('&"<>\r\n\t ')
_MEMORY: Final = 64 << 20  # bytes for the states of the automaton


class Span(NamedTuple):
    """A part of a text that is to be replaced, the kind its marker says, and the name of the detector."""

    start: int
    end: int
    kind: str
    detector: str


def _set_gate(rules: Sequence[Rule]) -> Callable[[str], Iterable[int]]:
    """Gives the gate as one google-re2 set."""
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    gate: Any = re2.Set.SearchSet(options)
    for rule in rules:
        try:
            gate.Add(rule.gate)
        except re2.error as error:
            raise ValueError(f"gate of detector {rule.name}: not in google-re2's notation") from error
    gate.Compile()
    match: Callable[[str], Iterable[int]] = gate.Match
    return lambda text: match(text) or ()


def _plain_gate(rules: Sequence[Rule]) -> Callable[[str], Iterable[int]]:
    """Gives the gate as literals, and the standard library's patterns where a rule has no literals."""
    always = [number for number, rule in enumerate(rules) if rule.always]
    tests = [(number, literals(rule.gate), searcher(rule.gate)) for number, rule in enumerate(rules) if not rule.always]

    def gate(text: str) -> list[int]:
        lower = text.lower()
        return always + [
            number
            for number, words, search in tests
            if (any(word in lower for word in words) if words else search(text))
        ]

    return gate


def _encoded_end(text: str, folded: Folded, end: int) -> int:
    """Gives where a value ends whose blanks and commas are percent-encoded: they are part of it, up to the next `&`."""
    while end < len(folded.text) and text[folded.places[end]] == "%" and folded.text[end] in _INSIDE:
        end += 1
        while end < len(folded.text) and folded.text[end] not in _ENDS and text[folded.places[end]] not in _ENDS:
            end += 1
    return end


def _merge(spans: list[Span], rank: dict[str, int]) -> list[Span]:
    """Joins what overlaps; the part takes the kind of the longest span, of the more sensitive one if two are equal."""
    spans.sort(key=lambda span: (span.start, -span.end))
    merged: list[Span] = []
    best: tuple[int, int] = (0, 0)
    for span in spans:
        weight = (span.end - span.start, rank[span.kind])
        if not merged or span.start >= merged[-1].end:
            merged.append(span)
            best = weight
            continue
        last = merged[-1]
        of = span if weight > best else last
        best = max(best, weight)
        merged[-1] = Span(last.start, max(last.end, span.end), of.kind, of.detector)
    return merged


class Engine:
    """Finds what detectors describe. Immutable, safe to share between threads, rebuilt in a forked child."""

    def __init__(self, detectors: Sequence[Detector], *, use_re2: bool = HAVE_RE2) -> None:
        self._rules = rules_of(detectors)
        self._rank = {row.kind: _RANK[row.level] for row in detectors}
        self._use_re2 = use_re2 and HAVE_RE2
        self._built: Callable[[str], Iterable[int]] | None = self._build()
        self._before_fork: list[object] = []
        _engines.add(self)

    def _gate(self, text: str) -> Iterable[int]:
        """Gives the numbers of the rules that can match."""
        gate = self._built
        if gate is None:
            gate = self._built = self._build()
        return gate(text)

    def _build(self) -> Callable[[str], Iterable[int]]:
        if not self._rules:
            return lambda _: ()
        return _set_gate(self._rules) if self._use_re2 else _plain_gate(self._rules)

    def after_fork(self) -> None:
        """Puts the gate aside, to be built anew when needed: one that a thread used at the fork hangs (FACTS, 2)."""
        self._before_fork.append(self._built)  # its destructor may want the lock that nobody will release
        self._built = None

    def fires(self, text: str) -> bool:
        """Says whether anything can be found in a text at all: a text that does not fire is clean."""
        if self._gate(text):
            return True
        folded = fold(text)
        return folded is not None and bool(self._gate(folded.text))

    def fired(self, text: str) -> set[str]:
        """Gives the names of the rules that can match: of detectors by shape, "words" and "keys"."""
        folded = fold(text)
        numbers = {*self._gate(text), *(self._gate(folded.text) if folded is not None else ())}
        return {self._rules[number].name for number in numbers}

    def clean(self, texts: Sequence[str]) -> list[bool]:
        """Says of each text whether nothing fires in it: all are scanned at once, joined; then halves where it does."""
        result = [False] * len(texts)
        parts = [(0, len(texts))]
        while parts:
            low, high = parts.pop()
            if low == high:
                continue
            if not self.fires("\n\n".join(texts[low:high])):
                result[low:high] = [True] * (high - low)
            elif high - low > 1:
                middle = (low + high) // 2
                parts += [(low, middle), (middle, high)]
        return result

    def all_spans(self, text: str) -> list[Span]:
        """Gives everything that detectors find, sorted by place; spans may overlap."""
        fired = set(self._gate(text))
        folded = fold(text)
        if folded is not None:
            fired.update(self._gate(folded.text))
        numbers = sorted(fired)  # the table's order decides between detectors that find the same
        spans = [Span(*found) for number in numbers for found in self._rules[number].scan(text)]
        if folded is not None:
            places = folded.places
            for number in numbers:
                for start, end, kind, name in self._rules[number].scan(folded.text):
                    last = _encoded_end(text, folded, end) if self._rules[number].name == "keys" else end
                    spans.append(Span(places[start], places[last], kind, name))
        return spans

    def find(self, text: str, kinds: set[str], kept: frozenset[str] = frozenset()) -> list[Span]:
        """Gives the parts to replace, in order and without overlap; adds every kind found to `kinds`."""
        spans = self.all_spans(text)
        if kept:
            spans = [span for span in spans if span.kind not in kept]
        if not spans:
            return []
        kinds.update(span.kind for span in spans)
        return _merge(spans, self._rank)


_engines: weakref.WeakSet[Engine] = weakref.WeakSet()


def _after_fork() -> None:
    for engine in list(_engines):
        engine.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
