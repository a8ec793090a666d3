"""Honeytokens: values that somebody planted and nobody has a reason to use, so that their appearance is an alarm."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from discreet.detectors.model import Detector, DetectorError

if TYPE_CHECKING:
    from collections.abc import Sequence

KIND: Final = "honeytoken"
SHORTEST: Final = 8
LONGEST: Final = 256


def planted_detectors(values: Sequence[str]) -> tuple[Detector, ...]:
    """Gives a detector for each planted value, which is found wherever it stands, exactly as written.

    Raises:
        DetectorError: With the place of a value that cannot be used; the value is not quoted.
    """
    for place, value in enumerate(values, 1):
        if not SHORTEST <= len(value) <= LONGEST or len(set(value)) < SHORTEST // 2:
            raise DetectorError(f"value {place}: use {SHORTEST} to {LONGEST} characters, no filler of a few")
    return tuple(_row(number, value) for number, value in enumerate(dict.fromkeys(values), 1))


def _row(number: int, value: str) -> Detector:
    # The example names no value: `discreet detectors` prints it.
    return Detector(
        kind=KIND,
        name=f"{KIND}_{number}",
        group=KIND,
        pattern=re.escape(value),
        level="restricted",
        example="the planted value",
        near_miss="any other value",
        source="configuration",
    )
