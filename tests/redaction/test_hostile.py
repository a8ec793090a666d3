"""Hostile texts: repeated openings of everything that is looked for take linear work (how long: tests/bench)."""

from __future__ import annotations

import gc
import time
from typing import Final

import pytest

from discreet.redaction import Redactor

REDACTOR: Final = Redactor(max_text=1 << 22)
PLAIN: Final = Redactor(max_text=1 << 22, use_re2=False)
SMALL: Final = 30_000
LARGE: Final = 240_000
HOSTILE: Final = (
    "a@", "a@b.co ", "a.b+c@", "7", "7 ", "4111 ", "4-", "123-45-", "10.0.0.", "fe80:", "aaaaaaaa-", "-", ".", " ",
    "\n", "password=", "password=a,", "password: '", "ssn ", "token is ", "token ", "--pin ", '"a":"', '\\"', "\\",
    "a=", "a.", "eyJ", "eyJ.", "sk-", "AKIA", "http://a:b", "http://", "postgres://u:p@", "%40", "%25", "&#64;",
    "\\u0040", "&amp;", "[parameters: ", "[parameters: (", "Key (a)=(", "SELECT ' ", "INSERT INTO t VALUES ('", "'",
    '"', "`", "<a ", "<password>", "-----BEGIN PRIVATE KEY-----", "-----BEGIN ", 'name="x"\n\n', "name: a value: ",
    "| a | ", 'variable "a" {', "({[", ")", "[REDACTED:", "[REDACTED:email]", "Cookie: a=b; ", "Digest a=b, ", "é",
    "\u200b", "日", "は", "\x1b[0m", "\x00", "ab" * 40 + " ",
)  # fmt: skip


def _seconds(redactor: Redactor, unit: str, size: int) -> float:
    text = unit * (size // len(unit))
    gc.collect()
    begin = time.process_time()
    redactor.text(text, set())
    return time.process_time() - begin


def _grows_linearly(redactor: Redactor, unit: str, small: int, large: int) -> bool:
    """Says whether eight times the text takes less than thirty times as long; looks again if the machine was busy."""
    for _ in range(3):
        base = max(min(_seconds(redactor, unit, small) for _ in range(2)), _TICK)
        if _seconds(redactor, unit, large) < 30 * base:
            return True
    return False


_TICK: Final = 0.002  # less than this is not told from noise


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_takes_linear_work(unit: str) -> None:
    """Eight times the text takes about eight times as long, far from the sixty-four of quadratic work."""
    assert _grows_linearly(REDACTOR, unit, SMALL, LARGE)


@pytest.mark.parametrize("unit", HOSTILE[::3])
def test_it_does_without_google_re2(unit: str) -> None:
    """The same with the gate of the standard library, on shorter texts."""
    assert _grows_linearly(PLAIN, unit, SMALL // 10, LARGE // 10)
