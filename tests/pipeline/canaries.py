"""Canaries: made-up private values, another one for every place and kind, so that one found in the bytes names both."""

from __future__ import annotations

import base64
import json

NUMBERS = ("integer", "float")
"""Kinds that are numbers: on the wire they are no text, and are looked for in the decoded records."""

KINDS = ("email", "card", "ssn", "jwt", "aws", "password")


def _luhn(digits: str) -> str:
    total = sum(
        int(digit) if index % 2 else sum(divmod(2 * int(digit), 10)) for index, digit in enumerate(reversed(digits))
    )
    return digits + str(-total % 10)


def _base64(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def secret(kind: str, number: int) -> str:
    """Give the part that must not leave, for the numbered place."""
    return {
        "email": f"canary{number}.zoe@example.org",
        "card": _luhn(f"41111111{number:07d}"),
        "ssn": f"219-{10 + number // 80:02d}-{1000 + number % 8000:04d}",
        "jwt": f"{_base64({'alg': 'HS256', 'typ': 'JWT'})}.{_base64({'sub': number})}.c2lnbmF0dXJlLW9m{number:04d}",
        "aws": f"AKIA{'CANARY':A<8}{number:08d}".replace("0", "Q")
        .replace("1", "W")
        .replace("8", "X")
        .replace("9", "Z"),
        "password": f"hunter{number}Canary",
        "integer": f"73{number:04d}91",
        "float": f"73{number:04d}91.25",
    }[kind]


def text(kind: str, number: int) -> str:
    """Give the secret as an app would write it."""
    value = secret(kind, number)
    return f"password={value}" if kind == "password" else value
