"""What the fuzzing found and is not mended yet: the smallest example of each. Whoever mends one takes its row away."""

from __future__ import annotations

from typing import Final

import pytest

from discreet.redaction import Redactor
from tests.fuzz.known import GATES, TEXTS
from tests.fuzz.test_gates import gate_of, missed_by

REDACTOR: Final = Redactor()


@pytest.mark.parametrize("name", GATES)
@pytest.mark.xfail(strict=True, reason="a gate that misses; mended: take the row out of tests/fuzz/known.py")
def test_gate(name: str) -> None:
    """The gate fires on what its pattern finds."""
    assert gate_of(name).finds(GATES[name])
    assert not missed_by(gate_of(name), GATES[name])


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.xfail(strict=True, reason="a text that comes out wrong; mended: take the row out of tests/fuzz/known.py")
def test_text(text: str) -> None:
    """The text comes out as it should."""
    assert REDACTOR.text(text, set()) == TEXTS[text]
