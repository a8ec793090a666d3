"""Rules: what the engine tries when its gate fires: one for each detector by shape, one for words, one for keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, Protocol

from discreet.detectors.keys import key_gate
from discreet.redaction.beside import WordScan, word_gate
from discreet.redaction.gates import gate_of
from discreet.redaction.pairs import KeyedScan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from discreet.detectors.model import Detector

Found = tuple[int, int, str, str]


# Groups whose gates share an automaton. Found by measuring: together they need few states, with others many.
_PARTS = {"contact": "contact", "financial": "financial", "secret": "secret"} | dict.fromkeys(
    ("national_id", "health", "vehicle"), "national_id"
)


class Scan(Protocol):
    """Yields (start, end, kind, name) of what one detector finds in a part of a text."""

    def __call__(self, text: str, start: int = 0, end: int | None = None, /) -> Iterator[Found]:
        """Scans the text, or the part of it from `start` to `end`."""


class Rule(NamedTuple):
    """A gate, and what to do when it fires. A rule without `literal` is always tried where google-re2 is missing."""

    name: str
    gate: str
    part: str
    always: bool
    scan: Callable[[str, Sequence[tuple[int, int]]], Iterator[Found]]


def scan_of(detector: Detector) -> Scan:
    """Gives the function that yields what one detector finds. Its pattern is compiled when it is first needed."""
    validate, narrow, kind, name = detector.validate, detector.spans, detector.kind, detector.name
    compiled: list[tuple[re.Pattern[str], str | int]] = []

    def scan(text: str, start: int = 0, end: int | None = None, /) -> Iterator[Found]:
        if not compiled:
            pattern = re.compile(detector.pattern)
            compiled.append((pattern, "value" if "value" in pattern.groupindex else 0))
        pattern, group = compiled[0]
        for match in pattern.finditer(text, start, len(text) if end is None else end):
            low, high = match.span(group)
            if low == high or (validate is not None and not validate(text[low:high])):
                continue
            if narrow is None:
                yield low, high, kind, name
                continue
            for part_start, part_end in narrow(text, low, high):
                yield part_start, part_end, kind, name

    return scan


def _whole(scan: Scan) -> Callable[[str, Sequence[tuple[int, int]]], Iterator[Found]]:
    """Gives the scan of a detector by shape: what it finds may be long, so that it looks at the whole text."""
    return lambda text, _: scan(text)


def any_digit(row: Detector) -> bool:
    """Says whether the gate of a detector does not ask which digits there are: of the numbers of all countries."""
    return _PARTS.get(row.group) == "national_id"


def shape_gate(row: Detector) -> str:
    """Gives the gate of a detector by shape.

    Raises:
        ValueError: For a pattern of which none can be derived.
    """
    return row.gate or gate_of(row.pattern, any_digit=any_digit(row))


def rules_of(detectors: Sequence[Detector]) -> tuple[Rule, ...]:
    """Gives the rules for detectors.

    Raises:
        ValueError: For a pattern of which no gate can be derived.
    """
    rules = [
        Rule(row.name, shape_gate(row), _PARTS.get(row.group, "other"), False, _whole(scan_of(row)))
        for row in detectors
        if row.proof == "shape"
    ]
    beside = [row for row in detectors if row.proof == "word"]
    if beside:
        words = {word for row in beside for word in row.words}
        scan = WordScan([(row.words, scan_of(row)) for row in beside])
        rules.append(Rule("words", word_gate(words), "words", True, scan))
    keyed = [row for row in detectors if row.proof == "key"]
    if keyed:
        gate = key_gate(row.kind for row in keyed)
        rules.append(Rule("keys", gate, "keys", True, KeyedScan(keyed)))
    return tuple(rules)
