"""The guide has the tables of the code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from discreet.metrics import self_observation, table
from discreet.metrics.reference import renewed

ROWS: tuple[Any, ...] = (*table.ROWS, *self_observation.ROWS)
GUIDE = Path(__file__).parents[2] / "docs" / "metrics.md"


def test_the_guide_is_up_to_date() -> None:
    """The tables are printed from the code: `python -m discreet.metrics.reference docs/metrics.md` renews them."""
    guide = GUIDE.read_text(encoding="utf-8")
    assert guide == renewed(guide)


def test_the_guide_lists_every_metric_and_attribute() -> None:
    """No metric and no attribute is missing, even if the marks round the tables were lost."""
    guide = GUIDE.read_text(encoding="utf-8")
    for row in ROWS:
        (line,) = [line for line in guide.splitlines() if line.startswith(f"| `{row.name}` |")]
        assert f"`{row.unit}`" in line
        assert all(f"`{name}`" in line for name in row.attributes)


def test_what_people_wrote_stays() -> None:
    """Only what stands between the marks is replaced."""
    text = "Prose.\n<!-- generated: own -->\nstale text\n<!-- end -->\nMore.\n"
    new = renewed(text)
    assert new.startswith("Prose.\n<!-- generated: own -->\n| metric |")
    assert new.endswith("|\n<!-- end -->\nMore.\n")
    assert "stale text" not in new
