"""docs/events.md is what the code does."""

from __future__ import annotations

import re

import pytest

import discreet
from discreet.classification import SEVERITIES
from discreet.errors.groups import MOST
from discreet.events.names import event_name, timer_name
from discreet.events.securing import WARNED_OF
from discreet.metrics.self_observation import ROWS
from tests.docs.consoles import ROOT, fenced, page, printed

EXAMPLE = ROOT / "docs" / "examples" / "events"
PAGE = page("events.md")


@pytest.mark.parametrize("block", fenced(PAGE, "console"), ids=lambda block: block.splitlines()[0])
def test_a_command_prints_what_the_page_says(block: str) -> None:
    """What the shop sends is what the page shows; nothing private is in it."""
    given, said = printed(block, EXAMPLE)
    assert given == said
    assert "no address or password left: True" in given
    assert "zoe@" not in given


def test_the_snippets_run() -> None:
    """Each is Python that does what it says, without providers too."""

    def ship() -> None:
        pass

    blocks = fenced(PAGE, "python")
    assert len(blocks) == 2
    for block in blocks:
        exec(block, {"discreet": discreet, "ship": ship})


def test_names_and_words_are_those_of_the_code() -> None:
    """Severities, outcomes, the attributes of a group, the bound and the metric are told."""
    assert all(f'"{word}"' in PAGE for word in (*SEVERITIES, *WARNED_OF))
    assert all(f"`{name}`" in PAGE for name in discreet.ErrorGroup.__dataclass_fields__)
    (row,) = [row for row in ROWS if row.name == "discreet.errors"]
    assert all(f"`{name}`" in PAGE for name in (row.name, *row.attributes))
    assert MOST == 200
    assert "Two hundred series" in PAGE


def test_every_name_on_the_page_is_one() -> None:
    """Names in calls on the page are taken."""
    for helper, name in re.findall(r'discreet\.(event|security|timed)\("([^"]+)"', PAGE):
        assert (timer_name if helper == "timed" else event_name)(name if "." in name else f"{name}.x")
