"""The engine: a gate over the text says which detectors can match at all, and only those are tried.

The gate is one google-re2 set where that is installed, else literals and the standard library; both find the same.
"""

from __future__ import annotations

import os
import re
import weakref
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from discreet.detectors.model import KEYED, Detector
from discreet.redaction.folding import fold
from discreet.redaction.pairs import KeyedScan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

try:
    import re2
except ImportError:  # no wheel for this platform
    re2 = None

HAVE_RE2: Final = re2 is not None
_RANK: Final = {"confidential": 0, "restricted": 1}


class Span(NamedTuple):
    """A part of a text that is to be replaced, and the kind its marker says."""

    start: int
    end: int
    kind: str


def _scan_of(detector: Detector) -> Callable[[str], Iterator[Span]]:
    """Gives the function that yields what one detector finds."""
    pattern = re.compile(detector.pattern)
    group: str | int = "value" if "value" in pattern.groupindex else 0
    validate, narrow, kind = detector.validate, detector.spans, detector.kind

    def scan(text: str) -> Iterator[Span]:
        for match in pattern.finditer(text):
            start, end = match.span(group)
            if start == end or (validate is not None and not validate(text[start:end])):
                continue
            if narrow is None:
                yield Span(start, end, kind)
                continue
            for part_start, part_end in narrow(text, start, end):
                yield Span(part_start, part_end, kind)

    return scan


class _Rule(NamedTuple):
    kind: str
    gate: str
    hints: tuple[str, ...]
    scan: Callable[[str], Iterator[Span]]


def _rules(detectors: Sequence[Detector]) -> tuple[_Rule, ...]:
    """One rule for each detector that looks at values, and one for all that look behind keys."""
    keyed = [row for row in detectors if row.group == KEYED]
    rules = [_Rule(row.kind, row.gate, row.hints, _scan_of(row)) for row in detectors if row.group != KEYED]
    if keyed:
        gate = "|".join(f"(?:{row.gate})" for row in keyed)
        hints = tuple(sorted({hint for row in keyed for hint in row.hints}))
        pairs = KeyedScan(keyed)
        rules.append(_Rule(KEYED, gate, hints, lambda text: (Span(*found) for found in pairs(text))))
    return tuple(rules)


def _set_gate(rules: Sequence[_Rule]) -> Callable[[str], Iterable[int]]:
    """Gives the gate as one google-re2 set."""
    options = re2.Options()
    options.max_mem = 64 << 20
    options.log_errors = False
    gate: Any = re2.Set.SearchSet(options)
    for rule in rules:
        try:
            gate.Add(rule.gate)
        except re2.error as error:
            raise ValueError(
                f"gate of detector {rule.kind}: google-re2 takes no look-around or back-reference"
            ) from error
    gate.Compile()
    match: Callable[[str], Iterable[int]] = gate.Match
    return lambda text: match(text) or ()


def _plain_gate(rules: Sequence[_Rule]) -> Callable[[str], Iterable[int]]:
    """Gives the gate as literals, and the standard library's patterns where a rule has no literals."""
    tests = [(number, rule.hints, re.compile(rule.gate).search) for number, rule in enumerate(rules)]

    def gate(text: str) -> list[int]:
        lower = text.lower()
        return [
            number
            for number, hints, search in tests
            if (any(hint in lower for hint in hints) if hints else search(text) is not None)
        ]

    return gate


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
        kind = span.kind if weight > best else last.kind
        best = max(best, weight)
        merged[-1] = Span(last.start, max(last.end, span.end), kind)
    return merged


class Engine:
    """Finds what detectors describe. Immutable, safe to share between threads, rebuilt in a forked child."""

    def __init__(self, detectors: Sequence[Detector], *, use_re2: bool = HAVE_RE2) -> None:
        self._rules = _rules(detectors)
        self._rank = {row.kind: _RANK[row.level] for row in detectors}
        self._use_re2 = use_re2 and HAVE_RE2
        self._gate = self._build()
        self._before_fork: list[object] = []
        _engines.add(self)

    def _build(self) -> Callable[[str], Iterable[int]]:
        if not self._rules:
            return lambda _: ()
        return _set_gate(self._rules) if self._use_re2 else _plain_gate(self._rules)

    def rebuild(self) -> None:
        """Compiles the gate anew. A set that another thread used while the process forked hangs (FACTS, 2)."""
        self._before_fork.append(self._gate)  # its destructor may want the lock that nobody will release
        self._gate = self._build()

    def find(self, text: str, kinds: set[str]) -> list[Span]:
        """Gives the parts to replace, in order and without overlap; adds every kind found to `kinds`."""
        fired = set(self._gate(text))
        folded = fold(text)
        if folded is not None:
            fired.update(self._gate(folded.text))
        if not fired:
            return []
        spans = [span for number in fired for span in self._rules[number].scan(text)]
        if folded is not None:
            places = folded.places
            for number in fired:
                spans.extend(Span(places[s], places[e], kind) for s, e, kind in self._rules[number].scan(folded.text))
        kinds.update(span.kind for span in spans)
        return _merge(spans, self._rank)


_engines: weakref.WeakSet[Engine] = weakref.WeakSet()


def _rebuild_all() -> None:
    for engine in list(_engines):
        engine.rebuild()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_rebuild_all)
