"""What a detector is: one row of the table that says how a kind of private value is recognised."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LEVELS: Final = ("internal", "confidential", "restricted")
Proof = Literal["shape", "word", "key"]
PROOFS: Final = ("shape", "word", "key")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
_KIND = re.compile(r"[a-z][a-z_]{0,39}\Z")


class DetectorError(ValueError):
    """A row that cannot be used; the message names row, rule and remedy, never a value."""


@dataclass(frozen=True, slots=True)
class Detector:
    """One way to recognise one kind of private value.

    Attributes:
        kind: What the marker says, lower-case letters and underscores; several rows may share one.
        group: What a policy may name instead of all its kinds: "secret", "credential", "contact", "financial", ...
        pattern: Source for the standard library's `re`. The named group `value`, where there is one, is what
            gets replaced, otherwise the whole match. It must be linear: what it scans it has to consume.
        level: "internal" (raises nothing), "confidential" or "restricted".
        example: A text in which it must be found.
        near_miss: A text that looks like it and must stay as it is.
        source: Where the format is defined.
        proof: What makes a match one: "shape" (the pattern alone), "word" (one of `words` stands within 40
            characters), "key" (it is the value of a telling key of this kind: `password=`, `"ssn": "`).
        name: Tells rows of one kind apart; the kind if not given.
        gate: RE2-compatible source that matches wherever `pattern` can, and seldom elsewhere; derived from the
            pattern if not given. Rows of proof "shape" only.
        words: Lower-case words and phrases of which one must stand beside the value. Rows of proof "word" only.
        validate: Says of the matched value whether it is one.
        spans: Narrows a match: (text, start, end) to the parts of it that are values.

    Raises:
        DetectorError: For a field that cannot be used.
    """

    kind: str
    group: str
    pattern: str
    level: str
    example: str
    near_miss: str
    source: str
    proof: Proof = "shape"
    name: str = ""
    gate: str = ""
    words: tuple[str, ...] = ()
    validate: Callable[[str], bool] | None = None
    spans: Callable[[str, int, int], Iterable[tuple[int, int]]] | None = None

    def __post_init__(self) -> None:
        if not self.name:
            object.__setattr__(self, "name", self.kind)
        for rule, holds in _RULES:
            if not holds(self):
                raise DetectorError(f"detector {self.name if _NAME.match(self.name) else '(unnamed)'}: {rule}")


_RULES: tuple[tuple[str, Callable[[Detector], object]], ...] = (
    ("kind: use lower-case letters and underscores, at most 40 characters", lambda row: _KIND.match(row.kind)),
    ("group: use lower-case letters and underscores, at most 40 characters", lambda row: _KIND.match(row.group)),
    ("name: use lower-case letters, digits and underscores", lambda row: _NAME.match(row.name)),
    (f"level: use one of {', '.join(LEVELS)}", lambda row: row.level in LEVELS),
    (f"proof: use one of {', '.join(PROOFS)}", lambda row: row.proof in PROOFS),
    (
        "words: give at least one for proof 'word', none otherwise",
        lambda row: bool(row.words) == (row.proof == "word"),
    ),
    ("pattern: give one", lambda row: row.pattern),
    ("example: give a text in which it is found", lambda row: row.example),
    ("near_miss: give a text that looks like it and is none", lambda row: row.near_miss),
    ("source: say where the format is defined", lambda row: row.source),
)
