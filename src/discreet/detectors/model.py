"""What a detector is: one row of the table that says how a kind of private value is recognised."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LEVELS: Final = ("confidential", "restricted")
KEYED: Final = "keyed"
_KIND = re.compile(r"[a-z][a-z_]{0,39}\Z")


@dataclass(frozen=True, slots=True)
class Detector:
    """One way to recognise one kind of private value.

    Attributes:
        kind: What the marker says, lower-case letters and underscores; several rows may share one.
        group: "personal", "financial", "secret", "database" or "keyed". In a keyed row the pattern is tried
            where the value of a telling key begins (`password=`, `"ssn": "`), and only for keys of its kind.
        pattern: Source for the standard library's `re`. The named group `value`, where there is one, is what
            gets replaced, otherwise the whole match. It must be linear: what it scans it has to consume.
        gate: RE2-compatible source that matches wherever `pattern` can, and seldom elsewhere.
        level: "confidential" or "restricted".
        example: A text in which it must be found.
        near_miss: A text that looks like it and must stay as it is.
        source: Where the format is defined.
        hints: Lower-case literals of which one must be there; used in place of the gate without google-re2.
        validate: Says of the matched value whether it is one.
        spans: Narrows a match: (text, start, end) to the parts of it that are values.

    Raises:
        ValueError: For a kind, level, pattern or gate that cannot be used.
    """

    kind: str
    group: str
    pattern: str
    gate: str
    level: str
    example: str
    near_miss: str
    source: str
    hints: tuple[str, ...] = ()
    validate: Callable[[str], bool] | None = None
    spans: Callable[[str, int, int], Iterable[tuple[int, int]]] | None = None

    def __post_init__(self) -> None:
        if not _KIND.match(self.kind):
            raise ValueError("detector kind: use lower-case letters and underscores, at most 40 characters")
        if self.level not in LEVELS:
            raise ValueError(f"detector {self.kind}: level must be one of {', '.join(LEVELS)}")
        for source in (self.pattern, self.gate):
            try:
                re.compile(source)
            except re.error as error:
                raise ValueError(f"detector {self.kind}: pattern or gate does not compile: {error.msg}") from None
