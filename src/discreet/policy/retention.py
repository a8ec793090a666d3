"""The option `retention`: how long a record is to be kept, as a hint for the collector and what stands behind it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from discreet.classification import CATEGORIES
from discreet.policy.level_actions import LEVELS
from discreet.policy.words import by_name

if TYPE_CHECKING:
    from collections.abc import Mapping

CLASSES: Final = (*CATEGORIES, *LEVELS)
PERIOD: Final = "[1-9][0-9]{0,3}[dwmy]"


def parse_retention(value: object) -> dict[str, str]:
    """Give period by category or level, from a mapping, from JSON, or from ``audit=7y,restricted=30d``.

    Raises:
        ValueError: With the place in the mapping and the rule, without the value.
    """
    return by_name(value, "must be a mapping of category or level to period", "name", CLASSES, _fault)


def _fault(period: object) -> str | None:
    if isinstance(period, str) and re.fullmatch(PERIOD, period):
        return None
    return "the period at place {place} must be a number and d, w, m or y (days, weeks, months, years)"


def period_of(periods: Mapping[str, str], category: str, level: str) -> str | None:
    """Give the period of a record: that of its category, else of its level, else None."""
    return periods.get(category) or periods.get(level)
