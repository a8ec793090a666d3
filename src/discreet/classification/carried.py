"""What a record carries: the least level that its attributes and its event name ask for, by the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discreet.classification.levels import Level
from discreet.detectors import attribute_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CALLING: Final = frozenset({"client", "producer"})
"""Kinds of spans whose peer is a machine that was called."""
# Internal is what records are anyway, and who says public of one has seen that it holds nothing else.
_RAISING: Final = {level.label: level for level in (Level.CONFIDENTIAL, Level.RESTRICTED)}
# Events whose body is what people write, or whose meaning is what one person did; conventions 1.44 and older.
_GENAI: Final = (
    "system.message", "user.message", "assistant.message", "tool.message", "choice", "content.prompt",
    "content.completion", "client.inference.operation.details", "evaluation.result",
)  # fmt: skip
_PERSONAL: Final = ("session.start", "session.end", "app.crash", "azure.resource.log", "az.resource.log")
EVENTS: Final[Mapping[str, Level]] = dict.fromkeys(
    (*_PERSONAL, *(f"gen_ai.{name}" for name in _GENAI)), Level.CONFIDENTIAL
)


def least_level(keys: Iterable[str], *, calling: bool) -> tuple[Level, str]:
    """Gives the highest level that a row of these attributes raises a record to, and its name; public and "" else."""
    level, by = Level.PUBLIC, ""
    for key in keys:
        row = attribute_of(key)
        if row is None or (calling and row.way == "peer"):
            continue
        asked = _RAISING.get(row.sensitivity, Level.PUBLIC)
        if asked > level:
            level, by = asked, row.name
    return level, by
