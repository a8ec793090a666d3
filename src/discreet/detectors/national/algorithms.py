"""What the check characters of many countries have in common: weights, remainders, dates, and tables of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discreet.detectors.validators import luhn

if TYPE_CHECKING:
    from collections.abc import Callable

    Check = Callable[[str], bool]

BASE36: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DIHEDRAL: Final = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_PERMUTED: Final = (
    "0123456789",
    "1576283094",
    "5803796142",
    "8916043527",
    "9453126870",
    "4286573901",
    "2793806415",
    "7046913258",
)


def weighted_sum(value: str, weights: tuple[int, ...]) -> int:
    """Gives the sum of the characters times their weights; letters count 10 to 35, `<` nothing."""
    return sum(weight * max(BASE36.find(char), 0) for char, weight in zip(value, weights, strict=False))


def weighted(weights: str, modulus: int = 11, sign: int = 1, table: str = "0123456789", at: int = -1) -> Check:
    """Gives the check of a weighted sum.

    Args:
        weights: Of the characters from the left, blanks between.
        modulus: What the sum is divided by.
        sign: 1 if the remainder is the check character, -1 if what is missing to the next multiple is.
        table: Which character stands for a remainder of 0, 1, ...; void if there is none.
        at: Place of the check character; that behind the weights if not given.
    """
    factors = tuple(int(weight) for weight in weights.split())
    place = len(factors) if at < 0 else at

    def check(value: str) -> bool:
        remainder = sign * weighted_sum(value, factors) % modulus
        return remainder < len(table) and table[remainder] == value[place]

    return check


def divisible(weights: str, modulus: int) -> Check:
    """Gives the check of a weighted sum, over all characters, that leaves no remainder."""
    factors = tuple(int(weight) for weight in weights.split())
    return lambda value: weighted_sum(value, factors) % modulus == 0


def two_rounds(first: str, second: str) -> Check:
    """Gives the check of two rows of weights, mod 11: the second where the first leaves 10; 10 again means 0."""
    rows = [tuple(int(weight) for weight in row.split()) for row in (first, second)]

    def check(value: str) -> bool:
        remainder = weighted_sum(value, rows[0]) % 11
        if remainder == 10:  # noqa: PLR2004
            remainder = weighted_sum(value, rows[1]) % 11 % 10
        return value[len(rows[0])] == str(remainder)

    return check


def dated(order: str, start: int = 0, month_mods: tuple[int, ...] = (), day_mod: int = 100) -> Check:
    """Gives the check that a month and a day are real.

    Args:
        order: Two characters a part: "yymmdd", "ddmmyy", "yyyymmdd".
        start: Where the date begins.
        month_mods: What is taken off the month, in turn (centuries and women are marked by adding to it).
        day_mod: What is taken off the day.
    """
    month_at, day_at = start + order.index("m"), start + order.index("d")

    def check(value: str) -> bool:
        month, day = int(value[month_at : month_at + 2]), int(value[day_at : day_at + 2]) % day_mod
        for modulus in month_mods:
            month %= modulus
        return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]  # noqa: PLR2004

    return check


def not_lately(value: str, start: int = 0) -> bool:
    """Says whether two digits of a year are not 10 to 35: numbers of jobs begin with dates of these days."""
    return not 10 <= int(value[start : start + 2]) <= 35  # noqa: PLR2004


def no_job(value: str) -> bool:
    """Says whether six digits, day first, do not read as a date of these days with the year first."""
    return not_lately(value) or not 1 <= int(value[4:6]) <= 31  # noqa: PLR2004


def every(*checks: Check) -> Check:
    """Gives the check that all of them pass."""
    return lambda value: all(check(value) for check in checks)


def either(*checks: Check) -> Check:
    """Gives the check that one of them passes."""
    return lambda value: any(check(value) for check in checks)


def part(check: Check, start: int, stop: int | None = None) -> Check:
    """Gives a check of a part of the value."""
    return lambda value: check(value[start:stop])


def mixed(value: str) -> bool:
    """Says whether the digits are not all the same."""
    return len(set(value)) > 1


def plain_luhn(value: str) -> bool:
    """Says whether digits, not all the same, end in their Luhn check digit (ISO/IEC 7812-1, annex B)."""
    return mixed(value) and luhn(value)


def verhoeff(value: str) -> bool:
    """Says whether digits end in their Verhoeff check digit (J. Verhoeff, Error detecting decimal codes, 1969)."""
    state = 0
    for place, char in enumerate(reversed(value)):
        state = int(_DIHEDRAL[state][int(_PERMUTED[place % 8][int(char)])])
    return state == 0


def mod_11_10(value: str) -> bool:
    """Says whether digits end in the check digit of ISO/IEC 7064, mod 11,10."""
    rest = 10
    for char in value[:-1]:
        rest = (rest + int(char)) % 10 or 10
        rest = rest * 2 % 11
    return (rest + int(value[-1])) % 10 == 1


def mod_11_2(value: str) -> bool:
    """Says whether digits end in the check character of ISO/IEC 7064, mod 11-2."""
    rest = 0
    for char in value[:-1]:
        rest = (rest + int(char)) * 2 % 11
    return "0123456789X"[(12 - rest) % 11] == value[-1]


def luhn_36(value: str) -> bool:
    """Says whether letters and digits end in their Luhn character in base 36 (annex to the GSTIN rules)."""
    total = 0
    for place, char in enumerate(reversed(value)):
        number = BASE36.index(char) * (1 + place % 2)
        total += number // 36 + number % 36
    return total % 36 == 0


def sevens(value: str) -> bool:
    """Says whether the last digit is the sum with weights 7 3 1, mod 10 (ICAO Doc 9303, part 3, 4.9)."""
    total = weighted_sum(value[:-1], tuple((7, 3, 1)[place % 3] for place in range(len(value) - 1)))
    return value[-1:] == str(total % 10)
