"""Patterns from outside: says whether the standard library's engine matches one in linear time, or why not.

A pattern passes if its work at each place of a text is bounded by a constant: every repeat is bounded, no repeat of
varying length holds another one, and two of varying length do not meet over the same character. That refuses more than
is strictly needed; what it accepts cannot hang the process.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Iterable

if sys.version_info >= (3, 11):
    from re import _constants as sre  # type: ignore[attr-defined]
    from re import _parser as sre_parse  # type: ignore[attr-defined]
else:
    import sre_constants as sre
    import sre_parse

_Taken = frozenset[int]
MOST: Final = 256
LONGEST: Final = 2_000
_SAMPLE: Final = range(0x250)
_REPEATS: Final = frozenset(
    getattr(sre, name) for name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") if hasattr(sre, name)
)
_LOOKS: Final = frozenset({sre.ASSERT, sre.ASSERT_NOT})
_REFERENCES: Final = frozenset({sre.GROUPREF, sre.GROUPREF_EXISTS})


class NotLinear(ValueError):  # noqa: N818 - reads as what is wrong with the pattern
    """The pattern may take more than linear time; the message says which rule it breaks and what to write instead."""


def check(pattern: str) -> None:
    """Raises if a pattern is not known to be linear.

    Raises:
        NotLinear: With the rule it breaks; the pattern itself is not quoted.
        re.error: When it does not compile.
    """
    if len(pattern) > LONGEST:
        raise NotLinear(f"pattern: use {LONGEST} characters or fewer")
    _walk(cast("Any", sre_parse.parse(pattern)), inside=False)


def _walk(nodes: Iterable[tuple[Any, Any]], *, inside: bool, behind: _Taken = frozenset()) -> _Taken:
    """Checks a sequence; `inside` says whether it stands in a repeat of varying length.

    `behind` is what a repeat of varying length just before may still take; given back is what one at the end may.
    """
    for kind, value in nodes:
        if kind in _REFERENCES:
            raise NotLinear("pattern: no back-references; write the text out")
        if kind in _LOOKS:
            _walk(value[1], inside=True)
        elif kind in _REPEATS:
            behind = _repeat(value, inside=inside, behind=behind)
        else:
            parts = [_walk(part, inside=inside, behind=behind) for part in _parts(kind, value)]
            behind = frozenset[int]().union(*parts)
    return behind


def _repeat(value: tuple[int, Any, Any], *, inside: bool, behind: _Taken) -> _Taken:
    low, high, inner = int(value[0]), int(value[1]), value[2]
    _bounded(low, high, inside=inside)
    if low == high:
        return _walk(inner, inside=inside, behind=behind)
    first = _first_of(inner)
    if first & behind:
        raise NotLinear("pattern: two repeats may take the same character; put a fixed sign between them")
    _walk(inner, inside=True)
    return first


def _bounded(low: int, high: int, *, inside: bool) -> None:
    if high > MOST:
        raise NotLinear(f"pattern: bound every repeat, at {MOST} or less: {{1,{MOST}}} in place of + and *")
    if inside and high > low and high > 1:
        raise NotLinear("pattern: no repeat of varying length inside another one")


def _parts(kind: Any, value: Any) -> list[Any]:
    """Gives the sequences a node holds."""
    if kind is sre.SUBPATTERN:
        return [value[3]]
    if kind is sre.BRANCH:
        return list(value[1])
    if hasattr(sre, "ATOMIC_GROUP") and kind is sre.ATOMIC_GROUP:
        return [value]
    return []


def _first(kind: Any, value: Any) -> frozenset[int]:
    """Gives the characters a node can begin with, out of a sample of Latin letters and signs."""
    if kind is sre.LITERAL:
        return frozenset({value})
    if kind is sre.IN:
        return _set(value)
    if kind is sre.NOT_LITERAL:
        return frozenset(_SAMPLE) - {value}
    if kind is sre.ANY:
        return frozenset(_SAMPLE)
    if kind in _REPEATS:
        return _first_of(value[2])
    return frozenset().union(*map(_first_of, _parts(kind, value)))


def _first_of(nodes: Iterable[tuple[Any, Any]]) -> frozenset[int]:
    found: frozenset[int] = frozenset()
    for kind, value in nodes:
        found |= _first(kind, value)
        if kind not in _REPEATS or value[0]:
            break
    return found


def _set(items: Iterable[tuple[Any, Any]]) -> frozenset[int]:
    import re

    found: set[int] = set()
    negated = False
    tests = {
        sre.CATEGORY_DIGIT: r"\d",
        sre.CATEGORY_NOT_DIGIT: r"\D",
        sre.CATEGORY_SPACE: r"\s",
        sre.CATEGORY_NOT_SPACE: r"\S",
        sre.CATEGORY_WORD: r"\w",
        sre.CATEGORY_NOT_WORD: r"\W",
    }
    for kind, value in items:
        if kind is sre.NEGATE:
            negated = True
        elif kind is sre.LITERAL:
            found.add(value)
        elif kind is sre.RANGE:
            found.update(range(value[0], min(value[1], _SAMPLE.stop) + 1))
        else:
            found.update(code for code in _SAMPLE if re.match(tests[value], chr(code)))
    return frozenset(_SAMPLE) - found if negated else frozenset(found)
