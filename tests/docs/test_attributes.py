"""docs/attributes.md is what the catalogue says."""

from __future__ import annotations

import re

import pytest

from discreet.detectors import CATALOGUE, WAYS
from discreet.policy import resolve
from tests.docs.write_attributes import DATA, REFERENCE, markdown

TEXT = REFERENCE.read_text(encoding="utf-8")


def test_the_reference_is_not_stale() -> None:
    """It is what `make attributes` writes, and its links lead to files."""
    assert "\n".join(markdown()) + "\n" == TEXT, "run `make attributes`"
    for link in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (REFERENCE.parent / link).is_file(), link
    assert DATA in TEXT


def test_every_way_and_every_treated_attribute_is_told() -> None:
    """Each way has its line, and each attribute that has one of its own, or is more than internal."""
    for way in WAYS:
        assert f"\n| `{way}` | " in TEXT
    for row in CATALOGUE.values():
        treated = row.way != "none" or row.sensitivity in {"confidential", "restricted"}
        assert (f"\n| `{row.name}` | {row.sensitivity} | " in TEXT) == treated, row.name


@pytest.mark.parametrize("told", re.findall(r"`(\w+=\w+)`", TEXT))
def test_its_actions_can_be_written(told: str) -> None:
    """What it says of `actions` is taken from the environment as it stands there."""
    settings, problems = resolve(environ={"DISCREET_ACTIONS": told})
    assert problems == []
    assert settings["actions"] == dict([told.split("=")])
