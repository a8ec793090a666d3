"""Honeytokens: a planted value is found wherever it rides, counted, said once, and never leaves."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry._logs import LogRecord

from discreet import guard
from discreet.guard import stamps
from discreet.metrics.counts import COUNTS
from discreet.policy import Policy, put_in_force, resolve
from tests.guard.memory import logged, traced

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BAIT = "Sommerwind-7741-bait"


@pytest.fixture(autouse=True)
def planted() -> Iterator[None]:
    """Arm the guard with a planted value."""
    guard.install()
    COUNTS.reset()
    stamps._said = -stamps.REPEAT_AFTER
    put_in_force(Policy.compiled(resolve(arguments={"honeytokens": [BAIT]})[0]))
    yield
    put_in_force(None)
    guard.uninstall()


PLACES: dict[str, dict[str, Any]] = {
    "text": {"note": f"took {BAIT} from the vault"},
    "under a telling key": {"password": BAIT},
    "in a URL": {"url.full": f"https://example.org/?q={BAIT.replace('-', '%2D')}"},
    "nested": {"body": {"deep": [f"x={BAIT}"]}},
    "as a key": {BAIT: 1},
}


@pytest.mark.parametrize("place", PLACES)
def test_a_planted_value_is_counted_wherever_it_rides(place: str, caplog: pytest.LogCaptureFixture) -> None:
    """The span leaves without it, is restricted, counted as a honeytoken, and a line names signal and scope."""
    provider, kept = traced()
    with provider.get_tracer("shop").start_as_current_span("work") as span:
        span.set_attributes(PLACES[place])
    with caplog.at_level(logging.ERROR, "discreet"):
        provider.force_flush()
    (clean,) = kept.records
    assert BAIT not in clean.to_json()
    assert clean.attributes["discreet.security_level"] == "restricted"
    assert COUNTS.snapshot()["redactions"]["honeytoken",] == 1
    assert [record.getMessage() for record in caplog.records if "honeytoken appeared in a span" in record.getMessage()]
    assert BAIT not in caplog.text


def test_the_line_is_written_once_in_a_while(caplog: pytest.LogCaptureFixture) -> None:
    """A thousand records with it are counted, and make one line."""
    provider, kept = logged()
    for _ in range(5):
        provider.get_logger("shop").emit(LogRecord(body=f"login with {BAIT}"))
    with caplog.at_level(logging.ERROR, "discreet"):
        provider.force_flush()
    assert len(kept.records) == 5
    assert all(BAIT not in str(record.log_record.body) for record in kept.records)
    assert COUNTS.snapshot()["redactions"]["honeytoken",] == 5
    assert len([record for record in caplog.records if "honeytoken" in record.getMessage()]) == 1


@pytest.mark.parametrize(
    ("given", "rule"),
    [("short", "value 1: use 8 to 256"), ("aaaaaaaaaaaa", "value 1: use 8 to 256"), (7, "must be a list of texts"),
     ("file:/nowhere/at/all", "cannot be read")],
)  # fmt: skip
def test_what_cannot_be_planted_is_said(given: object, rule: str) -> None:
    """The rule is named, the value is not."""
    settings, problems = resolve(arguments={"honeytokens": given})
    assert settings["honeytokens"] == ()
    assert rule in str(problems[0])
    assert "short" not in str(problems[0]).replace("shortest", "")


def test_values_may_come_from_a_file(tmp_path: Path) -> None:
    """One in each line, so that they stand in no environment."""
    file = tmp_path / "bait"
    file.write_text(f"{BAIT}\nOther-Bait-1234\n")
    assert resolve(environ={"DISCREET_HONEYTOKENS": f"file:{file}"})[0]["honeytokens"] == (BAIT, "Other-Bait-1234")
