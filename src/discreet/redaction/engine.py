"""The engine: a gate over the text says which rules can match at all, and only those are tried.

The gate is one google-re2 set where that is installed, else literals and the standard library; both find the same.
"""

from __future__ import annotations

import atexit
import os
import re
import sys
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from discreet.redaction.folding import Folded, fold, is_plain
from discreet.redaction.gates import literals, searcher
from discreet.redaction.rules import rules_of

if TYPE_CHECKING:
    from types import CodeType

    from discreet.detectors.model import Detector
    from discreet.redaction.rules import Found, Rule

try:
    import re2
except ImportError:  # no wheel for this platform
    re2 = None

HAVE_RE2: Final = re2 is not None
_RANK: Final = {"internal": 0, "confidential": 1, "restricted": 2}
_INSIDE: Final = frozenset(" ,;'")
_ENDS: Final = frozenset('&"<>\r\n\t ')
_LONG: Final = 8192  # characters of a text of which only parts are scanned for keys and words
_CHUNK: Final = 2048
_CONTEXT: Final = 64  # characters on both sides of a part, for keys of several words
_BLANK = re.compile(r"\s")
_LEAVE: Final = 1.0  # seconds at most in which daemon threads come back from C++; a gate takes milliseconds
_GROUP: Final = 32  # texts that are looked at together
_BETWEEN: Final = b"\x00\n"  # two of them; no plain text holds NUL
_MEMORY: Final = 8 << 20  # bytes at most for the states of one automaton


Gate = Callable[[bytes, str], Sequence[int]]
"""A gate over a text, given encoded and as it is; gives the numbers of the rules that can match."""


class Span(NamedTuple):
    """A part of a text that is to be replaced, the kind its marker says, and the name of the detector."""

    start: int
    end: int
    kind: str
    detector: str


class _Exit:
    """Keeps daemon threads, which go on while the interpreter ends, out of google-re2.

    One that comes back from C++ to an interpreter that has ended takes the process down by ``std::terminate``.
    """

    begun = False
    gates: CodeType | None = None

    def begin(self) -> None:
        """Has every rule tried on every text from now on, and waits for the threads that are in there."""
        self.begun = True
        until = time.monotonic() + _LEAVE
        while time.monotonic() < until and any(f.f_code is self.gates for f in sys._current_frames().values()):
            time.sleep(0.001)


_exit = _Exit()
atexit.register(_exit.begin)


def _set_gate(rules: Sequence[Rule]) -> Gate:
    """Gives the gate as one google-re2 set."""
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    those: Any = re2.Set.SearchSet(options)
    for rule in rules:
        try:
            those.Add(rule.gate)
        except re2.error as error:
            raise ValueError(f"gate of detector {rule.name}: not in google-re2's notation") from error
    those.Compile()
    # The wrapper would encode the text once more for each set.
    match: Callable[[bytes], Sequence[int]] = getattr(those, "_set", those).Match
    everything = range(len(rules))

    def gate(encoded: bytes, _: str) -> Sequence[int]:
        return everything if _exit.begun else match(encoded) or ()

    _exit.gates = gate.__code__
    return gate


def _plain_gate(rules: Sequence[Rule]) -> Gate:
    """Gives the gate as literals, and the standard library's patterns where a rule has no literals."""
    always = [number for number, rule in enumerate(rules) if rule.always]
    tests = [(number, literals(rule.gate), searcher(rule.gate)) for number, rule in enumerate(rules) if not rule.always]

    def gate(_: bytes, text: str) -> list[int]:
        lower = text.lower()
        return always + [
            number
            for number, words, search in tests
            if (any(word in lower for word in words) if words else search(text))
        ]

    return gate


class _Part(NamedTuple):
    """Rules with an automaton of their own: one for all would need a state for each combination of their states."""

    numbers: tuple[int, ...]
    gate: Gate


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
        self._built: tuple[_Part, ...] | None = self._build()
        self._put_aside: list[object] = []
        _engines.add(self)

    def _build(self) -> tuple[_Part, ...]:
        parts: dict[str, list[int]] = {}
        for number, rule in enumerate(self._rules):
            parts.setdefault(rule.part if self._use_re2 else "", []).append(number)
        make = _set_gate if self._use_re2 else _plain_gate
        return tuple(_Part(tuple(numbers), make([self._rules[n] for n in numbers])) for numbers in parts.values())

    def after_fork(self) -> None:
        """Puts the gates aside, to be built anew when needed: one that a thread used at the fork hangs (FACTS, 2)."""
        self._put_aside.append(self._built)  # its destructor may want the lock that nobody will release
        self._built = None

    def _parts(self) -> tuple[_Part, ...]:
        parts = self._built
        if parts is None:
            parts = self._built = self._build()
        return parts

    def _gate(self, text: str) -> list[int]:
        """Gives the numbers of the rules that can match."""
        encoded = text.encode()
        return [numbers[n] for numbers, gate in self._parts() for n in gate(encoded, text)]

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
        """Says of each text whether nothing fires in it; plain ones are looked at by groups, joined."""
        if not self._use_re2:
            return [not self.fires(text) for text in texts]
        result = [is_plain(text) for text in texts]
        plain = [(number, text.encode()) for number, text in enumerate(texts) if result[number]]
        for at in range(0, len(plain), _GROUP):
            group = plain[at : at + _GROUP]
            joined = _BETWEEN.join([encoded for _, encoded in group])
            for _, gate in self._parts():
                if gate(joined, ""):
                    for number, encoded in group:
                        result[number] = result[number] and not gate(encoded, "")
        for number, text in enumerate(texts):
            if not result[number] and not is_plain(text):
                result[number] = not self.fires(text)
        return result

    def all_spans(self, text: str) -> list[Span]:
        """Gives everything that detectors find, sorted by place; spans may overlap."""
        fired = set(self._gate(text))
        folded = fold(text)
        if folded is not None:
            fired.update(self._gate(folded.text))
        numbers = sorted(fired)  # the table's order decides between detectors that find the same
        spans = [Span(*found) for number in numbers for found in self._scan(number, text)]
        if folded is not None:
            places = folded.places
            for number in numbers:
                for start, end, kind, name in self._scan(number, folded.text):
                    last = _encoded_end(text, folded, end) if self._rules[number].part == "keys" else end
                    spans.append(Span(places[start], places[last], kind, name))
        return spans

    def _scan(self, number: int, text: str) -> Iterator[Found]:
        rule = self._rules[number]
        return rule.scan(text, self._windows(rule, text) if rule.always else ())

    def _windows(self, rule: Rule, text: str) -> Sequence[tuple[int, int]]:
        """Gives the parts of a text in which a rule of keys or words can match: of a long one not all of it."""
        if len(text) <= _LONG or not self._use_re2:
            return ((0, len(text)),)
        (gate,) = (gate for numbers, gate in self._parts() if self._rules[numbers[0]] is rule)
        windows, low = [], 0
        while low < len(text):
            blank = _BLANK.search(text, low + _CHUNK)
            high = blank.end() if blank else len(text)
            if gate(text[max(0, low - _CONTEXT) : high + _CONTEXT].encode(), ""):
                windows.append((low, high))
            low = high
        return windows

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
