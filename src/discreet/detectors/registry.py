"""The detectors that are known: the table, and what other packages and the configuration add to it."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

from discreet.detectors.keys import KEY_LEVELS
from discreet.detectors.table import DETECTORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from discreet.detectors.model import Detector

KIND_LEVELS: Final[dict[str, str]] = {**KEY_LEVELS, **{row.kind: row.level for row in DETECTORS}}


def learn_levels(detectors: Iterable[Detector]) -> None:
    """Adds the levels of detectors from outside; the level of a kind that is known stays."""
    for row in detectors:
        KIND_LEVELS.setdefault(row.kind, row.level)


def groups(among: Sequence[Detector] = DETECTORS) -> tuple[str, ...]:
    """Gives the names of the groups, in the order of the table."""
    return tuple(dict.fromkeys(row.group for row in among))


def kinds_of(name: str, among: Sequence[Detector] = DETECTORS) -> tuple[str, ...]:
    """Gives the kinds that a kind or group stands for; none for a name that is not known."""
    return tuple(dict.fromkeys(row.kind for row in among if name in {row.kind, row.group}))


def kinds_acted_on(name: str, among: Sequence[Detector] = DETECTORS) -> tuple[str, ...]:
    """Gives the kinds that a name stands for in `actions`: those of detectors, and those that only keys tell."""
    return kinds_of(name, among) or ((name,) if name in KEY_LEVELS else ())


def nearest(name: str, place: int, among: Sequence[Detector] = DETECTORS) -> str:
    """Gives in words what may be meant by an unknown name: the nearest known one. The name itself is not quoted."""
    known = sorted({text for row in among for text in (row.kind, row.group)})
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}?" if near else f"known groups are: {', '.join(groups(among))}"
    return f"unknown detector (the name at place {place}): {hint}"


def detectors_named(names: Iterable[str], among: Sequence[Detector] = DETECTORS) -> tuple[Detector, ...]:
    """Gives the detectors whose kind or group is named, in the order of the table.

    Raises:
        ValueError: For an unknown name; it says at which place, and which known one is nearest; never the name.
    """
    wanted: set[str] = set()
    for place, name in enumerate(names, 1):
        kinds = kinds_of(name, among)
        if not kinds:
            raise ValueError(nearest(name, place, among))
        wanted.update(kinds)
    return tuple(row for row in among if row.kind in wanted)
