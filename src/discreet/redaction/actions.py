"""Actions: what stands in a value's place, by kind. The default is a marker that says only the kind.

Whatever an action writes is left alone when the text comes by again, so that records may pass twice.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from discreet.detectors.catalogue import UNLESS_NAMED
from discreet.redaction.folding import fold
from discreet.redaction.markers import marker, pseudonym

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ACTIONS: Final = ("redact", "mask", "pseudonymize", "truncate", "drop", "keep")
# What stands for a value by convention: `?` for a literal of SQL, so that the statement stays one.
PLACEHOLDERS: Final[Mapping[str, str]] = {"sql_literal": "?"}
# Ids, in which every character counts: `a-1` and `A1` are two persons.
_EXACT: Final = frozenset({"person_id", "account", "tenant"})
_KEY_ID = re.compile(r"[a-z]{1,12}[0-9]{0,3}")
_LEAST_KEY: Final = 16  # bytes; RFC 2104, 3 advises the length of the hash, 32
_SHOWN: Final = 4
_LEAST_TO_MASK: Final = 12  # characters a value needs before four of them may be shown
_BYTES: Final = 12
_NIBBLES: Final = "abcdefghijklmnop"


class PseudonymKey(NamedTuple):
    """A key for pseudonyms: `id` is written into each (letters, up to three digits), `secret` is 16 bytes or more."""

    id: str
    secret: bytes

    @classmethod
    def checked(cls, key_id: str, secret: bytes) -> PseudonymKey:
        """Gives the key.

        Raises:
            ValueError: For an id that is not one to twelve letters and up to three digits, or a secret under 16 bytes.
        """
        if not _KEY_ID.fullmatch(key_id):
            raise ValueError("pseudonym key id: use lower-case letters and up to three digits, such as k1")
        if len(secret) < _LEAST_KEY:
            raise ValueError(f"pseudonym key: use {_LEAST_KEY} random bytes or more")
        return cls(key_id, secret)


def mask(value: str) -> str | None:
    """Gives `****` and the last four characters (PCI DSS 4.0.1, 3.4.1); None where the value is too short for that."""
    letters = [char for char in fold_text(value) if char.isalnum()]
    return "****" + "".join(letters[-_SHOWN:]) if len(letters) >= _LEAST_TO_MASK else None


def fold_text(value: str) -> str:
    """Gives a value as it reads, whatever it is coded in."""
    folded = fold(value)
    return value if folded is None else folded.text


def pseudonymize(kind: str, value: str, key: PseudonymKey) -> str:
    """Gives the same token for the same value, kind and key: HMAC-SHA-256 (RFC 2104) over kind and canonical value."""
    canonical = fold_text(value)
    if kind not in _EXACT:
        canonical = "".join(char for char in canonical.casefold() if char.isalnum() or char in "@._+")
    said = f"{kind}\0{canonical}".encode(errors="surrogatepass")
    digest = hmac.new(key.secret, said, hashlib.sha256).digest()[:_BYTES]
    letters = "".join(_NIBBLES[byte >> 4] + _NIBBLES[byte & 15] for byte in digest)
    return pseudonym(kind, key.id, letters)


def _truncate_address(value: str) -> str | None:
    """Gives the network of an address: /24 of IPv4, /48 of IPv6."""
    import ipaddress

    try:
        address = ipaddress.ip_address(fold_text(value).strip("[]").split("%")[0])
    except ValueError:
        return None
    prefix = 24 if address.version == 4 else 48  # noqa: PLR2004 - IPv4
    return str(ipaddress.ip_network((address, prefix), strict=False).network_address)


def _truncate_place(value: str) -> str | None:
    """Gives degrees with one decimal, about ten kilometres."""
    return re.sub(r"([0-9]\.[0-9])[0-9]+", r"\1", fold_text(value))


def _truncate_date(value: str) -> str | None:
    """Gives the year of a date (45 CFR 164.514(b)(2)(i)(C))."""
    year = re.search(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", fold_text(value))
    return year[0] if year else None


_TRUNCATE: Final[Mapping[str, Callable[[str], str | None]]] = {
    "ip_address": _truncate_address,
    "location": _truncate_place,
    "birth_date": _truncate_date,
}
TRUNCATED: Final = frozenset(_TRUNCATE)
"""Kinds of which a part may stay; others are redacted where they were to be truncated."""


class Actions:
    """What to do with each kind. Immutable.

    Args:
        by_kind: Action by kind; kinds that are not named are redacted, but for ids of persons and accounts of systems.
        key: What pseudonyms are made with; without one, kinds to be pseudonymized are redacted.
    """

    __slots__ = ("_key", "_write", "dropped", "kept")

    def __init__(self, by_kind: Mapping[str, str], key: PseudonymKey | None = None) -> None:
        said = {**dict.fromkeys(UNLESS_NAMED, "keep"), **by_kind}
        self.kept = frozenset(kind for kind, action in said.items() if action == "keep")
        self.dropped = frozenset(kind for kind, action in by_kind.items() if action == "drop")
        self._write = {
            kind: action for kind, action in by_kind.items() if action in {"mask", "pseudonymize", "truncate"}
        }
        self._key = key

    def replacement(self, kind: str, value: str) -> str:
        """Gives what stands in the place of a value."""
        action = self._write.get(kind)
        written: str | None = None
        if action == "mask":
            written = mask(value)
        elif action == "pseudonymize" and self._key is not None:
            written = pseudonymize(kind, value, self._key)
        elif action == "truncate" and kind in _TRUNCATE:
            written = _TRUNCATE[kind](value)
        return PLACEHOLDERS.get(kind) or marker(kind) if written is None else written
