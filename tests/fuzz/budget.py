"""How long the fuzzing goes on, and from which seed: ``FUZZ_SECONDS`` for the folder (10), ``FUZZ_SEED`` (0)."""

from __future__ import annotations

import os
import time
from random import Random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS: Final = float(os.environ.get("FUZZ_SECONDS", "10"))
SEED: Final = int(os.environ.get("FUZZ_SEED", "0"))
_LEAST: Final = 20  # cases, however slow the machine is


def cases(name: str, share: float) -> Iterator[Random]:
    """Yields generators of random numbers until this share of the time is spent: always the same ones, in order."""
    end = time.monotonic() + share * SECONDS
    number = 0
    while number < _LEAST or time.monotonic() < end:
        yield Random(f"{SEED} {name} {number}")
        number += 1


def smallest(text: str, fails: Callable[[str], bool]) -> str:
    """Gives a text that still fails and from which no run of characters can be taken away."""
    size = len(text) // 2
    while size:
        at = 0
        while at < len(text):
            shorter = text[:at] + text[at + size :]
            if fails(shorter):
                text = shorter
            else:
                at += size
        size //= 2
    return text
