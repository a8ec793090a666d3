"""Selects detectors by the names a configuration uses."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from discreet.detectors.table import DETECTORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from discreet.detectors.model import Detector


def detectors_named(names: Iterable[str], among: Sequence[Detector] = DETECTORS) -> tuple[Detector, ...]:
    """Gives the detectors whose kind or group is named, in the order of the table.

    Raises:
        ValueError: For an unknown name; it says at which place, and which known one is nearest; never the name.
    """
    known = sorted({name for row in among for name in (row.kind, row.group)})
    named = list(names)
    wanted = set(named)
    for place, name in enumerate(named, 1):
        if name in known:
            continue
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]!r}?" if near else f"known are: {', '.join(known)}"
        raise ValueError(f"unknown detector (the name at place {place}): {hint}")
    return tuple(row for row in among if row.kind in wanted or row.group in wanted)
