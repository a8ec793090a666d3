"""Long texts cut to a column, round the private value in the one and what stands in its place in the other."""

import os
import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest

_MARKER = re.compile(r"\[REDACTED[^\]\s]*\]?")
_BREAKS = re.compile(r"(\s+)|(?=[?&\[])")
_BEFORE = 12
_LINES = 3
RED, GREEN, CYAN, BOLD = 31, 32, 36, 1


def marked(text: str) -> bool:
    """Tell whether the text holds a marker of Discreet."""
    return _MARKER.search(text) is not None


def windows(said: str, left: str, spellings: Sequence[str], width: int) -> Iterator[tuple[str, str]]:
    """Give the lines, `width` characters in each column, that show the first private value and its fate."""
    starts = [at for at in (said.find(spelling) for spelling in spellings) if at >= 0]
    focus = min(starts, default=0)
    columns = (_cut(said, focus, width), _cut(left, _counterpart(said, left, focus), width))
    yield from zip_longest(*columns, fillvalue="")


def paint(text: str, colour: int) -> str:
    """Give the text in colour where the terminal has it."""
    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return f"\033[{colour}m{text}\033[0m" if coloured and text else text


def paint_private(text: str, spellings: Sequence[str]) -> str:
    """Give the text with the private values in red."""
    found = [re.escape(spelling) for spelling in sorted(spellings, key=len, reverse=True) if spelling in text]
    return re.sub("|".join(found), lambda match: paint(match[0], RED), text) if found else text


def paint_markers(text: str) -> str:
    """Give the text with Discreet's markers in green."""
    return _MARKER.sub(lambda match: paint(match[0], GREEN), text)


def _counterpart(said: str, left: str, focus: int) -> int:
    """Find in `left` the place of `focus` in `said`: after the same text, equally far from the end; or at a marker."""
    before = said[max(0, focus - _BEFORE) : focus]
    ends = [match.end() for match in re.finditer(re.escape(before), left)] if before else []
    if ends:
        return min(ends, key=lambda end: abs((len(left) - end) - (len(said) - focus)))
    marker = _MARKER.search(left)
    return marker.start() if marker else 0


def _cut(text: str, focus: int, width: int) -> list[str]:
    line = text.rfind("\n", 0, focus) + 1
    start = line if focus - line < width else focus - width // 2
    part = ("…" if start else "") + text[start : start + _LINES * width + 1]
    wrapper = textwrap.TextWrapper(width, max_lines=_LINES, placeholder="…", break_on_hyphens=False)
    wrapper.wordsep_simple_re = _BREAKS
    return wrapper.wrap(part) or [""]
