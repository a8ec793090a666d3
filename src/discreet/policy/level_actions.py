"""The option `level_actions`: what becomes of the records of a level, wherever they go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discreet.classification import Level
from discreet.policy.words import by_name

if TYPE_CHECKING:
    from collections.abc import Mapping

KEEP, STRIP, DROP = "keep", "strip", "drop"
LEVEL_ACTIONS: Final = (KEEP, STRIP, DROP)
LEVELS: Final = tuple(level.label for level in Level)
NEVER_DROPPED: Final = frozenset({"security", "audit"})
"""Categories whose records leave stripped where others are dropped."""


def parse_level_actions(value: object) -> dict[str, str]:
    """Give action by level, from a mapping, from JSON, or from ``restricted=strip,public=drop``.

    Raises:
        ValueError: With the place in the mapping and the rule, without the value.
    """
    return by_name(value, "must be a mapping of level to action", "level", LEVELS, _fault)


def _fault(action: object) -> str | None:
    return (
        None if action in LEVEL_ACTIONS else f"the action at place {{place}} must be one of {', '.join(LEVEL_ACTIONS)}"
    )


def compiled_level_actions(actions: Mapping[str, str]) -> dict[str, str]:
    """Give the actions that do something; none where records are kept as they are."""
    return {level: action for level, action in actions.items() if action != KEEP}


def action_on(actions: Mapping[str, str], level: str, category: str) -> str:
    """Give what becomes of a record."""
    action = actions.get(level, KEEP)
    return STRIP if action == DROP and category in NEVER_DROPPED else action
