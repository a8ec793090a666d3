"""Checks that a matched value is what its shape promises: check digits, ranges, encodings, placeholders."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_FEW: Final = 4  # digits that are a count or a flag and no secret: `token=0`
_DIFFERENT: Final = 5  # characters in the last 16 of what is random
_DOUBLED: Final = str.maketrans("0123456789", "0246813579")
_PLACEHOLDER = re.compile(
    r"""
      [*.•xX_\-?#]+ | [*]{3,}[0-9A-Za-z]{0,4}         # masks: ***, xxxx, ****1111
    | <.* | \{+[ ]?[\w.]*[ ]?\}*                     # <password>, {token}, {{ token }}
    | [\[(](?:filtered|redacted|hidden|masked|removed|omitted|secret|not[ ]set)?[\])]?
    | \$[({].* | (?-i:\$[A-Z_][A-Z0-9_]*)             # ${VAR}, $VAR
    | \$[0-9]{1,2} | [:@][A-Za-z_]{2,40} | (?:password|token|secret|passwd|pwd)
    | [A-Za-z_][\w.$]*@[0-9a-f]{5,8}               # android.os.Binder@4078c76
    | %[a-z] | include | same-origin | omit          # printf, fetch()
    | ENC\[.* | !vault.* | (?:redacted|filtered|hidden|masked|removed|omitted)
    | (?:all|any|amd64|arm64|armhf|i386|x86_64|noarch)
    | %\(\w+\)[sdr] | %[sdr] | %[A-Z_]+%              # %(password)s, %s, %PASSWORD%
    | (?:null|none|nil|undefined|true|false|yes|no|on|off|n/?a|empty|nan)
    | your[-_][a-z_-]*
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_FILE = re.compile(
    r"(?:file:)?[~.]{0,2}(?:/[a-z0-9_.@-]{1,30})*/?|(?:file:)?[~.]{0,2}(?:/[\w.@+-]+)+\.[a-z]{2,5}|"
    r"(?:[\w.-]+/)*[\w.-]+\.(?:pem|key|crt|cer|p12|pfx|jks|json|ya?ml|txt|conf|env)"
)
_PAIR = re.compile(r"[\w.-]+[=:]|HTTP/")  # another key with its value, a protocol
_SECRET_SIGN = re.compile(r"[0-9!@#$%^&*_+=~]|[a-z][A-Z]")
# What has digits among letters and is a name: slugs, paths, versions, UUIDs, hashes, host:port, times, sizes.
_NAMED = re.compile(
    r"""
      [A-Za-z]+(?:[-_./:][A-Za-z0-9.]+)+ | v?[0-9]+(?:[.:/_-][0-9A-Za-z]+)* | [0-9.]+[A-Za-z%]{1,3}
    | [0-9a-fA-F]{8}-[0-9a-fA-F-]{20,} | 0x[0-9a-fA-F]+ | [A-Za-z]{1,12}[0-9]{1,4} | [0-9]{1,4}[A-Za-z]{1,12}
    | [\w.-]+=[^=].* | HTTP/[0-9.]+ | v?[0-9][\w.]*@.*
    """,
    re.VERBOSE,
)
_PLAIN_USER = re.compile(r"[A-Za-z_-]{0,40}")
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
        "option",
        "boolean",
        "text",
        "varchar",
        "char",
        "result",
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
    return (sum(map(int, digits[-1::-2])) + sum(map(int, digits[-2::-2].translate(_DOUBLED)))) % 10 == 0


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
    return len(value) >= 24 or any(char.isdigit() for char in value) or (mixed and len(value) >= 16)  # noqa: PLR2004


def scheme_credential(value: str) -> bool:
    """Says whether what follows the name of a scheme is a credential: parameters, or something random."""
    return "=" in value[:24] or random_looking(value)


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


def keyed_secret(value: str) -> bool:
    """Says whether what stands behind the key of a secret is one: as `keyed_value`, and no path of a file."""
    return keyed_value(value) and _FILE.fullmatch(value) is None and not (value.isdigit() and len(value) < _FEW)


def secret_looking(value: str) -> bool:
    """Says whether a word of a sentence reads like a secret: it has a digit, a sign or a capital inside."""
    word = value.strip("\"'`.,;:!?()")
    if len(word) < _FEW or _PAIR.match(word) or prose(word) or not keyed_value(word):
        return False
    return _SECRET_SIGN.search(word) is not None


def random_word(value: str) -> bool:
    """Says whether a word reads like something random: digits among letters, no slug, path, version, hash or UUID."""
    mixed = any(char.isdigit() for char in value) and any(char.isalpha() for char in value)
    return len(value) >= 6 and mixed and keyed_value(value) and _NAMED.fullmatch(value) is None  # noqa: PLR2004


def random_looking(value: str, end: int = 20) -> bool:
    """Says whether a token's end looks random: several different characters, a digit or both cases among them."""
    tail = value[-end:]
    return len(set(tail[-16:])) >= _DIFFERENT and (
        any(char.isdigit() for char in tail) or not (tail.islower() or tail.isupper())
    )


def authorization_value(value: str) -> bool:
    """Says whether what stands behind `Authorization` is a credential: not only its scheme with a placeholder."""
    rest = value.partition(" ")[2]
    if not rest:
        return keyed_value(value) and not (value.isalpha() and value.islower())
    return keyed_value(rest) and not (rest.isalpha() and rest.islower())


def session_value(value: str) -> bool:
    """Says whether what stands behind the key of a session is its secret: eight characters, mixed."""
    letters = [char for char in value if char.isalpha()]
    capitals = sum(char.isupper() for char in letters[1:])
    mixed = (len(letters) < len(value) and any(map(str.isdigit, value)) and letters) or 2 <= capitals < len(letters) - 2  # noqa: PLR2004
    return len(value) >= 8 and bool(mixed) and keyed_value(value) and not value.startswith("0x")  # noqa: PLR2004


def keyed_number(value: str) -> bool:
    """Says whether what stands behind the key of a number or date is one: as `keyed_value`, with a digit."""
    return any(char.isdigit() for char in value) and keyed_value(value)


def digits_at_least(count: int) -> Callable[[str], bool]:
    """Gives the check that a value has so many digits and is no placeholder."""

    def has_digits(value: str) -> bool:
        """Says whether what stands behind the key of a number is one: it has enough digits, and is no placeholder."""
        return sum(map(str.isdigit, value)) >= count and keyed_value(value)

    return has_digits


def id_like(value: str) -> bool:
    """Says whether what stands behind the key of a device is an id: six characters or more, and no placeholder."""
    return len(value) >= 6 and keyed_value(value)  # noqa: PLR2004


def url_user(value: str) -> bool:
    """Says whether the user part of a URL tells anything: a password, or a user that is no plain word (`git@`)."""
    user, _, password = value.partition(":")
    return keyed_value(password) if password else _PLAIN_USER.fullmatch(user) is None
