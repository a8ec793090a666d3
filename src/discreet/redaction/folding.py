"""Folding: reads a text as a person or a decoder would, and remembers where each character came from.

Undone are percent-encoding, JSON and Python escapes, HTML entities, full-width and mathematical forms, digits of
other scripts, dashes, no-break spaces and invisible characters. Nothing else is normalised: a value is replaced in
the original text, so only places matter.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

_ROUNDS: Final = 3
_BREAKS: Final = {"n": "\n", "r": "\r", "t": "\t"}
_MAX_BMP = 0x10FFFF
_ESCAPES: Final = (
    r"(?:%[0-9A-Fa-f]{2})+|%u[0-9A-Fa-f]{4}|\\{1,8}u\{[0-9A-Fa-f]{1,6}\}|\\{1,8}u[0-9A-Fa-f]{4}|\\{1,8}U[0-9A-Fa-f]{8}|\\{1,8}x[0-9A-Fa-f]{2}|\\/|\\{1,8}[nrt]|&#[0-9]{1,7};?|&#[xX][0-9A-Fa-f]{1,6};?"
    r"|&(?:amp|quot|apos|lt|gt|commat|num|nbsp|shy|colon|equals|period|hyphen|dash|lowbar|plus|sol|percnt);"
)
_COLOUR: Final = r"\x1b\[[0-9;]{0,16}[A-Za-z]"
_CODED = re.compile(rf"{_ESCAPES}|{_COLOUR}|\x00|[^\x00-\x7f]+")
# Invisible, but not of the category Cf: joiners, fillers, variation selectors.
_INVISIBLE: Final = frozenset("\u034f\u115f\u1160\u3164\uffa0\u180b\u180c\u180d\u17b4\u17b5\u20e3")
_LOOKS_LIKE: Final = {"\u2212": "-", "\u2024": ".", "\u3002": ".", "\uff61": ".", "\u2800": " ", "\u017f": "s"} | dict(
    zip("łŁøØđĐıħŧ", "lLoOdDiht", strict=True)
)


class Folded(NamedTuple):
    """A folded text, and for each of its characters (and its end) the place in the original."""

    text: str
    places: list[int]


_BY_CATEGORY: Final = {"Cf": "", "Zs": " ", "Pd": "-"}


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    """Gives what a character outside ASCII reads as: one character, or none for an invisible one."""
    if char in _INVISIBLE or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef":
        return ""
    known = _LOOKS_LIKE.get(char, _BY_CATEGORY.get(unicodedata.category(char)))
    if known is not None:
        return known
    digit = unicodedata.decimal(char, -1)
    if digit >= 0:
        return str(digit)
    plain = unicodedata.normalize("NFKC", char)
    if len(plain) == 1 and plain.isascii():
        return plain
    parts = unicodedata.normalize("NFKD", char)
    return parts[0] if parts[0].isascii() and all(map(unicodedata.combining, parts[1:])) else char


def _character(code: int) -> str | None:
    return chr(code) if 0 < code <= _MAX_BMP and not 0xD800 <= code <= 0xDFFF else None  # noqa: PLR2004 - surrogates


def _percent(run: str) -> list[tuple[str, int]]:
    """Decodes a run of percent escapes to characters, each with the number of source characters it took."""
    raw = bytes.fromhex(run.replace("%", ""))
    try:
        return [(char, 3 * len(char.encode())) for char in raw.decode()]
    except UnicodeDecodeError:
        return [(char, 3) for char in raw.decode("latin-1")]


def _decode(token: str) -> list[tuple[str, int]]:
    """Decodes one coded run to (text, source length) pieces."""
    size = len(token)
    if token[0] == "%":
        return _percent(token) if token[1] != "u" else [(_character(int(token.removeprefix("%u"), 16)) or token, size)]
    if token[0] in "\x00\x1b":
        return [("", size)]
    if token[0] == "&":
        read = html.unescape(token if token.endswith(";") else token + ";")
    elif token[0] == "\\" and token[-1] in _BREAKS and len(token.lstrip("\\")) == 1:
        read = _BREAKS[token[-1]]
    elif token[0] == "\\":
        read = _character(int(token.lstrip("\\")[1:].strip("{}"), 16)) or token if size > len("\\/") else "/"
    else:
        return [(_fold_char(char), 1) for char in token]
    if len(read) > 1:
        return [(char, 1) for char in token]
    return [(read, size)]


def _fold_once(text: str) -> Folded | None:
    pieces: list[str] = []
    places: list[int] = []
    done = 0
    for match in _CODED.finditer(text):
        start, end = match.span()
        pieces.append(text[done:start])
        places.extend(range(done, start))
        done = end
        token = match[0]
        if not token.isascii():
            read = "".join(map(_fold_char, token))
            if len(read) == len(token):
                pieces.append(read)
                places.extend(range(start, end))
                continue
        for read, size in _decode(token):
            pieces.append(read)
            places.extend([start] * len(read))
            start += size
    pieces.append(text[done:])
    places.extend(range(done, len(text) + 1))
    folded = "".join(pieces)
    return None if folded == text else Folded(folded, places)


def is_plain(text: str) -> bool:
    """Says cheaply whether nothing in a text can be coded: ASCII without the signs that begin a code."""
    return text.isascii() and not (
        "%" in text or "\\" in text or "&" in text or "\x1b" in text or "\x00" in text  # five times faster than a loop
    )


def fold(text: str) -> Folded | None:
    """Gives the text as it reads with up to three layers of coding undone, None where nothing is coded."""
    if is_plain(text):
        return None
    folded = _fold_once(text)
    if folded is None:
        return None
    for _ in range(_ROUNDS - 1):
        again = _fold_once(folded.text)
        if again is None:
            break
        folded = Folded(again.text, [folded.places[place] for place in again.places])
    return folded
