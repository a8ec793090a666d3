"""docs/classification.md is what the code does."""

from __future__ import annotations

import re

import pytest

from discreet.classification import CATEGORIES, CONDITIONS, KINDS, SEVERITIES, Level
from tests.docs.consoles import ROOT, fenced, page, printed
from tests.docs.write_rules import HEAD, table

EXAMPLE = ROOT / "docs" / "examples" / "classification"
PAGE = page("classification.md")


@pytest.mark.parametrize("block", fenced(PAGE, "console"), ids=lambda block: block.splitlines()[0])
def test_a_command_prints_what_the_page_says(block: str) -> None:
    """The commands of each block, run by a shell beside the example, print what stands behind them."""
    given, said = printed(block, EXAMPLE)
    assert given == said


def test_the_file_on_the_page_is_that_of_the_example() -> None:
    """Rules on the page are those that the shop runs with."""
    assert fenced(PAGE, "yaml") == [(EXAMPLE / "discreet.yaml").read_text()]


def test_the_table_of_rules_is_not_stale() -> None:
    """It is what `make attributes` writes, at the end of the page."""
    assert PAGE.endswith(HEAD + table().removeprefix(HEAD)), "run `make attributes`"


def test_every_word_is_told() -> None:
    """Categories, levels and conditions, each in its table; kinds and severities beside their condition."""
    assert f"| `discreet.category` | {', '.join(CATEGORIES)} |" in PAGE
    assert f"| `discreet.security_level` | {' < '.join(level.label for level in Level)} |" in PAGE
    conditions = PAGE.partition("| condition | holds when |")[2].partition("\n\n")[0]
    assert tuple(re.findall(r"^\| `(\w+)`", conditions, re.MULTILINE)) == CONDITIONS
    for words in (KINDS, tuple(SEVERITIES)):
        assert f"{', '.join(words[:-1])} or {words[-1]}" in conditions
