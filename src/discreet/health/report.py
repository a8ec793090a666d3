"""What the three endpoints answer, as draft-inadarei-api-health-check-06 writes it: ``application/health+json``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from discreet.health.results import Status, overall
from discreet.health.rounds import ROUNDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from discreet.health.results import Result

MEDIA_TYPE: Final = "application/health+json"


class Answer(NamedTuple):
    """An answer over HTTP.

    Attributes:
        status: Its status code: 200, or 503 where what was asked for fails.
        body: JSON in UTF-8.
    """

    status: int
    body: bytes

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Its header fields."""
        return (
            ("content-type", MEDIA_TYPE),
            ("cache-control", "no-store"),
            ("content-length", str(len(self.body))),
        )


def document(results: Sequence[Result], status: Status) -> dict[str, Any]:
    """Give the document of a health check response: the status of the whole, and each check."""
    return {"status": status.value, "checks": {result.name: [_entry(result)] for result in results}}


def _entry(result: Result) -> dict[str, Any]:
    entry: dict[str, Any] = {"status": result.status.value, "critical": result.critical}
    if result.time:
        entry["time"] = result.when
    if result.value is not None:
        entry |= {"observedValue": result.value, "observedUnit": result.unit or "1"}
    if result.output:
        entry["output"] = result.output
    return entry


def live() -> dict[str, Any]:
    """Say whether this process still works: whether its rounds of checks are made in time, whatever they find."""
    status = Status.PASS if ROUNDS.alive() else Status.FAIL
    return {"status": status.value, **({} if ROUNDS.alive() else {"output": "checks are no longer made in time"})}


def ready() -> dict[str, Any]:
    """Say whether the app can do its work: it fails when a critical check fails."""
    results = tuple(result for result in ROUNDS.results() if result.critical)
    return document(results, overall(results))


def health() -> dict[str, Any]:
    """Say what every check found; the status is "warn" where only checks that are not critical do not pass."""
    results = ROUNDS.results()
    return document(results, overall(results))


PATHS: Final[dict[str, Callable[[], dict[str, Any]]]] = {"/livez": live, "/readyz": ready, "/healthz": health}
"""What is answered where."""


def answer(path: str) -> Answer | None:
    """Give the answer for a path; None where it is none of ours."""
    about = PATHS.get(path)
    if about is None:
        return None
    said = about()
    return Answer(503 if said["status"] == Status.FAIL.value else 200, json.dumps(said).encode())
