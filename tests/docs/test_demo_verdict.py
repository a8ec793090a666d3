"""The demonstration's verdict is negative whenever it should be: a check that cannot fail shows nothing."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import demo
import pytest
from clinic.synthetic import Private
from clinic.traffic import Step
from demo.excerpts import windows
from demo.experiment import CHANNELS, Outcome
from demo.records import Record, header_records
from demo.verdict import print_verdict

EMAIL = Private("e-mail", "zoe.madeup@example.org")
STEP = Step("register", "zoe.madeup@example.org", "a" * 32, 201)
SPAN = Record("traces", "POST /patients", ("span", 1), {}, "api", "confidential", STEP.trace_id)
LOG = Record("logs", "clinic.patients", ("log", 1), {}, "application", "internal")
SERIES = Record("metrics", "http.server.duration", ("metric", 1), {})
CLEAN = Outcome("Discreet", [STEP], [SPAN, LOG, SERIES], [EMAIL], {channel: [] for channel in CHANNELS})
LEAKY = replace(CLEAN, label="stock", left={channel: [EMAIL] for channel in CHANNELS})


def test_all_well(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing to complain of: the stock run leaked, the other one did not, and everything arrived."""
    assert print_verdict(LEAKY, CLEAN) == []
    assert "Nothing private left" in capsys.readouterr().out


@pytest.mark.parametrize("channel", CHANNELS)
def test_one_leak_is_enough(channel: str) -> None:
    """One private value in any channel makes the verdict negative, and the complaint does not repeat it."""
    (complaint,) = print_verdict(LEAKY, replace(CLEAN, left={**CLEAN.left, channel: [EMAIL]}))
    assert channel in complaint
    assert EMAIL.value not in complaint


@pytest.mark.parametrize(
    ("records", "complaint"),
    [
        ([SPAN, LOG], "no metrics arrived"),
        ([SPAN, SERIES], "no logs arrived"),
        ([SPAN, LOG, SERIES, replace(LOG, level=None)], "1 of 2 logs without category and level"),
        ([SPAN, LOG, SERIES, replace(SPAN, category="nonsense")], "1 of 2 traces without category and level"),
        ([replace(SPAN, trace_id="b" * 32), LOG, SERIES], "no span of these requests arrived: register"),
    ],
)
def test_silence_is_no_success(records: list[Record], complaint: str) -> None:
    """Records that do not arrive, or arrive unclassified, make the verdict negative."""
    assert any(complaint in said for said in print_verdict(LEAKY, replace(CLEAN, records=records)))


def test_nothing_to_hide_proves_nothing() -> None:
    """If the stock run leaks nothing in spans and logs, the comparison fails."""
    assert [said for said in print_verdict(CLEAN, CLEAN) if "proves nothing" in said]


def test_application_must_behave_the_same() -> None:
    """If the clinic answers otherwise under Discreet, the comparison fails."""
    changed = replace(CLEAN, steps=[replace(STEP, status=500)])
    assert "the clinic answered differently under Discreet" in print_verdict(LEAKY, changed)


def test_headers_are_taken_to_pieces() -> None:
    """Of a call's headers those that carry context are compared."""
    (record,) = header_records([{"baggage": "tier=gold", "accept": "*/*"}])
    assert record.places == {"baggage": "tier=gold"}


def test_excerpt_shows_the_value_and_its_marker() -> None:
    """Of two long texts the columns show the part round the private value, on both sides."""
    before = "word " * 100
    lines = list(windows(f"{before}from {EMAIL.value}", f"{before}from [REDACTED:email]", [EMAIL.value], 40))
    said, left = (" ".join(column) for column in zip(*lines, strict=True))
    assert EMAIL.value in said
    assert "[REDACTED:email]" in left
    assert all(len(cell) <= 40 for line in lines for cell in line)


def test_spellings() -> None:
    """A value is looked for as it is, percent-encoded, and a date also as Python shows it."""
    assert "zoe.madeup%40example.org" in EMAIL.spellings
    assert "datetime.date(1981, 2, 3)" in Private("birth date", "1981-02-03").spellings


@pytest.mark.parametrize("arguments", [[], ["--stock-python", "no/such/python"]])
def test_needs_a_stock_python(arguments: list[str]) -> None:
    """Without a usable stock Python the command says which option is wrong, and starts nothing."""
    program = Path(demo.__file__).with_name("demo.py")
    command = [sys.executable, str(program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "--stock-python" in done.stderr
    assert done.stdout == ""
