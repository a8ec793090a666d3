"""A running collector, and what comes out of it for what is sent in.

Where a tool is missing the test is skipped with the remedy; with DISCREET_REQUIRE_COLLECTOR set (CI) it fails.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from collector.local.collector import BRANCHES, Collector, collector
from collector.local.exported import Item, items_of
from collector.local.tools import ToolMissingError, collector_binary, tool
from tests.collector.sending import send

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass
class Gate:
    """A running collector, asked one thing after another.

    Its file exporters write before a request is answered, so that what was sent is in the files once it is accepted.
    """

    collector: Collector

    def through(self, *messages: Any) -> list[Item]:
        """Send requests that must be accepted, and give what came out for them, in all branches."""
        return self.sent(*messages)[1]

    def sent(self, *messages: Any) -> tuple[bytes, list[Item]]:
        """Send requests that must be accepted, and give what was written for them: the bytes, and the items."""
        before = {branch: len(self.collector.written(branch)) for branch in BRANCHES}
        assert set(send(self.collector.endpoint, *messages)) == {200}
        new = {branch: self.collector.written(branch)[size:] for branch, size in before.items()}
        return b"".join(new.values()), [item for branch, lines in new.items() for item in items_of(branch, lines)]


def _absent(error: ToolMissingError) -> NoReturn:
    if os.environ.get("DISCREET_REQUIRE_COLLECTOR"):
        pytest.fail(str(error))
    pytest.skip(str(error))


@pytest.fixture(scope="session")
def binary() -> str:
    """The collector's binary."""
    try:
        return collector_binary()
    except ToolMissingError as error:
        _absent(error)


@pytest.fixture(scope="session")
def tools() -> Callable[[str], str]:
    """Give the path of a tool by its name."""

    def find(name: str) -> str:
        try:
            return tool(name)
        except ToolMissingError as error:
            _absent(error)

    return find


@pytest.fixture(scope="session")
def gate(binary: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """A collector that all tests of the gate share."""
    with collector(tmp_path_factory.mktemp("gate")) as running:
        yield Gate(running)
