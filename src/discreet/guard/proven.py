"""Pairs of key and value in which nothing was found: most attributes repeat, and need no second look.

Holds no pair that was redacted, so that no secret is kept; bound to one policy, and bounded in number and length.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discreet.policy import Policy

_MOST = 16_384
_MOST_SETS = 4096
_LONGEST = 256
_PLAIN = frozenset({str, int, float, bool})

Pair = tuple[str, Any, type]


class _Known:
    """What was found clean under one policy: pairs, and whole sets of them, as measurements bring again and again."""

    def __init__(self, policy: Policy | None) -> None:
        self.policy = policy
        self.pairs: set[Pair] = set()
        self.sets: set[tuple[tuple[str, Any], ...]] = set()


_in_force = _Known(None)


def clean(attributes: Mapping[str, Any], found: set[str]) -> dict[str, Any]:
    """Give the redacted copy of attributes, as `Redactor.attributes` does; only pairs that are new are looked at."""
    redactor, known = current().redactor, _known().pairs
    new = {key: value for key, value in attributes.items() if not _is_known(key, value, known)}
    if not new:
        return dict(attributes)
    if len(new) == len(attributes):
        cleaned = redactor.attributes(attributes, found)
    else:
        cleaned = redactor.attributes(new, found)
        if cleaned.keys() != new.keys():  # a key was redacted: names and order are the redactor's to decide
            return redactor.attributes(attributes, found)
        _learn(new, cleaned, known)
        return {key: cleaned.get(key, value) for key, value in attributes.items()}
    _learn(new, cleaned, known)
    return cleaned


def all_known(attributes: Mapping[str, Any]) -> bool:
    """Say whether every pair is known to be clean."""
    known = _known()
    items = tuple(attributes.items())
    try:
        if items in known.sets:
            return True
    except TypeError:  # a list among them
        return False
    if not all(_is_known(key, value, known.pairs) for key, value in items):
        return False
    if len(known.sets) < _MOST_SETS:
        known.sets.add(items)
    return True


def _known() -> _Known:
    """Give what is known under the policy in force."""
    global _in_force  # noqa: PLW0603 - the one reference that a new policy swaps
    if _in_force.policy is not current() or len(_in_force.pairs) > _MOST:
        _in_force = _Known(current())
    return _in_force


def _is_known(key: str, value: Any, known: set[Pair]) -> bool:
    kind = type(value)
    return kind in _PLAIN and (key, value, kind) in known


def _learn(given: Mapping[str, Any], cleaned: Mapping[str, Any], known: set[Pair]) -> None:
    for key, value in given.items():
        kind = type(value)
        if kind not in _PLAIN or (kind is str and len(value) > _LONGEST):
            continue
        kept = cleaned.get(key)
        if type(kept) is kind and kept == value:
            known.add((key, value, kind))
