"""Gate against pattern: where a detector finds something, its gate fires, in both engines."""

from __future__ import annotations

import re
import time
import warnings
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from discreet.detectors import DETECTORS
from discreet.redaction.folding import fold
from discreet.redaction.gates import literals, searcher
from discreet.redaction.rules import scan_of, shape_gate
from tests.fuzz.budget import SECONDS, SEED, cases, smallest
from tests.fuzz.mutations import mutated

if TYPE_CHECKING:
    from collections.abc import Callable

    from discreet.detectors import Detector

re2: Any = pytest.importorskip("re2")

ROWS: Final = [row for row in DETECTORS if row.proof == "shape"]
_AROUND: Final = st.sampled_from(
    [
        "",
        " ",
        "\n",
        "\t",
        "\x0b",
        "x",
        "9",
        "-",
        ".",
        "é",
        "日",
        '"',
        "'",
        "(",
        "=",
        ": ",
        "&",
        "%20",
        "\\n",
        "\u00a0",
        "\u017f",
        "\u212a",
    ]
)
_EXAMPLES: Final = 5
_LEAST: Final = 8  # rows, however slow the machine is
_LONGEST: Final = 2000


class Gate(NamedTuple):
    """One row's gate in all its forms, and whether its pattern finds something."""

    by_re2: Callable[[str], bool]
    by_re: Callable[[str], bool]
    words: tuple[str, ...]
    finds: Callable[[str], bool]


def _finds(row: Detector) -> Callable[[str], bool]:
    """A gate that is derived must fire wherever the pattern matches; one by hand may count on the validators."""
    if row.gate:
        scan = scan_of(row)
        return lambda text: any(True for _ in scan(text))
    search = re.compile(row.pattern).search
    return lambda text: search(text) is not None


@cache
def gate_of(name: str) -> Gate:
    """Gives the gate of a row, as the engine builds it."""
    row = next(row for row in ROWS if row.name == name)
    source = shape_gate(row)
    options = re2.Options()
    options.log_errors = False
    pattern = re2.compile(source, options)
    return Gate(lambda text: pattern.search(text) is not None, searcher(source), literals(source), _finds(row))


def missed_by(gate: Gate, text: str) -> list[str]:
    """Names the forms of a gate that fire neither on a text nor on its folded form although the pattern matches."""
    if not gate.finds(text):
        return []
    folded = fold(text)
    texts = [text] if folded is None else [text, folded.text]
    forms = (("google-re2", gate.by_re2), ("re", gate.by_re))
    missed = [form for form, fires in forms if not any(map(fires, texts))]
    # Outside ASCII lower-casing is not all that "without case" means; there the engine folds first.
    if text.isascii() and gate.words and not any(word in seen.lower() for word in gate.words for seen in texts):
        missed.append("literals")
    return missed


def check(name: str, text: str) -> None:
    """Fails with the smallest text that a gate misses."""
    text = text.encode("utf-8", "replace").decode()
    gate = gate_of(name)
    if missed_by(gate, text):
        least = smallest(text, lambda shorter: bool(missed_by(gate, shorter)))
        pytest.fail(f"gate of {name} ({', '.join(missed_by(gate, least))}) misses {least!r}")


@cache
def _strategy(name: str) -> st.SearchStrategy[str]:
    pattern = next(row.pattern for row in ROWS if row.name == name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return st.from_regex(pattern)


def _generate(name: str, number: int) -> None:
    """Checks a row's gate on a few texts drawn from its pattern."""

    @seed(f"{SEED} {number}")
    @settings(max_examples=_EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(_AROUND, _strategy(name), _AROUND)
    def generated(before: str, text: str, after: str) -> None:
        check(name, before + text[:_LONGEST] + after)

    generated()


def test_gates_fire_on_what_patterns_generate() -> None:
    """Texts drawn from the full patterns, in all surroundings."""
    end = time.monotonic() + 0.25 * SECONDS
    number = 0
    rows = Random(SEED).sample(ROWS, len(ROWS))
    while number < _LEAST or time.monotonic() < end:
        _generate(rows[number % len(rows)].name, number)
        number += 1


def test_gates_fire_on_mutated_examples() -> None:
    """Texts near the examples, whose checksums are right."""
    found = 0
    for rng in cases("gates", 0.25):
        row = rng.choice(ROWS)
        text = mutated(rng, row.example)
        check(row.name, text)
        found += gate_of(row.name).finds(text)
    assert found, "no text in which anything was found: this test proves nothing"


def test_a_gate_that_misses_is_noticed() -> None:
    """The check can fail: a gate that wants two digits where the pattern takes one."""
    two = re.compile("[0-9]{2}").search
    gate = Gate(lambda text: two(text) is not None, lambda _: True, ("x",), lambda text: "9" in text)
    assert missed_by(gate, "x 9") == ["google-re2"]
    assert missed_by(gate, "99") == ["literals"]
    assert missed_by(gate, "x") == []
    assert smallest("a 9 b", lambda text: bool(missed_by(gate, text))) == "9"
