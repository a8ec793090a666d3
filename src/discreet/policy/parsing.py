"""What the values of options mean, in whichever form a source has them; a wrong one raises ValueError with the rule."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING

from discreet.detectors import (
    DetectorError,
    detector_of,
    detectors_named,
    kinds_acted_on,
    kinds_of,
    nearest,
    planted_detectors,
)
from discreet.policy.errors import WrongItems
from discreet.policy.opamp import parse_headers
from discreet.policy.reading import CannotReadError, read
from discreet.policy.words import plain_pairs_of, words_of
from discreet.redaction import ACTIONS, PseudonymKey

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from discreet.detectors import Detector

ALL: tuple[str, ...] = ("all",)
"""What stands for every detector."""

_TRUE = frozenset({"true", "1", "on", "yes"})
_MOST = 1 << 20  # bytes of a file of keys or planted values
_FALSE = frozenset({"false", "0", "off", "no"})
_DAY = 86_400
_PORTS = 65_535
LOG_FORMATS = ("app", "json", "console")


def parse_switch(value: object) -> bool:
    """Give a boolean from a boolean or one of the usual words.

    Raises:
        ValueError: With the rule, without the value.
    """
    word = str(value).strip().lower() if isinstance(value, (bool, str)) else ""
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError("must be true or false")


def parse_detectors(value: object, known: Sequence[Detector]) -> tuple[str, ...]:
    """Give the kinds of detectors from a comma-separated text or a list; ``all`` stands for every one.

    Raises:
        ValueError: With the rule and the nearest known names.
    """
    names = words_of(value, "must be a list of detector names")
    if not names:
        raise ValueError("must name at least one detector, or be left out for all of them")
    if names == ("all",):
        return ALL
    faults = [(place, nearest(name, place, known)) for place, name in enumerate(names, 1) if not kinds_of(name, known)]
    if faults:
        raise WrongItems(faults)
    return tuple(dict.fromkeys(detector.kind for detector in detectors_named(names, known)))


def parse_actions(value: object, known: Sequence[Detector]) -> dict[str, str]:
    """Give action by kind from ``email=pseudonymize,card=mask`` or a mapping; a group stands for its kinds.

    Raises:
        ValueError: With the rule and the nearest known names.
    """
    actions: dict[str, str] = {}
    faults: list[tuple[int, str]] = []
    for place, (name, given) in enumerate(plain_pairs_of(value, "must be a mapping of kind to action"), 1):
        kinds, action = kinds_acted_on(name.strip(), known), str(given).strip()
        if not kinds:
            faults.append((place, nearest(name.strip(), place, known)))
        elif action not in ACTIONS:
            faults.append((place, f"the action at place {place} must be one of {', '.join(ACTIONS)}"))
        actions.update(dict.fromkeys(kinds, action))
    if faults:
        raise WrongItems(faults)
    return actions


def parse_patterns(value: object) -> tuple[Detector, ...]:
    """Give the detectors of a list of mappings, or of the JSON text of one.

    Raises:
        ValueError: Naming the place in the list, the field and the rule.
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise ValueError("must be a list in JSON") from None
    if not isinstance(value, (list, tuple)):
        raise ValueError("must be a list of patterns")  # noqa: TRY004 - one error type for every bad value
    found: list[Detector] = []
    faults: list[tuple[int, str]] = []
    for place, row in enumerate(value, 1):
        try:
            found.append(detector_of(row))
        except DetectorError as error:
            faults.append((place, f"pattern {place}: {error}"))
    if faults:
        raise WrongItems(faults)
    return tuple(found)


def parse_honeytokens(value: object) -> tuple[str, ...]:
    """Give the planted values of a list, of comma-separated text, or of the lines of the file that ``file:`` names.

    Raises:
        ValueError: With the rule; no value is quoted.
    """
    if isinstance(value, str) and value.startswith("file:"):
        value = _lines(value)
    values = words_of(value, "must be a list of texts")
    try:
        planted_detectors(values)
    except DetectorError as error:
        raise ValueError(str(error)) from None
    return values


def _lines(value: str) -> list[str]:
    """Give the words of the file that ``file:/path`` names."""
    try:
        return read(value.removeprefix("file:").strip(), _MOST).decode().split()
    except CannotReadError as error:
        raise ValueError(f"names a file that cannot be read: it {error}") from None
    except UnicodeDecodeError:
        raise ValueError("names a file that cannot be read: it is not UTF-8 text") from None


def parse_pseudonym_key(value: object) -> PseudonymKey:
    """Give the key of ``id:base64``, or of the last such line of the file that ``file:/path`` names.

    Raises:
        ValueError: With the rule; the key is not quoted.
    """
    text = str(value).strip()
    if text.startswith("file:"):
        lines = _lines(text)
        text = lines[-1] if lines else ""
    key_id, _, encoded = text.partition(":")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("must be a key id, a colon and the key in base64") from None
    return PseudonymKey.checked(key_id, secret)


def one_of(*words: str) -> Callable[[object], str]:
    """Give a parser that takes one of some words, in any case, and raises ValueError with the rule for all else."""
    rule = f"must be {', '.join(words[:-1])} or {words[-1]}"

    def parse(value: object) -> str:
        word = str(value).strip().lower()
        if word not in words:
            raise ValueError(rule)
        return word

    return parse


def parse_secret_headers(value: object) -> tuple[tuple[str, str], ...]:
    """Give what `parse_headers` gives, also of the file that ``file:/path`` names, with one header in each line.

    Raises:
        ValueError: With the rule; nothing of the headers is quoted.
    """
    return parse_headers(",".join(_lines(value)) if isinstance(value, str) and value.startswith("file:") else value)


def parse_seconds(value: object) -> int:
    """Give a whole number of seconds, 0 or more, at most a day.

    Raises:
        ValueError: For anything else.
    """
    text = str(value).strip()
    if isinstance(value, bool) or not (text.isascii() and text.isdigit()) or len(text) > 5 or int(text) > _DAY:  # noqa: PLR2004
        raise ValueError("must be a whole number of seconds, 0 to 86400")
    return int(text)


def parse_port(value: object) -> int:
    """Give a number of a port, or 0.

    Raises:
        ValueError: For anything else.
    """
    text = str(value).strip()
    if isinstance(value, bool) or not (text.isascii() and text.isdigit()) or len(text) > 5 or int(text) > _PORTS:  # noqa: PLR2004
        raise ValueError("must be a port, 1 to 65535, or 0")
    return int(text)


def parse_count(value: object) -> int:
    """Give a whole number of 1 or more.

    Raises:
        ValueError: For anything else.
    """
    text = str(value).strip()
    if isinstance(value, bool) or not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise ValueError("must be a whole number of 1 or more")
    return int(text)
