"""Lists and mappings of words, as options take them: as they are, or as one text with commas."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from discreet.policy.errors import WrongItems

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


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
    return plain_pairs_of(value, rule)


def plain_pairs_of(value: object, rule: str) -> list[tuple[str, object]]:
    """Give name and value of a mapping, or of ``name=value,name=value``, in their order.

    Raises:
        ValueError: With the rule, for anything else.
    """
    if isinstance(value, str):
        parts = [part.partition("=") for part in value.split(",") if part.strip()]
        return [(name.strip(), given.strip()) for name, _, given in parts]
    if not isinstance(value, Mapping):
        raise ValueError(rule)  # noqa: TRY004 - one error type for every bad value
    return [(str(name), given) for name, given in value.items()]


def by_name(
    value: object, rule: str, noun: str, names: Collection[str], fault_of: Callable[[object], str | None]
) -> dict[str, str]:
    """Give word by name, where each name is one of some, and stands there once.

    Args:
        value: As `pairs_of` takes it.
        rule: What is said where it is no mapping.
        noun: What a name is called.
        names: Those that may stand there.
        fault_of: Gives what is wrong with a word, with ``{place}`` for its place; None where nothing is.

    Raises:
        ValueError: With the place in the mapping and the rule, without the value.
    """
    words: dict[str, str] = {}
    faults: list[tuple[int, str]] = []
    for place, (name, word) in enumerate(pairs_of(value, rule), 1):
        if name not in names:
            faults.append((place, f"the {noun} at place {place} must be one of {', '.join(names)}"))
        elif name in words:
            faults.append((place, f"the {noun} at place {place} stands here again"))
        elif fault := fault_of(word):
            faults.append((place, fault.format(place=place)))
        words[name] = str(word)
    if faults:
        raise WrongItems(faults)
    return words
