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
_LONGEST = 256
_PLAIN = frozenset({str, int, float, bool})

Pairs = dict[tuple[str, Any], type]

_policy: Policy | None = None
_pairs: Pairs = {}
"""The type by key and value: 1, 1.0 and True are equal, and need not be all clean."""


def clean(attributes: Mapping[str, Any], found: set[str]) -> dict[str, Any]:
    """Give the redacted copy of attributes, as `Redactor.attributes` does; only pairs that are new are looked at."""
    redactor, known = current().redactor, _known()
    new = {
        key: value
        for key, value in attributes.items()
        if (kind := type(value)) not in _PLAIN or known.get((key, value)) is not kind
    }
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
    """Say whether every pair is known to be clean; what has no hash is not."""
    try:
        # By the built-ins alone: every measurement passes here.
        return [*map(_known().get, attributes.items())] == [*map(type, attributes.values())]
    except Exception:
        return False


def _known() -> Pairs:
    """Give the pairs of the policy in force."""
    global _policy, _pairs
    if _policy is not current() or len(_pairs) > _MOST:
        _policy, _pairs = current(), {}
    return _pairs


def _learn(given: Mapping[str, Any], cleaned: Mapping[str, Any], known: Pairs) -> None:
    for key, value in given.items():
        kind = type(value)
        if kind not in _PLAIN or (kind is str and len(value) > _LONGEST):
            continue
        kept = cleaned.get(key)
        if type(kept) is kind and kept == value:
            known[key, value] = kind
