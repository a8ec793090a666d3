"""Names of events and timers: what may be one. A wrong one is a mistake in the code, so it is said where it is made."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

LONGEST: Final = 128
_WORD: Final = r"[a-z][a-z0-9_]*"
_EVENT: Final = re.compile(rf"{_WORD}(?:\.{_WORD})+")
_TIMER: Final = re.compile(rf"{_WORD}(?:\.{_WORD})*")
_WORDS: Final = f"lower-case words of letters, digits and _, joined by dots, of at most {LONGEST} characters"
_REMEDY: Final = "what differs from call to call belongs in attributes"


def event_name(name: str) -> str:
    """Give the name of an event back.

    Raises:
        ValueError: When it is none. The message does not quote it.
    """
    if not (isinstance(name, str) and _fits(_EVENT, name)):
        raise ValueError(f"An event's name must be two or more {_WORDS}. Write one such as order.placed; {_REMEDY}.")
    return name


def timer_name(name: str) -> str:
    """Give the name of a timer back.

    Raises:
        ValueError: When it is none. The message does not quote it.
    """
    if not (isinstance(name, str) and _fits(_TIMER, name)):
        raise ValueError(f"A timer's name must be {_WORDS}. Write one such as order.shipping; {_REMEDY}.")
    return name


@lru_cache(maxsize=1024)
def _fits(pattern: re.Pattern[str], name: str) -> bool:
    return len(name) <= LONGEST and pattern.fullmatch(name) is not None
