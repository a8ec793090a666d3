"""Security levels and categories: the two answers that classification gives of a record."""

from __future__ import annotations

from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from discreet.detectors import KIND_LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CATEGORIES: Final = ("application", "security", "audit", "performance", "business", "system", "api", "database")


class Level(IntEnum):
    """How widely a record may be shown, from everybody to the few who must see it."""

    PUBLIC = 0
    INTERNAL = 1
    CONFIDENTIAL = 2
    RESTRICTED = 3

    @property
    def label(self) -> str:
        """The name as it is exported: "public", "internal", "confidential" or "restricted"."""
        return _LABELS[self]

    @classmethod
    def parse(cls, text: object) -> Level:
        """Gives the level of that name, in any case.

        Raises:
            ValueError: When it is no level. The message does not quote it.
        """
        level = _BY_LABEL.get(text.strip().lower()) if isinstance(text, str) else None
        if level is None:
            raise ValueError(f"not a security level: use one of {', '.join(_BY_LABEL)}")
        return level


_LABELS: Final = tuple(level.name.lower() for level in Level)
_BY_LABEL: Final = dict(zip(_LABELS, Level, strict=True))
_UNKNOWN: Final = "restricted"


def level_of(kinds: Iterable[str], own: Mapping[str, str] = MappingProxyType({})) -> Level:
    """Gives the level that found kinds demand: public when nothing was found, restricted for an unknown kind.

    `own`: the levels of kinds that a configuration brings, which win.
    """
    levels = (own.get(kind) or KIND_LEVELS.get(kind, _UNKNOWN) for kind in kinds)
    return max((_BY_LABEL[level] for level in levels), default=Level.PUBLIC)
