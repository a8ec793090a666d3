"""Fills a shape in the notation of secret_formats.tsv, a prefix in back quotes and ``base62{36}``, at random."""

from __future__ import annotations

import base64
import json
import re
import string
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_ALNUM = string.digits + string.ascii_uppercase + string.ascii_lowercase
ALPHABETS = {
    "digit": string.digits,
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "lower": string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "alpha": string.ascii_letters,
    "base32": string.ascii_uppercase + "234567",
    "base32l": string.ascii_lowercase + "234567",
    "base36": string.digits + string.ascii_lowercase,
    "BASE36": string.digits + string.ascii_uppercase,
    "base58": _ALNUM.translate({ord(c): None for c in "0OIl"}),
    "base62": _ALNUM,
    "base64": _ALNUM + "+/",
    "base64url": _ALNUM + "-_",
    "word": _ALNUM + "_",
    "b64dot": _ALNUM + "-_.",
    "urlsafe": _ALNUM + "-_.~",
    "tilde": _ALNUM + "-_.~",
    "bech32": "qpzry9x8gf2tvdw0s3jn54khce6mua7l",
    "print": _ALNUM + "./+$",
    "b64end": "AQgw",
    "AP": "ABCDEFGHIJKLMNOP",
    "AD": "ABCD",
    "AL": "ABCDEFGHIJKL",
}
_TOKEN = re.compile(
    r"`(?P<lit>[^`]*)`|(?P<cls>[A-Za-z0-9]+)(?:\{(?P<lo>\d+)(?P<comma>,)?(?P<hi>\d*)\})?|(?P<sign>[()|\[\]?+])"
)


def characters(rng: Random, alphabet: str, count: int) -> str:
    """Random characters of a named alphabet; the ends are letters or digits, so that no sentence swallows them."""
    pool = ALPHABETS[alphabet]
    body = [rng.choice(pool) for _ in range(count)]
    for end in (0, -1):
        while body and not body[end].isalnum():
            body[end] = rng.choice(pool)
    return "".join(body)


def uuid4(rng: Random) -> str:
    """A random UUID."""
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def b64(value: bytes | str, *, url: bool = False) -> str:
    """Base64 as text; the URL variant comes without padding, as in a JWT."""
    raw = value.encode() if isinstance(value, str) else value
    return base64.urlsafe_b64encode(raw).decode().rstrip("=") if url else base64.b64encode(raw).decode()


def jwt(rng: Random) -> str:
    """A JWT whose first two parts decode; the signature is random."""
    header = {"alg": rng.choice(["HS256", "RS256", "ES256"]), "typ": "JWT", "kid": characters(rng, "hex", 8)}
    claims = {"sub": characters(rng, "hex", 12), "iat": 1700000000 + rng.randrange(10**7), "scope": "read write"}
    parts = [b64(json.dumps(part, separators=(",", ":")), url=True) for part in (header, claims)]
    return ".".join([*parts, characters(rng, "base64url", rng.choice([43, 86, 342]))])


class Shape:
    """A parsed shape; ``fill`` gives one value of it."""

    def __init__(self, notation: str) -> None:
        self._tokens = [match for match in _TOKEN.finditer(notation) if match.group("sign") != "+"]

    def fill(self, rng: Random) -> str:
        """One random value."""
        text, end = self._choice(rng, 0)
        if end != len(self._tokens):
            raise ValueError("unbalanced shape")
        return text

    def _choice(self, rng: Random, at: int) -> tuple[str, int]:
        """The alternatives up to a closing sign, one of them chosen."""
        options, current = [], ""
        while at < len(self._tokens):
            sign = self._tokens[at].group("sign")
            if sign in (")", "]"):
                break
            if sign == "|":
                options.append(current)
                current, at = "", at + 1
            elif sign in ("(", "["):
                inner, at = self._choice(rng, at + 1)
                at += 1
                if sign == "[":
                    at += 1  # the question mark
                    inner = inner if rng.random() < 0.5 else ""
                current += inner
            else:
                current += self._atom(rng, at)
                at += 1
        return rng.choice([*options, current]), at

    def _atom(self, rng: Random, at: int) -> str:
        """A literal, or a run of one alphabet."""
        token = self._tokens[at]
        if token.group("lit") is not None:
            return str(token.group("lit"))
        name = token.group("cls")
        if name == "uuid":
            return uuid4(rng)
        if name == "jwt":
            return jwt(rng)
        low = int(token.group("lo") or 1)
        high = int(token.group("hi") or (low + 12 if token.group("comma") else low))
        alphabet = rng.choice(["hex", "HEX"]) if name == "hexi" else name
        return characters(rng, alphabet, rng.randint(low, high))
