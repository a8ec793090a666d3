"""Pairs of key and value in which nothing was found: most attributes repeat, and need no second look.

Holds no pair that was redacted, so that no secret is kept; bound to one policy, and bounded in number and length.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discreet.policy import Policy

_MOST = 16_384
_LONGEST = 256
_PLAIN = frozenset({str, int, float, bool})

Pairs = dict[tuple[str, Any], type]


class _Held(NamedTuple):
    """What is known of one policy.

    Attributes:
        policy: The policy.
        pairs: The type by key and value: 1, 1.0 and True are equal, and need not be all clean.
        pairs_of_calls: The same of spans that call somebody, where the address of the peer is that of a machine.
    """

    policy: Policy | None
    pairs: Pairs
    pairs_of_calls: Pairs


_held = _Held(None, {}, {})


def clean(attributes: Mapping[str, Any], found: set[str], policy: Policy, *, calling: bool = False) -> dict[str, Any]:
    """Give the redacted copy of attributes, as `Redactor.attributes` does; only pairs that are new are looked at."""
    redactor, held = policy.redactor, _of(policy)
    known = held.pairs_of_calls if calling else held.pairs
    new = {
        key: value
        for key, value in attributes.items()
        if (kind := type(value)) not in _PLAIN or known.get((key, value)) is not kind
    }
    if not new:
        return dict(attributes)
    look = partial(redactor.attributes, calling=True) if calling else redactor.attributes
    if len(new) == len(attributes):
        cleaned = look(attributes, found)
    else:
        cleaned = look(new, found)
        if cleaned.keys() != new.keys():  # a key was redacted: names and order are the redactor's to decide
            return look(attributes, found)
        _learn(new, cleaned, known)
        return {key: cleaned.get(key, value) for key, value in attributes.items()}
    _learn(new, cleaned, known)
    return cleaned


def all_known(attributes: Mapping[str, Any], policy: Policy) -> bool:
    """Say whether every pair is known to be clean; what has no hash is not."""
    try:
        # By the built-ins alone: every measurement passes here.
        return [*map(_of(policy).pairs.get, attributes.items())] == [*map(type, attributes.values())]
    except Exception:
        return False


def _of(policy: Policy) -> _Held:
    """Give what is known of a policy: of another one, nothing is taken and nothing kept."""
    global _held  # noqa: PLW0603 - replaced whole with the policy
    held = _held
    if held.policy is not policy or len(held.pairs) > _MOST or len(held.pairs_of_calls) > _MOST:
        held = _held = _Held(policy, {}, {})
    return held


def _learn(given: Mapping[str, Any], cleaned: Mapping[str, Any], known: Pairs) -> None:
    for key, value in given.items():
        kind = type(value)
        if kind not in _PLAIN or (kind is str and len(value) > _LONGEST):
            continue
        kept = cleaned.get(key)
        if type(kept) is kind and kept == value:
            known[key, value] = kind
