"""The engine: gate, merging, fork."""

from __future__ import annotations

import os
import threading

import pytest

from discreet.detectors import DETECTORS, Detector
from discreet.redaction import Redactor
from discreet.redaction.engine import HAVE_RE2, Engine, Span
from discreet.redaction.folding import fold


def test_overlaps_become_one_span_of_the_longest_kind() -> None:
    """What two detectors find in the same place is replaced once, and both kinds are reported."""
    kinds: set[str] = set()
    text = "password=zoe@example.org"
    assert Engine(DETECTORS).find(text, kinds) == [Span(9, len(text), "password", "password_key")]
    assert kinds == {"password", "email"}


def test_a_detector_of_ones_own_takes_part() -> None:
    """A further row is gated, matched and validated like the built-in ones."""
    row = Detector(
        kind="ticket",
        group="own",
        pattern=r"TCK-(?P<value>[0-9]{4})",
        gate=r"TCK-[0-9]",
        level="confidential",
        example="TCK-1234",
        near_miss="TCK-12",
        source="ours",
        validate=lambda digits: digits != "0000",
    )
    redactor = Redactor([*DETECTORS, row])
    assert redactor.text("TCK-1234 TCK-0000", set()) == "TCK-[REDACTED:ticket] TCK-0000"


@pytest.mark.skipif(not HAVE_RE2, reason="needs google-re2")
def test_a_gate_that_re2_refuses_is_an_error_when_compiled() -> None:
    """A gate with look-around is refused where it is written, not skipped."""
    row = Detector("x", "own", "x", "confidential", "x", "y", "ours", gate="(?=x)")
    with pytest.raises(ValueError, match="gate of detector x"):
        Redactor([row])


def test_folding_keeps_places() -> None:
    """Each folded character knows where it came from, through several layers of coding."""
    folded = fold("a%2540b\u200b\uff10")
    assert folded is not None
    assert folded.text == "a@b0"
    assert folded.places == [0, 1, 6, 8, 9]
    assert fold("plain 100% & \\d") is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_child_forked_while_threads_scan_does_not_hang() -> None:
    """The gate is compiled anew in a forked child: it answers though a thread was scanning."""
    redactor = Redactor()
    stop = threading.Event()

    def scan() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            redactor.text(f"{number} some words with token key {number}" * 3, set())

    threads = [threading.Thread(target=scan, daemon=True) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(20):
            child = os.fork()
            if child == 0:
                clean = redactor.text("in child zoe@example.org", set())
                os._exit(0 if clean == "in child [REDACTED:email]" else 1)
            assert os.waitpid(child, 0)[1] == 0
    finally:
        stop.set()
        for thread in threads:
            thread.join()
