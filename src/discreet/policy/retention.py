"""The option `retention`: how long a record is to be kept, as a hint for the collector and what stands behind it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from discreet.classification import CATEGORIES
from discreet.policy.errors import WrongItems
from discreet.policy.level_actions import LEVELS
from discreet.policy.words import pairs_of

if TYPE_CHECKING:
    from collections.abc import Mapping

CLASSES: Final = (*CATEGORIES, *LEVELS)
PERIOD: Final = "[1-9][0-9]{0,3}[dwmy]"


def parse_retention(value: object) -> dict[str, str]:
    """Give period by category or level, from a mapping, from JSON, or from ``audit=7y,restricted=30d``.

    Raises:
        ValueError: With the place in the mapping and the rule, without the value.
    """
    periods: dict[str, str] = {}
    faults: list[tuple[int, str]] = []
    for place, (name, period) in enumerate(pairs_of(value, "must be a mapping of category or level to period"), 1):
        if name not in CLASSES:
            faults.append((place, f"the name at place {place} must be one of {', '.join(CLASSES)}"))
        elif name in periods:
            faults.append((place, f"the name at place {place} stands here again"))
        elif not isinstance(period, str) or not re.fullmatch(PERIOD, period):
            faults.append(
                (place, f"the period at place {place} must be a number and d, w, m or y (days, weeks, months, years)")
            )
        periods[name] = str(period)
    if faults:
        raise WrongItems(faults)
    return periods


def period_of(periods: Mapping[str, str], category: str, level: str) -> str | None:
    """Give the period of a record: that of its category, else of its level, else None."""
    return periods.get(category) or periods.get(level)
