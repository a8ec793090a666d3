"""Lists and mappings of words, as options take them: as they are, or as one text with commas."""

from __future__ import annotations

import json
from collections.abc import Mapping


def words_of(value: object, rule: str) -> tuple[str, ...]:
    """Give the words, without blanks around them and without empty ones.

    Raises:
        ValueError: With the rule, for anything else.
    """
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, (list, tuple)) or not all(isinstance(word, str) for word in words):
        raise ValueError(rule)
    return tuple(text for word in words if (text := word.strip()))


def pairs_of(value: object, rule: str) -> list[tuple[str, object]]:
    """Give name and value of a mapping, of ``name=value,name=value``, or of a mapping in JSON, in their order.

    Raises:
        ValueError: With the rule, for anything else.
    """
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise ValueError(rule) from None
    if isinstance(value, str):
        parts = [part.partition("=") for part in value.split(",") if part.strip()]
        return [(name.strip(), given.strip()) for name, _, given in parts]
    if not isinstance(value, Mapping):
        raise ValueError(rule)  # noqa: TRY004 - one error type for every bad value
    return [(str(name), given) for name, given in value.items()]
