"""What a health check found, and what the whole of them means: the words of the health check response format."""

from __future__ import annotations

from datetime import datetime, timezone
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Status(str, Enum):
    """A status, as draft-inadarei-api-health-check-06 section 3.1 calls it."""

    PASS = "pass"  # noqa: S105 - a word of the format
    WARN = "warn"
    FAIL = "fail"


class Found(NamedTuple):
    """What a check may give, where "all is well" does not say it.

    Attributes:
        status: One of `Status`, or its word.
        output: What is wrong, in a few words that an operator may read; it is redacted like any other text.
        value: A figure that was observed, such as a share that is left.
        unit: Its unit, as UCUM writes it: ``1``, ``s``, ``By``.
    """

    status: Status | str
    output: str = ""
    value: float | None = None
    unit: str = ""


class Result(NamedTuple):
    """What is known of a check.

    Attributes:
        name: Its name.
        critical: Whether the app is not ready while it fails.
        status: What it found last.
        output: What is wrong; empty where nothing is.
        value: A figure that was observed, or None.
        unit: Its unit.
        time: When it was found, in seconds since the epoch; 0 before the first time.
        seconds: How long that took.
    """

    name: str
    critical: bool
    status: Status
    output: str
    value: float | None
    unit: str
    time: float
    seconds: float

    @property
    def when(self) -> str:
        """The time as RFC 3339 writes it."""
        return datetime.fromtimestamp(self.time, timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")


UNKNOWN: Final = "has not been looked at yet"


def overall(results: Iterable[Result]) -> Status:
    """Give the status of the whole: it fails when a critical check does, and warns when any other does not pass."""
    whole = Status.PASS
    for result in results:
        if result.status is Status.FAIL and result.critical:
            return Status.FAIL
        if result.status is not Status.PASS:
            whole = Status.WARN
    return whole
