"""What is in force, as plain types that may be shown: keys, headers and planted values are withheld."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from discreet.policy.options import OPTIONS

if TYPE_CHECKING:
    from discreet.policy.gather import Gathered


def values(found: Gathered) -> dict[str, Any]:
    """Give the value of each option as it may be shown."""
    return {option.name: option.shown(found.settings[option.name]) for option in OPTIONS}


def shown(found: Gathered) -> dict[str, Any]:
    """Give environment, options with value and origin, and problems, for JSON."""
    return {
        "environment": {"name": found.environment.name or None, "from": found.environment.origin or None},
        "options": {name: {"value": value, "from": found.origins[name]} for name, value in values(found).items()},
        "problems": [asdict(problem) for problem in found.problems],
    }
