"""What a remote may make of an option: it may tighten what the local sources say, never loosen it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from discreet.classification import Level
from discreet.detectors.catalogue import UNLESS_NAMED
from discreet.detectors.keys import KEY_LEVELS
from discreet.policy.known import known_detectors
from discreet.policy.level_actions import KEEP
from discreet.policy.level_actions import LEVEL_ACTIONS as _OF_LEVELS
from discreet.redaction.actions import TRUNCATED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from discreet.detectors import Detector

RULE: Final = "may only be tightened by a remote"


class Remote(NamedTuple):
    """What a remote may do with an option.

    Attributes:
        says: In words, for the reference.
        settled: Gives what a remote's value makes of the local one; raises ValueError where that would loosen.
    """

    says: str
    settled: Callable[[Any, Any], Any]


class Raising(dict[str, str]):
    """A rule of `classify` that came from a remote: it raises the level of what it fits, and does nothing else."""


def _detectors(local: tuple[str, ...], remote: tuple[str, ...]) -> tuple[str, ...]:
    every = ("all",)
    return every if every in {local, remote} else tuple(dict.fromkeys((*local, *remote)))


def _patterns(local: tuple[Detector, ...], remote: tuple[Detector, ...]) -> tuple[Detector, ...]:
    """Add patterns of kinds that are new: one of a known kind would be treated as the local actions of that say."""
    taken = {*KEY_LEVELS, *UNLESS_NAMED, *(row.kind for row in (*known_detectors(), *local))}
    if any(row.kind in taken for row in remote):
        raise ValueError(f"{RULE}: a pattern has a kind that is known here")
    return (*local, *remote)


def _added(local: tuple[str, ...], remote: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*local, *remote)))


# From the loosest. What is truncated and what is masked show different parts, so neither may take the other's place.
_STRICTNESS: Final = {"keep": 0, "truncate": 1, "mask": 1, "pseudonymize": 2, "redact": 3, "drop": 4}


def _actions(local: Mapping[str, str], remote: Mapping[str, str]) -> dict[str, str]:
    looser = sorted(kind for kind, action in remote.items() if not _is_stricter(action, _of(kind, local), kind))
    if looser:
        raise ValueError(f"{RULE}: {', '.join(looser)}")
    return {**local, **remote}


def _of(kind: str, local: Mapping[str, str]) -> str:
    return local.get(kind, "keep" if kind in UNLESS_NAMED else "redact")


def _is_stricter(remote: str, local: str, kind: str) -> bool:
    """Say whether one action shows no more than another; what cannot be truncated is redacted in its place."""
    if local == "truncate" and kind not in TRUNCATED:
        local = "redact"
    return remote == local or _STRICTNESS[remote] > _STRICTNESS[local]


def _classify(local: tuple[Mapping[str, str], ...], remote: tuple[Mapping[str, str], ...]) -> tuple[Any, ...]:
    if any("category" in row for row in remote):
        raise ValueError(f"{RULE}: a rule gives a category, and may only raise the level")
    return (*local, *map(Raising, remote))


def _fewer(local: tuple[str, ...], remote: tuple[str, ...]) -> tuple[str, ...]:
    if "*" not in local and not set(remote) <= set(local):
        raise ValueError(f"{RULE}: an entry is not in the local list")
    return remote


def _least(local: int, remote: int) -> int:
    if remote > local:
        raise ValueError(f"{RULE}: it is higher than the local one")
    return remote


def _ceilings(local: Mapping[str, str], remote: Mapping[str, str]) -> dict[str, str]:
    """Lower ceilings. One of a name that stands nowhere here takes the place of others, so it is below all of them."""
    lowest = min(map(Level.parse, local.values()), default=Level.RESTRICTED)
    for name, level in remote.items():
        if Level.parse(level) > (Level.parse(local[name]) if name in local else lowest):
            raise ValueError(f"{RULE}: a ceiling is higher than a local one")
    return {**local, **remote}


def _level_actions(local: Mapping[str, str], remote: Mapping[str, str]) -> dict[str, str]:
    looser = sorted(
        level for level, action in remote.items() if _OF_LEVELS.index(action) < _OF_LEVELS.index(local.get(level, KEEP))
    )
    if looser:
        raise ValueError(f"{RULE}: {', '.join(looser)}")
    return {**local, **remote}


def _only(word: Any) -> Remote:
    """Give what a remote may do with an option that it may set to one value only."""

    def settled(local: Any, remote: Any) -> Any:
        if remote not in {local, word}:
            raise ValueError(RULE)
        return remote

    return Remote(f"may set it to `{str(word).lower()}`", settled)


DETECTORS: Final = Remote("may add to the list", _detectors)
PATTERNS: Final = Remote("may add patterns of new kinds", _patterns)
VALUES: Final = Remote("may add to the list", _added)
ACTIONS: Final = Remote("may choose stricter ones: keep < truncate, mask < pseudonymize < redact < drop", _actions)
RULES: Final = Remote("may add rules that raise the level", _classify)
FEWER: Final = Remote("may take entries away", _fewer)
WITHHELD: Final = _only("withhold")
CEILINGS: Final = Remote("may lower ceilings, and add some that are no higher than any local one", _ceilings)
LEVELS: Final = Remote("may choose stricter ones: keep < strip < drop", _level_actions)
ON: Final = _only(True)
LOWER: Final = Remote("may lower it", _least)
EITHER: Final = Remote("may set it", lambda _, remote: remote)
