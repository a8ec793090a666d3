"""Health checks by name, and one call of a check: whatever it does, it gives a result."""

from __future__ import annotations

import asyncio
import inspect
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from opentelemetry.instrumentation.utils import suppress_instrumentation

from discreet.health.results import UNKNOWN, Found, Result, Status
from discreet.policy import redact

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[[], Any]")

_LONGEST_NAME: Final = 128
_LONGEST_OUTPUT: Final = 500
_LONGEST_TIMEOUT: Final = 300.0


@dataclass(frozen=True, slots=True)
class Check:
    """A health check.

    Attributes:
        name: What it is called, in reports and as attribute of the gauge.
        call: What is called; a coroutine function runs in an event loop of its own.
        timeout: Seconds after which it counts as failed.
        critical: Whether the app is not ready while it fails.
    """

    name: str
    call: Callable[[], Any]
    timeout: float = 5.0
    critical: bool = True

    def unknown(self) -> Result:
        """Give what is known before it was ever called."""
        return Result(self.name, self.critical, Status.FAIL, UNKNOWN, None, "", 0.0, 0.0)

    def late(self) -> Result:
        """Give what is known of a call that gave no answer in time."""
        said = f"gave no answer within {self.timeout:g} s"
        return Result(self.name, self.critical, Status.FAIL, said, None, "", time.time(), self.timeout)

    def run(self) -> Result:
        """Call it, without telemetry, and give the result. Never raises; may take longer than its timeout."""
        began = time.monotonic()
        try:
            with suppress_instrumentation():
                found = _found(self._called())
        except BaseException as error:  # also what would end its thread: it is a check of somebody's
            found = Found(Status.FAIL, f"raised {type(error).__name__}")
        spent = time.monotonic() - began
        return Result(self.name, self.critical, Status(found.status), *found[1:], time.time(), spent)

    def _called(self) -> Any:
        given = self.call()
        return asyncio.run(self._awaited(given)) if inspect.isawaitable(given) else given

    async def _awaited(self, given: Any) -> Any:
        return await asyncio.wait_for(given, self.timeout)


def _found(given: Any) -> Found:
    """Give what an answer means: true, None or "pass" is well, false fails, a `Found` or a status speaks for itself."""
    if given is None or given is True:
        return Found(Status.PASS)
    if given is False:
        return Found(Status.FAIL)
    status, output, value, unit = given if isinstance(given, Found) else Found(given)
    shown = str(redact(str(output)))[:_LONGEST_OUTPUT]
    usable = isinstance(value, (int, float)) and math.isfinite(value)
    return Found(Status(status), shown, value if usable else None, str(redact(str(unit)))[:_LONGEST_NAME])


_checks: dict[str, Check] = {}


def check(name: str, *, timeout: float = 5.0, critical: bool = True) -> Callable[[F], F]:
    """Register a function, sync or async, as a health check: ``@discreet.health.check("payments", critical=False)``.

    It takes no argument. It is well when it gives None or true; it fails when it gives false, raises, or gives no
    answer in time; `Found` says more. It is called off the request path, in a thread of its own, never twice at once.
    Of what it raises only the type is shown. A name that is taken is replaced.

    Args:
        name: What it is called in reports; the same in every process.
        timeout: Seconds, at most 300.
        critical: Whether the app is not ready while it fails; else it only warns.

    Raises:
        ValueError: With the rule, for a name or timeout that is none.
    """
    if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST_NAME:
        raise ValueError(f"the name of a health check must be a text of at most {_LONGEST_NAME} characters")
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not 0 < timeout <= _LONGEST_TIMEOUT:
        raise ValueError(f"the timeout of a health check must be more than 0 and at most {_LONGEST_TIMEOUT:g} seconds")

    def register(call: F) -> F:
        add(Check(name, call, float(timeout), critical))
        return call

    return register


def add(one: Check) -> None:
    """Register a check under its name."""
    global _checks  # noqa: PLW0603 - swapped whole, so that a round never sees it half
    _checks = {**_checks, one.name: one}


def remove(name: str) -> None:
    """Take a check away; nothing where there is none of that name."""
    global _checks  # noqa: PLW0603
    _checks = {known: one for known, one in _checks.items() if known != name}


def checks() -> tuple[Check, ...]:
    """Give all checks, in the order in which they were registered."""
    return tuple(_checks.values())
