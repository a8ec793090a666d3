"""What the files of `deploy/` have in common, for their tests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from discreet.policy.options import OPTIONS
from tests.deploy.interpreters import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

DEPLOY = ROOT / "deploy"
PINNED = re.compile(r"^[\w./-]+:v?\d+(\.\d+)+[\w.-]*$")
"""An image with a version, and no moving tag."""
_OWN = {option.variable for option in OPTIONS} | {"DISCREET_CONFIG"}
_OF_COLLECTORS = re.compile(r"DISCREET_(COLLECTOR_\w+|GATEWAY_ENDPOINT|LOGS_ENDPOINT|TRACES_ENDPOINT)")


def documents(file: Path) -> list[Any]:
    """Give the documents of a YAML file."""
    return list(yaml.safe_load_all(file.read_text()))


def variables_that_are_no_options(names: Iterable[str]) -> set[str]:
    """Give those of our variables that neither the library nor the collector's configurations know."""
    ours = {name for name in names if name.startswith("DISCREET_") and not _OF_COLLECTORS.fullmatch(name)}
    return ours - _OWN
