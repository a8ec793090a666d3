"""National identifiers with valid check digits, made by drawing until the check passes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_ALNUM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _digits(text: str) -> list[int]:
    return [int(sign) for sign in text if sign.isdigit()]


def dot(text: str, weights: list[int]) -> int:
    """The weighted sum of the digits."""
    return sum(digit * weight for digit, weight in zip(_digits(text), weights, strict=False))


def luhn(text: str) -> bool:
    """The check of cards and a dozen identifiers."""
    total = 0
    for place, digit in enumerate(reversed(_digits(text))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def mod11_10(text: str) -> bool:
    """ISO 7064 mod 11,10 (Croatia, Germany)."""
    check = 5
    for digit in _digits(text):
        check = ((((check or 10) * 2) % 11) + digit) % 10
    return check == 1


def weighted(weights: list[int], modulus: int) -> Callable[[str], bool]:
    """A check whose weighted sum, check digit included, divides by the modulus."""
    return lambda text: dot(text, weights) % modulus == 0


def last_is(weights: list[int], modulus: int, fold: Callable[[int], int]) -> Callable[[str], bool]:
    """A check whose last digit is a function of the weighted sum of the others."""
    return lambda text: _digits(text)[-1] == fold(dot(text, weights) % modulus)


def two_mod11(first: list[int], second: list[int]) -> Callable[[str], bool]:
    """Two check digits, each eleven minus the rest and zero above nine (Brazil)."""

    def check(text: str) -> bool:
        digits = _digits(text)
        rests = [sum(d * w for d, w in zip(digits, weights, strict=False)) % 11 for weights in (first, second)]
        return [0 if rest < 2 else 11 - rest for rest in rests] == digits[-2:]

    return check


def verhoeff(text: str) -> bool:
    """The check of Aadhaar: the dihedral group of order ten."""
    check = 0
    for place, drawn in enumerate(reversed(_digits(text))):
        digit = drawn
        for _ in range(place % 8):
            digit = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[digit]
        low = check % 5 + digit % 5 if check < 5 else check % 5 - digit % 5
        check = low % 5 + 5 * ((check < 5) != (digit < 5))
    return check == 0


def two_rounds(first: list[int], second: list[int]) -> Callable[[str], bool]:
    """Mod 11 with a second round when the first gives ten (the Baltic states, Kazakhstan)."""

    def check(text: str) -> bool:
        rest = dot(text[:-1], first) % 11
        if rest == 10:
            rest = dot(text[:-1], second) % 11 % 10
        return rest == int(text[-1])

    return check


def letter(table: str, modulus: int, pick: str = r"\d") -> Callable[[str], bool]:
    """The last letter is the remainder of the number before it."""
    return lambda text: table[int("".join(re.findall(pick, text))) % modulus] == text[-1]


def nie(text: str) -> bool:
    number = int(str("XYZ".index(text[0])) + text[1:-1])
    return "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23] == text[-1]


def hetu(text: str) -> bool:
    return "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(text[:6] + text[7:10]) % 31] == text[-1]


def rut(text: str) -> bool:
    body = "".join(sign for sign in text[:-1] if sign.isdigit())
    rest = 11 - sum(int(d) * (2 + i % 6) for i, d in enumerate(reversed(body))) % 11
    return "0123456789K0"[10 if rest == 10 else rest % 11] == text[-1]


def chinese(text: str) -> bool:
    total = sum((10 if sign == "X" else int(sign)) * pow(2, 17 - i, 11) for i, sign in enumerate(text))
    return total % 11 == 1


def codice(text: str) -> bool:
    odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]
    values = [int(sign) if sign.isdigit() else ord(sign) - 65 for sign in text[:15]]
    total = sum(odd[value] if place % 2 == 0 else value for place, value in enumerate(values))
    return chr(65 + total % 26) == text[-1]


def nric(text: str) -> bool:
    total = dot(text, [2, 7, 6, 5, 4, 3, 2]) + (4 if text[0] in "TG" else 0)
    return ("JZIHGFEDCBA" if text[0] in "ST" else "XWUTRQPNMLK")[total % 11] == text[-1]


def taiwan(text: str) -> bool:
    code = 10 + "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(text[0])
    return (dot(str(code) + text[1:], [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1])) % 10 == 0


def hongkong(text: str) -> bool:
    signs = [36, *(_ALNUM.index(s) for s in text if s in _ALNUM)]
    return sum(sign * weight for sign, weight in zip(signs, [9, 8, 7, 6, 5, 4, 3, 2, 1], strict=True)) % 11 == 0


def curp(text: str) -> bool:
    signs = "0123456789ABCDEFGHIJKLMN_OPQRSTUVWXYZ"
    total = sum(signs.index(sign) * (18 - place) for place, sign in enumerate(text[:17]))
    return (10 - total % 10) % 10 == int(text[-1])


def turkish(text: str) -> bool:
    d = _digits(text)
    tenth = (7 * sum(d[0:9:2]) - sum(d[1:8:2])) % 10
    return d[9] == tenth and d[10] == sum(d[:10]) % 10


def kvnr(text: str) -> bool:
    return luhn_like(f"{ord(text[0]) - 64:02d}" + text[1:-1]) == int(text[-1])


def luhn_like(text: str) -> int:
    """The digit sums with weights 1 2 1 2, mod 10."""
    return sum(sum(_digits(str(d * (1 + i % 2)))) for i, d in enumerate(_digits(text))) % 10


def rvnr(text: str) -> bool:
    spelled = text[:8] + f"{ord(text[8]) - 64:02d}" + text[9:11]
    weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]
    total = sum(sum(_digits(str(d * w))) for d, w in zip(_digits(spelled), weights, strict=True))
    return total % 10 == int(text[-1])


def mynumber(text: str) -> bool:
    d = _digits(text)
    rest = sum(n * w for n, w in zip(reversed(d[:-1]), [2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6], strict=True)) % 11
    return d[-1] == (0 if rest <= 1 else 11 - rest)


def idnr(text: str) -> bool:
    head = [_digits(text)[:10].count(d) for d in range(10)]
    return mod11_10(text) and sorted(head, reverse=True)[:2] in ([2, 1], [3, 1])


def norwegian(text: str) -> bool:
    return (
        dot(text, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 == 0 and dot(text, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0
    )


def dea(text: str) -> bool:
    d = _digits(text)
    return (d[0] + d[2] + d[4] + 2 * (d[1] + d[3] + d[5])) % 10 == d[6]


def french(text: str) -> bool:
    plain = text.replace(" ", "")
    return 97 - int(plain[:13]) % 97 == int(plain[13:])


def belgian(text: str) -> bool:
    d = "".join(map(str, _digits(text)))
    return 97 - int(d[:9]) % 97 == int(d[9:])


def always(_: str) -> bool:
    """No check digit."""
    return True


@dataclass(frozen=True)
class NationalId:
    """One identifier: its pattern (see ``draw``), the check, the words beside it, whether its shape proves itself."""

    name: str
    pattern: str
    check: Callable[[str], bool]
    words: tuple[str, ...]
    alone: bool = False

    def draw(self, rng: Random) -> str:
        """A valid value: ``#`` digit, ``1-9``-style classes in brackets, ``YY MM DD`` a date, others themselves."""
        while True:
            value = _fill(rng, self.pattern)
            if self.check(value):
                return value


_PART = re.compile(r"YYYY|YY|MM|DD|\[[^\]]+\]|.")


def _fill(rng: Random, pattern: str) -> str:
    year = rng.randint(1945, 1999)
    dates = {"YYYY": str(year), "YY": f"{year % 100:02d}", "MM": f"{rng.randint(1, 12):02d}"}
    dates["DD"] = f"{rng.randint(1, 28):02d}"

    def part(match: re.Match[str]) -> str:
        token = match.group(0)
        if token in dates:
            return dates[token]
        if token == "#":
            return str(rng.randrange(10))
        return rng.choice(_members(token[1:-1])) if token.startswith("[") else token

    return _PART.sub(part, pattern)


def _members(inside: str) -> str:
    """The members of a class such as ``A-H0-9``."""
    return re.sub(r"(.)-(.)", lambda m: "".join(chr(c) for c in range(ord(m.group(1)), ord(m.group(2)) + 1)), inside)
