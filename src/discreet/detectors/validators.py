"""Checks that a matched value is what its shape promises: check digits, ranges, encodings, placeholders."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_PLACEHOLDER = re.compile(
    r"""
      [*.•xX_\-?#]+                                   # masks: ***, xxxx, ...
    | <.* | \{+[ ]?[\w.]*[ ]?\}*                     # <password>, {token}, {{ token }}
    | [\[(](?:filtered|redacted|hidden|masked|removed|omitted|secret|not[ ]set)?[\])]?
    | \$[({].* | (?-i:\$[A-Z_][A-Z0-9_]*)             # ${VAR}, $VAR
    | %\(\w+\)[sdr] | %[sdr] | %[A-Z_]+%              # %(password)s, %s, %PASSWORD%
    | (?:null|none|nil|undefined|true|false|yes|no|on|off|n/?a|empty|nan)
    | your[-_][a-z_-]*
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
# Words that follow `password:` or `token:` in prose and in signatures, and are no value.
_PROSE: Final = frozenset(
    [
        "must",
        "is",
        "was",
        "are",
        "not",
        "too",
        "expired",
        "invalid",
        "incorrect",
        "wrong",
        "missing",
        "required",
        "mismatch",
        "unexpected",
        "cannot",
        "can",
        "has",
        "have",
        "should",
        "will",
        "for",
        "from",
        "to",
        "of",
        "in",
        "the",
        "a",
        "an",
        "and",
        "or",
        "only",
        "unknown",
        "changed",
        "reset",
        "failed",
        "failure",
        "ok",
        "okay",
        "valid",
        "verified",
        "enabled",
        "disabled",
        "redacted",
        "filtered",
        "hidden",
        "masked",
        "removed",
        "omitted",
        "set",
        "unset",
        "str",
        "int",
        "bytes",
        "bool",
        "float",
        "object",
        "any",
        "optional",
        "string",
        "secretstr",
        "self",
        "request",
        "error",
        "found",
        "exceeded",
    ]
)


def luhn(digits: str) -> bool:
    """Says whether decimal digits end in their Luhn check digit (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = ord(digit) - 48
        total += _DOUBLED[value] if place % 2 else value
    return total % 10 == 0


def ssn(value: str) -> bool:
    """Says whether 3-2-4 digits can be a US social security number (SSA: no 000, 666, 9xx area, 00, 0000)."""
    digits = "".join(char for char in value if char.isdigit())
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    return not (area in {"000", "666"} or area[0] == "9" or group == "00" or serial == "0000")


def jwt(value: str) -> bool:
    """Says whether a run that begins with `eyJ` is a JSON web token, or the beginning of one (RFC 7519)."""
    return "." in value[16:] or any(head in value for head in ("eyJhbGciOi", "eyJ0eXAiOi", "eyJraWQiOi"))


def bearer(value: str) -> bool:
    """Says whether what follows `Bearer` is a credential and not the next word of a sentence."""
    mixed = not (value.islower() or value.istitle() or value.isupper())
    return len(value) >= 24 or any(char.isdigit() for char in value) or (mixed and value.isalpha())  # noqa: PLR2004


def basic(value: str) -> bool:
    """Says whether base64 decodes to `user:password` (RFC 7617)."""
    try:
        decoded = base64.b64decode(value.rstrip("=") + "=" * (-len(value.rstrip("=")) % 4), altchars=b"-_")
    except (binascii.Error, ValueError):
        return False
    return b":" in decoded and not any(byte < 32 for byte in decoded)  # noqa: PLR2004 - control characters


def keyed_value(value: str) -> bool:
    """Says whether what stands behind a telling key is a value: no placeholder and no mask."""
    return _PLACEHOLDER.fullmatch(value) is None


def prose(value: str) -> bool:
    """Says whether what stands behind `password: ` goes on a sentence or a signature (`must be`, `expired`, `str`)."""
    return value.rstrip(".,:;!?").lower() in _PROSE


def keyed_number(value: str) -> bool:
    """Says whether what stands behind the key of a number or date is one: as `keyed_value`, with a digit."""
    return any(char.isdigit() for char in value) and keyed_value(value)


def url_user(value: str) -> bool:
    """Says whether the user part of a URL tells anything: not the fixed users of version control, no placeholder."""
    user, _, password = value.partition(":")
    return (bool(password) and keyed_value(password)) or (not password and user not in {"git", "hg", "svn", ""})
