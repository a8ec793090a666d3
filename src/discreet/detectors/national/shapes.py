"""The notation of shapes, and what it means as a pattern of the standard library's `re`.

`d` digit, `A` letter, `X` letter or digit, `h` hexadecimal digit, `s` one optional separator (space, dot or hyphen),
the same one throughout; `YYYY YY MM DD` parts of a date with their ranges; `'AB'` and `[A-F]` stand for themselves;
`( | ) { } ? (?!` as usual; a shape that begins with `(?i)` takes lower case too. Any other sign is that sign.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_TOKEN: Final = re.compile(r"'[^']*'|\(\?!|\[[^]]*\]|\{[0-9,]+\}|YYYY|YY|MM|DD|(?:d+|A+|X+)(?![{?])|[dAXhs.+/$*^\\(]")
_MEANS: Final = {
    "d": "[0-9]",
    "A": "[A-Z]",
    "X": "[0-9A-Z]",
    "h": "[0-9A-F]",
    "YYYY": "(?:19|20)[0-9]{2}",
    "YY": "[0-9]{2}",
    "MM": "(?:0[1-9]|1[0-2])",
    "DD": "(?:0[1-9]|[12][0-9]|3[01])",
    "(": "(?:",
    "(?!": "(?!",
}
_ANY_CASE: Final = "(?i)"
# No letter, digit or underscore touches; nor the rest of a UUID, a version, a decimal.
LEFT: Final = r"(?<![0-9A-Za-z_])(?<![0-9][-.])(?<![0-9A-Fa-f]{4}-)"
RIGHT: Final = r"(?![0-9A-Za-z_])(?!-[0-9A-Fa-f])(?!\.[0-9])"


def _meaning(first: Callable[[], bool]) -> Callable[[re.Match[str]], str]:
    def means(found: re.Match[str]) -> str:
        part = found[0]
        if part == "s":
            return "(?P<s>[ .-]?)" if first() else "(?P=s)"
        if part[0] == "'":
            return re.escape(part[1:-1])
        if part[0] in "dAX" and len(part) > 1:
            return f"{_MEANS[part[0]]}{{{len(part)}}}"
        return _MEANS.get(part) or (part if part[0] in "[{" else "\\" + part)

    return means


def body(shape: str) -> str:
    """Gives what a shape means, without boundaries; a shape with alternatives comes as one group."""
    separators = iter((True,))
    pattern = _TOKEN.sub(_meaning(lambda: next(separators, False)), shape)
    return f"(?:{pattern})" if "|" in pattern else pattern


def pattern_of(shape: str, *, any_case: bool = False, alone: bool = False) -> str:
    """Gives the pattern of a shape, with boundaries.

    Args:
        shape: In the notation of this module.
        any_case: Takes lower case too, where the shape does not say so.
        alone: No word proves it: where the shape has spaces, no further number may stand beside it.
    """
    if shape.startswith(_ANY_CASE):
        shape, any_case = shape[len(_ANY_CASE) :], True
    source = body(shape)
    if any_case and re.search("[A-Z]", source):
        source = f"(?ai:{source})"
    left, right = LEFT, RIGHT
    if "/" in shape:
        left, right = left + "(?<!/)", right + "(?!/)"
    if alone and " " in shape:
        left, right = left + "(?<![0-9] )", right + "(?! [0-9])"
    return left + source + right
