"""Payment card numbers: issuer ranges with their lengths, and the search in a run of digit groups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from discreet.detectors.validators import luhn

if TYPE_CHECKING:
    from collections.abc import Iterator

# First and last prefix of a range, and its lengths (ISO/IEC 7812 ranges as the networks publish them).
RANGES: Final = (
    ("4", "4", (13, 16, 19)),  # Visa
    ("51", "55", (16,)),  # Mastercard
    ("2221", "2720", (16,)),  # Mastercard, 2-series
    ("34", "34", (15,)),  # American Express
    ("37", "37", (15,)),
    ("300", "305", (14, 16)),  # Diners Club
    ("3095", "3095", (14, 16)),
    ("36", "36", (14, 16)),
    ("38", "39", (14, 16)),
    ("3528", "3589", (16, 17, 18, 19)),  # JCB
    ("6011", "6011", (16, 17, 18, 19)),  # Discover
    ("644", "659", (16, 17, 18, 19)),
    ("60", "60", (16,)),  # RuPay, Hipercard
    ("62", "62", (16, 17, 18, 19)),  # UnionPay
    ("81", "82", (16, 17, 18, 19)),
    ("2200", "2205", (16,)),  # Mir, BORICA
    ("9792", "9792", (16,)),  # Troy
    ("5018", "5018", (12, 13, 14, 15, 16, 17, 18, 19)),  # Maestro
    ("5020", "5020", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("5038", "5038", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("5893", "5893", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("6304", "6304", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("6759", "6763", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("50", "50", (16, 18, 19)),  # Maestro, Elo, Verve, Carnet
    ("56", "58", (16, 19)),
    ("63", "63", (16, 19)),
    ("67", "67", (16, 18, 19)),
)

_BY_FIRST: Final = {first: tuple(row for row in RANGES if row[0][0] == first) for first in "23456789"}
_GROUP = re.compile(r"[0-9]+")
_HEX = "0123456789abcdefABCDEF"
_LONG_HEX = 24
_LONG = 17
_FOUR = 4
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_SHORTEST, _LONGEST = 12, 19
_OTHER_GROUPS: Final = frozenset({(4, 6, 5), (4, 6, 4), (4, 6, 6), (6, 6, 4), (6, 9), (6, 10), (6, 13), (5, 5, 5)})


def is_card(digits: str) -> bool:
    """Says whether digits have an issuer's prefix, a length it issues, and the Luhn check digit."""
    length = len(digits)
    if length < _SHORTEST or len(set(digits)) == 1:
        return False
    issued = any(
        length in lengths and low <= digits[: len(low)] <= high for low, high, lengths in _BY_FIRST.get(digits[0], ())
    )
    return issued and luhn(digits)


def _inside_hash(text: str, start: int, end: int) -> bool:
    """Says whether the digits are part of a UUID or of a long hexadecimal id (trace ids, digests)."""
    low, high = max(0, start - 40), end + 40
    left = text[low:start]
    right = text[end:high]
    if any(m.start() + low < end and m.end() + low > start for m in _UUID.finditer(text[low:high])):
        return True
    head = left[len(left.rstrip(_HEX)) :]
    tail = right[: len(right) - len(right.lstrip(_HEX))]
    if text[max(0, start - len(head) - 2) : start - len(head)].lower() == "0x":
        return True
    letters = (head + tail).strip("0123456789")
    return bool(letters) and len(head) + len(tail) + end - start >= _LONG_HEX


def _in_a_list(text: str, groups: list[tuple[int, int]], found: tuple[int, int]) -> bool:
    """Says whether groups of four digits stand in a longer row of such groups that is no row of cards: readings."""
    first = next(number for number, group in enumerate(groups) if group[0] == found[0])
    last = next(number for number, group in enumerate(groups) if group[1] == found[1])
    if first == last or any(end - start != _FOUR for start, end in groups[first : last + 1]):
        return False
    while first and _continues(text, groups, first - 1):
        first -= 1
    while last + 1 < len(groups) and _continues(text, groups, last):
        last += 1
    row = ["".join(text[start:end] for start, end in groups[n : n + _FOUR]) for n in range(first, last + 1, _FOUR)]
    return last - first >= _FOUR and not all(map(is_card, row))


def _continues(text: str, groups: list[tuple[int, int]], number: int) -> bool:
    """Says whether a group of four digits and the next one are joined by one blank."""
    (start, end), (start_next, end_next) = groups[number], groups[number + 1]
    return end - start == end_next - start_next == _FOUR and text[end:start_next] == " "


def _plausible(groups: list[tuple[int, int]]) -> bool:
    """Says whether digits are grouped as people write cards: by four, the last group of any size; or one by one."""
    sizes = tuple(end - start for start, end in groups)
    return all(size % 4 == 0 for size in sizes[:-1]) or sizes in _OTHER_GROUPS or max(sizes) == 1


def _window(text: str, groups: list[tuple[int, int]], first: int) -> tuple[int, int] | None:
    """Gives how many groups from `first` make a card, longest first, as (start, end) in the text."""
    best = None
    digits = ""
    if text[groups[first][0]] not in _BY_FIRST:
        return None
    for last in range(first, min(len(groups), first + _LONGEST)):
        start, end = groups[last]
        digits += text[start:end]
        if len(digits) > _LONGEST:
            break
        if len(digits) >= _SHORTEST and is_card(digits) and _plausible(groups[first : last + 1]):
            best = (groups[first][0], end)
    return best


def card_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields the cards in a run of digits and separators: whole groups only, never part of a longer number.

    A number behind a decimal point, digits of a UUID or hash, readings in a row, and what lacks an issuer or fails Luhn
    are no cards.
    """
    groups = [m.span() for m in _GROUP.finditer(text, start, end)]
    done = -1
    for first, (begin, _) in enumerate(groups):
        if begin < done or (begin > 1 and text[begin - 1] == "." and text[begin - 2].isdigit()):
            continue
        found = _window(text, groups, first)
        if found and _in_a_list(text, groups, found):
            continue
        if found and found[1] - found[0] >= _LONG and text[begin - 1 : begin] in {"-", "_"} and begin:
            continue  # one run of 17 digits or more behind a sign is an id (`blk_-4761874335011203813`)
        if found and not _inside_hash(text, *found):
            done = found[1]
            yield found
