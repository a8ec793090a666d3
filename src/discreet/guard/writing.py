"""Text on its way out of the process: redacted, or withheld where that fails."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final, TypeVar

from discreet.guard.containment import report, withhold
from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Callable

    from discreet.policy import Policy

WITHHELD: Final = "[discreet: withheld]"
_PARTS_WITHHELD: Final = "[WITHHELD:"
_DEEPEST: Final = 2  # a signal handler may log while a line is redacted; what logs from there again logs from itself

T = TypeVar("T")


class _Depth(threading.local):
    now = 0


_depth = _Depth()


def clean(text: str, instead: str) -> str:
    """Give the text redacted; `instead`, counted, where that fails or where redaction itself led here again."""
    if _depth.now >= _DEEPEST:
        withhold("log", "redaction_failed")
        return instead
    _depth.now += 1
    try:
        found: set[str] = set()
        redacted: str = current().redactor.text(text, found)
        if found:
            report(found, "log")
    except Exception:
        withhold("log", "redaction_failed")
        return instead
    finally:
        _depth.now -= 1
    return redacted


def clean_value(value: T, key: str | None = None, *, plain: bool = False, policy: Policy | None = None) -> T:
    """Give a value redacted: the very same object where nothing is found in it, else its copy of plain types.

    Args:
        value: Anything.
        key: The name that it stands under, if that tells something.
        plain: Whether it is to be of plain types in any case.
        policy: By which it is redacted, as all of a record is by one; else the one in force now.

    Raises:
        RecursionError: When redaction itself led here again.
    """
    if value is None or value is True or value is False:
        return value
    if _depth.now >= _DEEPEST:
        raise RecursionError
    _depth.now += 1
    try:
        found: set[str] = set()
        redacted = (policy or current()).redactor.value(value, key, found)
        if found:
            report(found, "log")
    finally:
        _depth.now -= 1
    if plain or found or _PARTS_WITHHELD in str(redacted):
        return redacted  # type: ignore[return-value]
    return value


def redacting(function: Callable[..., T], *args: Any) -> T:
    """Call what redacts several things together.

    Raises:
        RecursionError: When redaction itself led here again.
    """
    if _depth.now >= _DEEPEST:
        raise RecursionError
    _depth.now += 1
    try:
        return function(*args)
    finally:
        _depth.now -= 1
