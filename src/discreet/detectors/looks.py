"""What a value must look like under a key that tells only half: `tel`, `address`, `lat`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from discreet.detectors.keys import LIKE
from discreet.detectors.validators import random_looking, secret_looking

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PHONE = re.compile(r"(?=(?:[^0-9]*[0-9]){7})[+(]?[0-9][0-9 ()./+-]{5,24}(?:[ ]?(?:x|ext\.?)[ ]?[0-9]{1,6})?")
_IN_PARTS = re.compile(r"[+(]|[0-9][ ./-]+[0-9]|0[0-9]{8,}")
# Words and a number: a house, a postcode. No host, path, version, time or list of numbers.
_POSTAL = re.compile(r"(?=[^0-9]*[0-9])(?=(?:[^\W\d_]*[\W\d_])*?[^\W\d_]{3})[\w.'#/-]+(?:[ ,+;]+[\w.'#/-]+)+")
_SESSION = re.compile(r"(?:s(?::|%3A))?[A-Za-z0-9+/=_.~%-]{16,}")
_MEASURE = re.compile(r"[0-9][0-9.,:/]*[a-zA-Z%]{0,4}")
_SCHEMES: Final = frozenset(
    {"basic", "bearer", "digest", "token", "apikey", "negotiate", "ntlm", "hawk", "aws4-hmac-sha256"}
)
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_PLACE = re.compile(r"[-+(\[]?[0-9]{1,3}\.[0-9]{3,}(?:[,; ]{1,2}[-+]?[0-9]{1,3}\.[0-9]{3,})?[)\]]?")


def phone(value: str) -> bool:
    """Says whether a value reads like a telephone number: grouped, with a prefix, or with a leading zero."""
    return _PHONE.fullmatch(value) is not None and _IN_PARTS.search(value) is not None


def address(value: str) -> bool:
    """Says whether a value reads like a postal address: words and a number."""
    return "://" not in value and "=" not in value and "0x" not in value and _POSTAL.fullmatch(value) is not None


def location(value: str) -> bool:
    """Says whether a value reads like degrees: three decimals or more, one or a pair."""
    return _PLACE.fullmatch(value) is not None


def session(value: str) -> bool:
    """Says whether a value reads like a session's secret: long and random."""
    mixed = any(char.isdigit() for char in value) and any(char.isalpha() for char in value)
    return _SESSION.fullmatch(value) is not None and mixed and random_looking(value)


def password(value: str) -> bool:
    """Says whether a value reads like a password and not like a number, a measure or a word."""
    return secret_looking(value) and _MEASURE.fullmatch(value) is None


def authorization(value: str) -> bool:
    """Says whether a value reads like a credential: a scheme with one, or something random."""
    scheme, _, rest = value.partition(" ")
    return (rest != "" and scheme.lower() in _SCHEMES) or random_looking(value)


def vehicle(value: str) -> bool:
    """Says whether a value has the form of a vehicle identification number (ISO 3779)."""
    return _VIN.fullmatch(value) is not None and any(char.isdigit() for char in value)


def age(value: str) -> bool:
    """Says whether a value is an age over 89, which identifies (45 CFR 164.514(b)(2)(i)(C))."""
    return value.isdigit() and 90 <= int(value) <= 130  # noqa: PLR2004


LOOKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "phone": phone,
    "address": address,
    "location": location,
    "session": session,
    "password": password,
    "authorization": authorization,
    "birth_date": age,
    "vehicle": vehicle,
}


def holds(kind: str, value: str) -> str | None:
    """Gives the kind of a value under a key that promises `kind`; None if it has to look like it and does not."""
    if not kind.endswith(LIKE):
        return kind
    bare = kind.removesuffix(LIKE)
    return bare if LOOKS[bare](value) else None
