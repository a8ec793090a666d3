"""One check: whatever it does, there is a result, and nothing private in it."""

from __future__ import annotations

import asyncio
import math
from typing import Any

import pytest

import discreet
from discreet.health import Found, Status
from discreet.health.checks import Check, checks, remove


def _raise() -> None:
    raise RuntimeError("password=hunter2")


def _exit() -> None:
    raise SystemExit(1)


async def _well() -> None:
    await asyncio.sleep(0)


async def _slow() -> None:
    await asyncio.sleep(60)


ANSWERS: dict[str, tuple[Any, Status, str]] = {
    "None": (lambda: None, Status.PASS, ""),
    "true": (lambda: True, Status.PASS, ""),
    "false": (lambda: False, Status.FAIL, ""),
    "a word": (lambda: "warn", Status.WARN, ""),
    "a status": (lambda: Status.FAIL, Status.FAIL, ""),
    "found": (lambda: Found("warn", "nearly full"), Status.WARN, "nearly full"),
    "private text": (lambda: Found("fail", "no mail to zoe@example.org"), Status.FAIL, "no mail to [REDACTED:email]"),
    "no answer that is known": (lambda: 42, Status.FAIL, "raised ValueError"),
    "an error": (_raise, Status.FAIL, "raised RuntimeError"),
    "an exit": (_exit, Status.FAIL, "raised SystemExit"),
    "a coroutine": (_well, Status.PASS, ""),
    "a coroutine that waits": (_slow, Status.FAIL, "raised TimeoutError"),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_every_answer_is_a_result(case: str) -> None:
    """Of an error only the type is shown, and what an answer says is redacted."""
    call, status, output = ANSWERS[case]
    result = Check("c", call, timeout=0.05).run()
    assert (result.name, result.critical, result.status, result.output) == ("c", True, status, output)
    assert result.time > 0


@pytest.mark.parametrize("value", [math.nan, math.inf, "0.5", None])
def test_a_figure_that_is_none_is_left_out(value: Any) -> None:
    """JSON has no word for it."""
    assert Check("c", lambda: Found("pass", value=value)).run().value is None


def test_a_figure_has_its_unit() -> None:
    """Both are kept as they are."""
    result = Check("c", lambda: Found("pass", value=0.5, unit="s")).run()
    assert (result.value, result.unit) == (0.5, "s")


@pytest.mark.parametrize("name", ["", " ", "n" * 129, 3])
def test_a_wrong_name_is_refused(name: Any) -> None:
    """It is the code of the app that is wrong."""
    with pytest.raises(ValueError, match="name of a health check"):
        discreet.health.check(name)


@pytest.mark.parametrize("timeout", [0, -1, 301, True, "5", math.nan])
def test_a_wrong_timeout_is_refused(timeout: Any) -> None:
    """More than 0 and at most 300 seconds."""
    with pytest.raises(ValueError, match="timeout of a health check"):
        discreet.health.check("c", timeout=timeout)


def test_the_decorator_leaves_the_function() -> None:
    """It registers a check under its name; the next of that name takes its place, and it can be removed."""

    @discreet.health.check("c", timeout=2, critical=False)
    def first() -> bool:
        return True

    @discreet.health.check("c")
    def second() -> bool:
        return False

    assert (first(), second()) == (True, False)
    assert [(check.call, check.timeout, check.critical) for check in checks()] == [(second, 5.0, True)]
    remove("c")
    remove("c")
    assert checks() == ()


def test_a_check_makes_no_telemetry() -> None:
    """Instrumented libraries are told to be quiet while it runs, also in a coroutine."""
    from opentelemetry.instrumentation.utils import is_instrumentation_enabled

    async def ask() -> bool:
        return not is_instrumentation_enabled()

    assert Check("c", ask).run().status is Status.PASS
    assert is_instrumentation_enabled()
