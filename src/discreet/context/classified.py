"""`discreet.classify`: says what the records of a block or function are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discreet.classification import CATEGORIES, CATEGORY, LEVEL, Level
from discreet.context.bound import Binding

if TYPE_CHECKING:
    from collections.abc import Mapping

_CALL: Final = "discreet.classify"


def classify(*, category: str | None = None, level: str | Level | None = None) -> Binding:
    """Say what the spans that begin and the log records that are emitted here are; a context manager and a decorator.

    It holds in tasks begun here, and in threads as the trace does. What a record says of itself, by the attributes
    ``discreet.category`` and ``discreet.security_level``, wins over it; it wins over all rules. The inner of two
    blocks wins for what it says, and leaves the rest as the outer one has it; so it may lower a level too. What is
    found in a record, and what its attributes are known to hold, raises the level in any case.

    As a decorator it takes functions, coroutine functions and generators, sync and async; of a generator it holds while
    it runs, and not for whoever iterates over it.

    Args:
        category: One of "application", "security", "audit", "performance", "business", "system", "api", "database".
        level: "public", "internal", "confidential" or "restricted".

    Raises:
        ValueError: When an argument is none of these, or there is neither.
    """
    if category is None and level is None:
        raise ValueError(f"{_CALL}: says nothing. Give category, level or both")
    return Binding({**_category(category), **_level(level)})


def _category(given: object) -> Mapping[str, str]:
    if given is None:
        return {}
    word = given.strip().lower() if isinstance(given, str) else ""
    if word not in CATEGORIES:
        raise ValueError(f"{_CALL}(category=...): is no category. Use one of {', '.join(CATEGORIES)}")
    return {CATEGORY: word}


def _level(given: object) -> Mapping[str, str]:
    if given is None:
        return {}
    try:
        return {LEVEL: (given if isinstance(given, Level) else Level.parse(given)).label}
    except ValueError:
        labels = ", ".join(level.label for level in Level)
        raise ValueError(f"{_CALL}(level=...): is no level. Use one of {labels}") from None
