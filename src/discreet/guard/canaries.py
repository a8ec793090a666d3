"""Canaries: made-up private values, another one for each place and kind, so that one found in the bytes names both."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Canary(NamedTuple):
    """One made-up value.

    Attributes:
        kind: The detectors' kind.
        secret: What must not leave.
        text: The secret as an app would write it.
    """

    kind: str
    secret: str
    text: str


KINDS = ("email", "card", "ssn", "jwt", "aws_access_key", "password")


def canary(kind: str, number: int) -> Canary:
    """Give the canary of a kind with a number below 10,000."""
    secret = _SECRETS[kind](number)
    return Canary(kind, secret, f"password={secret}" if kind == "password" else secret)


def _card(number: int) -> str:
    """Give a number of the range that card networks keep for tests, with the check digit of ISO/IEC 7812-1, annex B."""
    digits = f"4111111{number:08d}"
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in digits[::-2]]
    return digits + str(-(sum(doubled) + sum(map(int, digits[-2::-2]))) % 10)


def _ssn(number: int) -> str:
    return f"219-{10 + number // 9000:02d}-{1000 + number % 9000:04d}"


def _jwt(number: int) -> str:
    return f"{_base64({'alg': 'HS256', 'typ': 'JWT'})}.{_base64({'sub': number})}.c2lnbmF0dXJlLW9m{number:04d}"


def _base64(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _aws(number: int) -> str:
    """Give a key id: twenty letters and digits of base 32, which has no 0, 1, 8 and 9."""
    return "AKIA" + "CANARYAA" + f"{number:08d}".translate(str.maketrans("0189", "QWXZ"))


_SECRETS: dict[str, Callable[[int], str]] = {
    "email": lambda number: f"canary{number}.doctor@example.org",
    "card": _card,
    "ssn": _ssn,
    "jwt": _jwt,
    "aws_access_key": _aws,
    "password": lambda number: f"hunter{number}Canary",
}
