"""Errors that are the same, counted and told of as one group. Bounded, without a lock, anew after a fork."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Final

from discreet.metrics.counts import COUNTS

if TYPE_CHECKING:
    from discreet.errors.fingerprint import Fingerprint
    from discreet.metrics.counts import Key

MOST: Final = 200
"""Groups of their own; each is a series of `discreet.errors` as well."""
OTHER: Final = ("_OTHER", "other")
"""Type and fingerprint of all errors beyond `MOST` groups; the first is what the conventions of `error.type` say."""
_RECENT: Final = 1024


@dataclass(frozen=True)
class ErrorGroup:
    """Errors with the same fingerprint.

    Attributes:
        fingerprint: 16 hexadecimal digits, as in the attribute `discreet.error.fingerprint`; "other" for all groups
            beyond 200.
        type: The type of the exception, with its module unless that is `builtins` or `__main__`; "_OTHER" for those.
        category: The `discreet.category` of the records.
        count: How many there were since the process began.
        first_seen: When the first of them was exported.
        last_seen: When the latest of them was exported.
        last_trace_id: The trace of the latest, 32 hexadecimal digits; None where it was in no trace.
    """

    fingerprint: str
    type: str
    category: str
    count: int
    first_seen: datetime
    last_seen: datetime
    last_trace_id: str | None


class _Seen:
    """When and where a group was seen; each field is set at once, so that nothing need be locked."""

    __slots__ = ("first", "last")

    def __init__(self, now: float) -> None:
        self.first = now
        self.last = (now, 0)


class Groups:
    """The groups of this process."""

    def __init__(self) -> None:
        self.reset()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.reset)

    def reset(self) -> None:
        """Forget all of them."""
        self._groups: dict[Key, _Seen] = {}
        self._recent: dict[tuple[int, int], object] = {}
        self._before: dict[tuple[int, int], object] = {}

    def saw(self, error: Fingerprint, category: str, trace_id: int, at: int) -> None:
        """Count an error, once for all records of it in a trace.

        A record is of an error that was counted if it was raised at the same line with the same message in the same
        trace. Where there is no trace, each record counts.

        Args:
            error: What identifies it.
            category: The `discreet.category` of its record.
            trace_id: The trace; 0 for none.
            at: The time of the record, by which it is known again when it passes twice and has no trace.
        """
        if COUNTS.is_aside() or self._knows((trace_id or at, error.ending)):
            return
        key = (category, error.type, error.code)
        if key not in self._groups and len(self._groups) >= MOST:
            key = (category, *OTHER)
        now = time.time()
        self._groups.setdefault(key, _Seen(now)).last = (now, trace_id)
        COUNTS.error(key)

    def _knows(self, which: tuple[int, int]) -> bool:
        if which in self._before:
            return True
        if len(self._recent) >= _RECENT:
            self._before, self._recent = self._recent, {}
        mine = object()
        return self._recent.setdefault(which, mine) is not mine  # one step: of two threads, one is the first

    def listed(self) -> list[ErrorGroup]:
        """Give all groups, the latest first."""
        counts = COUNTS.snapshot()["errors"]
        groups = [_told(key, seen, counts.get(key, 0)) for key, seen in self._groups.copy().items()]
        return sorted(groups, key=lambda group: group.last_seen, reverse=True)


def _told(key: Key, seen: _Seen, count: int) -> ErrorGroup:
    category, kind, code = key
    last, trace_id = seen.last
    return ErrorGroup(
        fingerprint=code,
        type=kind,
        category=category,
        count=count,
        first_seen=datetime.fromtimestamp(seen.first, timezone.utc),
        last_seen=datetime.fromtimestamp(last, timezone.utc),
        last_trace_id=f"{trace_id:032x}" if trace_id else None,
    )


GROUPS: Final = Groups()
"""The groups of this process."""


def error_groups() -> list[ErrorGroup]:
    """Give the errors that this process exported, the same ones as one group, the latest first; at most 200 and others.

    For health pages and support: nothing in it is private, as all of it was redacted.
    """
    return GROUPS.listed()
