"""Ways of writing that prove less, such as prose and blanks: which kinds they count for, and how a value must look."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from discreet.detectors.validators import keyed_value, prose, random_looking, random_word, secret_looking

if TYPE_CHECKING:
    from collections.abc import Callable

_SECRETS: Final = frozenset({"password", "secret", "token", "api_key", "otp", "pin", "cvv"})
_WORD = re.compile(r"[^\s\"'`,;|<>()\[\]{}]+")
_SEGMENT = re.compile(r"[^\s/?#\"'&]+")
_ASCII = re.compile(r"[!-~]{3,128}")
_QUOTED = re.compile(r"([\"'`])(?P<value>(?:(?!\1).){1,128})\1")
_LONG_VALUE: Final = 16
_TRAILING: Final = ".,;:!?"


class _Weak(NamedTuple):
    """The kinds a way counts for, where the value is, and how it must look."""

    kinds: frozenset[str]
    value: re.Pattern[str]
    looks: Callable[[str], bool]


WEAK: Final = {
    "unspaced": _Weak(_SECRETS, _ASCII, secret_looking),
    "is": _Weak(_SECRETS, _WORD, secret_looking),
    "about": _Weak(_SECRETS, _WORD, secret_looking),
    "blank": _Weak(_SECRETS | {"private_key", "session", "cookie", "credential"}, _WORD, random_word),
    "call": _Weak(_SECRETS | {"private_key"}, _WORD, random_word),
    "path": _Weak(frozenset({"token", "api_key", "secret", "otp"}), _SEGMENT, random_word),
}
# Behind these a phrase in quotes is the secret, whatever it looks like: `the password is "swordfish"`.
_QUOTES: Final = frozenset({"is", "about"})
# Kinds of numbers, which may follow their key after a blank where they are long: `MRN 625913250`.
_NUMBERED: Final = frozenset({"ssn", "national_id", "health", "card", "iban", "bank_account", "device_id", "vehicle"})
_LONG_NUMBER = re.compile(r"(?=(?:[^0-9]*[0-9]){6})[A-Z0-9][A-Za-z0-9./-]{5,40}")
_LOGIN = re.compile(r"[\w.@-]{1,64}:(?=.*[0-9!#$%^&*])[^\s:]{4,}")


def weak_value(text: str, at: int, kind: str, way: str) -> tuple[int, int] | None:
    """Gives where the value is behind a key in a weak way of writing, None for what does not look like one."""
    weak = WEAK[way]
    if kind in _NUMBERED and way == "blank":
        return _span(_WORD.match(text, at), at, lambda value: _LONG_NUMBER.fullmatch(value) is not None)
    if kind not in weak.kinds:
        return None
    quoted = _QUOTED.match(text, at)
    if quoted is not None and keyed_value(quoted["value"]) and not prose(quoted["value"]):
        value = quoted["value"]
        sure = way in _QUOTES or kind == "password" or weak.looks(value) or _is_long(value)
        return quoted.span("value") if sure else None
    return _span(weak.value.match(text, at), at, lambda value: _looks(kind, weak, value))


def _span(match: re.Match[str] | None, at: int, looks: Callable[[str], bool]) -> tuple[int, int] | None:
    value = match[0].rstrip(_TRAILING) if match else ""
    return (at, at + len(value)) if value and looks(value) else None


def _is_long(value: str) -> bool:
    """Says whether a value in quotes is long and random, and one word."""
    return len(value) >= _LONG_VALUE and " " not in value and random_looking(value)


def _looks(kind: str, weak: _Weak, value: str) -> bool:
    """Says whether a value looks like one of its kind."""
    if kind in {"otp", "pin", "cvv"}:
        return value.isdigit()
    if kind == "credential":
        return _LOGIN.fullmatch(value) is not None
    return secret_looking(value) if kind == "password" else weak.looks(value)
