"""docs/levels.md is what the code does."""

from __future__ import annotations

import re

import pytest

from discreet.classification import Level
from discreet.metrics.self_observation import ROWS
from discreet.policy import resolve
from discreet.policy.level_actions import LEVEL_ACTIONS
from tests.docs.consoles import ROOT, fenced, page, printed

EXAMPLE = ROOT / "docs" / "examples" / "levels"
PAGE = page("levels.md")


@pytest.mark.parametrize("block", fenced(PAGE, "console"), ids=lambda block: block.splitlines()[0])
def test_a_command_prints_what_the_page_says(block: str) -> None:
    """The commands of each block, run by a shell beside the examples, print what stands behind them."""
    given, said = printed(block, EXAMPLE)
    assert given == said


def test_the_file_on_the_page_is_that_of_the_example() -> None:
    """Ceilings, actions and periods on the page are those that the clinic runs with."""
    assert fenced(PAGE, "yaml") == [(EXAMPLE / "discreet.yaml").read_text()]


def test_every_word_is_told() -> None:
    """Each level and each action has its row."""
    levels = PAGE.partition("| level | holds |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)`", levels, re.MULTILINE) == [level.label for level in Level]
    actions = PAGE.partition("| action | what leaves")[2].partition("\n\n")[0]
    assert tuple(re.findall(r"^\| `(\w+)`", actions, re.MULTILINE)) == LEVEL_ACTIONS


@pytest.mark.parametrize(("variable", "text"), re.findall(r'^    (DISCREET_\w+)="(.+)"$', PAGE, re.MULTILINE))
def test_its_variables_can_be_written(variable: str, text: str) -> None:
    """They are taken as they stand there."""
    settings, problems = resolve(environ={variable: text})
    assert problems == []
    assert settings[variable.removeprefix("DISCREET_").lower()]


def test_its_metrics_are_there() -> None:
    """Each name is that of an instrument, or of an attribute."""
    attributes = {"discreet.retention", "discreet.stripped"}
    told = set(re.findall(r"`(discreet\.[a-z_]+)[`:]", PAGE)) - attributes
    assert told == {"discreet.held", "discreet.level_actions"}
    assert told <= {row.name for row in ROWS}
