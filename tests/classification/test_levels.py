"""Levels: parsing, order, and what found kinds demand."""

from __future__ import annotations

import pytest

from discreet.classification import CATEGORIES, Level, level_of


def test_levels_are_ordered_and_named() -> None:
    """Four levels, from public to restricted, each read from its own label in any case."""
    assert [level.label for level in sorted(Level)] == ["public", "internal", "confidential", "restricted"]
    assert [Level.parse(f" {level.label.upper()} ") for level in Level] == list(Level)
    assert len(set(CATEGORIES)) == 8


@pytest.mark.parametrize("text", ["hunter2", "", None, 3, "none"])
def test_what_is_no_level_is_an_error_that_does_not_quote_it(text: object) -> None:
    """The message names the levels there are and not the value given."""
    with pytest.raises(ValueError, match=r"use one of public, internal") as error:
        Level.parse(text)
    assert "hunter2" not in str(error.value)


def test_found_kinds_raise_the_level() -> None:
    """Personal data is confidential, secrets, cards and national ids are restricted, unknown kinds too."""
    assert level_of([]) is Level.PUBLIC
    assert level_of({"email"}) is Level.CONFIDENTIAL
    assert level_of({"email", "card"}) is Level.RESTRICTED
    assert level_of({"of_somebody_else"}) is Level.RESTRICTED
