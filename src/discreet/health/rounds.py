"""Rounds of health checks: each check in a thread of its own, off the request path, never twice at once."""

from __future__ import annotations

import time
from threading import Thread
from typing import TYPE_CHECKING

from discreet.health.built_in import add_built_in, remove_built_in
from discreet.health.changes import say_changes
from discreet.health.checks import checks
from discreet.health.engines import watch_engines
from discreet.health.loop import Loop
from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discreet.health.checks import Check
    from discreet.health.results import Result

_FRESH = 3
"""Rounds that may go by without a result before the loop counts as hanging."""


class _Call(Thread):
    """One call of a check."""

    def __init__(self, check: Check) -> None:
        super().__init__(name="discreet-health-check", daemon=True)
        self.check = check
        self.result: Result | None = None
        self.until = time.monotonic() + check.timeout

    def run(self) -> None:
        self.result = self.check.run()


class Rounds:
    """What the checks found last, and the calls that still run."""

    def __init__(self) -> None:
        self._results: dict[str, Result] = {}
        self._hanging: dict[str, _Call] = {}
        self._done = 0.0

    def once(self) -> None:
        """Call every check that does not run yet; keep what each answers within its time."""
        calls: list[_Call] = []
        found: dict[str, Result] = {}
        for check in checks():
            hanging = self._hanging.get(check.name)
            if hanging is not None and hanging.is_alive():
                found[check.name] = check.late()
                continue
            call = _Call(check)
            try:
                call.start()
                calls.append(call)
            except RuntimeError:  # no more threads
                found[check.name] = check.late()
        for call in calls:
            call.join(max(0.0, call.until - time.monotonic()))
            found[call.check.name] = call.result or call.check.late()
        self._hanging = {call.check.name: call for call in (*self._hanging.values(), *calls) if call.is_alive()}
        before, self._results = self._results, found
        self._done = time.monotonic()
        say_changes(before, found)

    def results(self) -> tuple[Result, ...]:
        """Give what is known of each check; one that was never called fails."""
        known = self._results
        return tuple(known.get(check.name) or check.unknown() for check in checks())

    def alive(self) -> bool:
        """Say whether rounds are made as often as they should be; yes before the first one, and where none are made."""
        if not self._done or not current().health_interval:
            return True
        longest = max((check.timeout for check in checks()), default=0.0)
        return time.monotonic() - self._done < _FRESH * (current().health_interval + longest)

    def forget(self) -> None:
        """Know nothing any more: after a fork, and in tests."""
        self._results, self._hanging, self._done = {}, {}, 0.0


ROUNDS = Rounds()
"""The rounds of this process."""


def _round() -> None:
    watch_engines()
    ROUNDS.once()


_loop = Loop(_round, lambda: current().health_interval, ROUNDS.forget)


def begin() -> None:
    """Make rounds from now on, every `health_interval` seconds, in this process and in each one forked from it."""
    if current().health_interval:
        add_built_in()
        _loop.begin()


def end() -> None:
    """Make no more rounds, and know of no check but those of the app."""
    _loop.stop()
    remove_built_in()
    ROUNDS.forget()


def states() -> Mapping[tuple[str, ...], int]:
    """Give 1 for each check that does not fail, else 0, as the gauge has it."""
    return {(result.name,): int(result.status.value != "fail") for result in ROUNDS.results()}
