"""The OpAMP server.

Where it is not built the tests are skipped with the remedy; with DISCREET_REQUIRE_COLLECTOR set (CI) they fail.
"""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.opamp.server import BUILD, Server

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def binary() -> str:
    """The path of the server."""
    where = subprocess.run([str(BUILD), "--where"], capture_output=True, text=True, check=False)
    if where.returncode != 0:
        said = "the OpAMP server is not built: run `make opamp-server` (needs Go)"
        (pytest.fail if os.environ.get("DISCREET_REQUIRE_COLLECTOR") else pytest.skip)(said)
    return where.stdout.strip()


@pytest.fixture
def server(binary: str) -> Iterator[Server]:
    """A running server that nobody reported to yet."""
    running = Server(binary)
    yield running
    running.stop()
