"""What is wrong with the configuration as it stands now, while an earlier one is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from discreet.policy.errors import Problem

_refused: tuple[Problem, ...] = ()


def note_refused(problems: Iterable[Problem]) -> None:
    """Keep what is wrong with the configuration that was refused last; nothing once one is in force again."""
    global _refused  # noqa: PLW0603 - swapped whole
    _refused = tuple(problems)


def refused() -> tuple[Problem, ...]:
    """Give the problems of the configuration that was refused last; none where the last one read is in force."""
    return _refused
