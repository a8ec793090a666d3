"""What happens where code of ours fails: the app sees nothing of it, and what it was to clean stays in the process."""

from __future__ import annotations

import contextlib
import logging
import sys
from types import FunctionType
from typing import TYPE_CHECKING, Any

from discreet.metrics.counts import COUNTS
from discreet.policy import StrictError, current
from discreet.redaction import FAILED

if TYPE_CHECKING:
    from collections.abc import Callable

    Function = Callable[..., Any]

_logger = logging.getLogger("discreet")


def contained(replacement: Function, original: Function, otherwise: Function) -> Function:
    """Give the replacement that raises nothing of ours; what the original raises goes through, as without us.

    So do ``KeyboardInterrupt``, ``SystemExit``, cancellation, and `StrictError`, which is asked for. Where the
    replacement fails, ``otherwise(original, ...)`` gives the caller what it gets instead.
    """
    theirs = original.__code__

    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return replacement(*args, **kwargs)
        except StrictError:
            raise
        except Exception as error:
            if _raised_by(theirs, error):
                raise
            return _instead(otherwise, original, args, kwargs)

    return guarded


def _raised_by(theirs: object, error: Exception) -> bool:
    """Say whether an error came out of the original, which the replacement itself calls, and not out of our code."""
    trace = error.__traceback__
    for _ in range(2):
        trace = trace and trace.tb_next
    return trace is not None and trace.tb_frame.f_code is theirs


def _instead(otherwise: Function, original: Function, args: Any, kwargs: Any) -> Any:
    try:
        return otherwise(original, *args, **kwargs)
    except StrictError:
        raise
    except Exception:
        return None


def attempt(signal: str, reason: str, function: Function, *args: Any, **kwargs: Any) -> None:
    """Call a function of ours for code that nobody contains; where it fails, that is counted, and nothing is raised.

    Raises:
        StrictError: Where the policy is strict.
    """
    try:
        function(*args, **kwargs)
    except Exception:
        withhold(signal, reason)


def plain(original: Any) -> Function:
    """Give the original as a function whose code a traceback can be asked for; somebody's wrapper may be none."""
    if isinstance(original, FunctionType):
        return original

    def forward(*args: Any, **kwargs: Any) -> Any:
        return original(*args, **kwargs)

    return forward


def withhold(signal: str, reason: str, number: int = 1) -> None:
    """Count what is withheld because code of ours failed. Never raises but when the policy is strict.

    Raises:
        StrictError: Where the policy is strict, in place of the error that is being handled, if any.
    """
    count(signal, reason, number)
    error = sys.exc_info()[1]
    if isinstance(error, StrictError):
        raise error
    if is_strict():
        raise StrictError(signal, _place(error), f"{reason}{f' ({type(error).__name__})' if error else ''}") from None


def report(found: set[str], signal: str) -> None:
    """Count the record in which a value left as a marker because code failed on it; a strict policy raises."""
    if FAILED in found:
        found.discard(FAILED)
        withhold(signal, "value_failed")


def count(signal: str, reason: str, number: int = 1) -> None:
    """Count what is withheld; a count that cannot be kept costs nothing else."""
    with contextlib.suppress(Exception):
        for _ in range(number):
            COUNTS.withheld(signal, reason)


def say_strict(signal: str, reason: str) -> None:
    """Count what is withheld on a thread that nobody of the app waits for, where raising would end the exports."""
    try:
        withhold(signal, reason)
    except StrictError as error:
        _logger.error("discreet: %s", error)  # noqa: TRY400 - the traceback may quote


def is_strict() -> bool:
    """Say whether the policy is strict; one that cannot be asked is not."""
    try:
        return current().strict
    except Exception:
        return False


def _place(error: BaseException | None) -> str:
    """Give the function of ours that an error came from, such as ``discreet.guard.parts.clean_text``."""
    place, trace = "discreet.guard", error.__traceback__ if error else None
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.startswith("discreet."):
            place = f"{module}.{trace.tb_frame.f_code.co_name}"
        trace = trace.tb_next
    return place
