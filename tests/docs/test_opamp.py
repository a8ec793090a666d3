"""docs/opamp.md is what the code does, with a real OpAMP server."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from discreet.policy import OPTIONS
from tests.docs.consoles import ROOT, fenced, page
from tests.opamp.conftest import binary, server  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from tests.opamp.server import Server

EXAMPLE = ROOT / "docs" / "examples" / "opamp"
PAGE = page("opamp.md")


def test_the_table_says_what_the_options_say() -> None:
    """Each option of which a remote may say anything, and what."""
    rows = [f"| `{option.name}` | {option.remote.says} |" for option in OPTIONS if option.remote]
    assert "| option | the server |\n|---|---|\n" + "\n".join(rows) + "\n\n" in PAGE


@pytest.mark.parametrize("option", [option for option in OPTIONS if option.name.startswith("opamp_")])
def test_every_option_is_told(option: object) -> None:
    """In the first table."""
    assert f"| `{option.name}` |" in PAGE  # type: ignore[attr-defined]


def test_the_example_prints_what_the_page_says(server: Server) -> None:  # noqa: F811 - the fixture
    """While the server offers one thing after another."""
    (block,) = fenced(PAGE, "console")
    command, *expected = block.splitlines()
    offers = [
        lambda: server.offer((EXAMPLE / "tighter.yaml").read_text()),
        lambda: server.offer((EXAMPLE / "looser.yaml").read_text()),
        server.withdraw,
    ]
    given = {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "OPAMP_ENDPOINT": server.endpoint,
        "DISCREET_OPAMP_INTERVAL": "1",
        "PSEUDONYM_KEY": "k1:MDEyMzQ1Njc4OWFiY2RlZg==",
    }
    process = subprocess.Popen(
        ["sh", "-c", "exec env " + command.removeprefix("$ ")],
        env=given,
        cwd=EXAMPLE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    patience = threading.Timer(60, process.kill)  # a line that does not come is a line that differs
    patience.start()
    try:
        assert process.stdout is not None
        said = [process.stdout.readline().rstrip("\n")]
        for offer in offers:
            offer()
            said.append(process.stdout.readline().rstrip("\n"))
    finally:
        patience.cancel()
        process.kill()
        process.communicate()
    assert said == expected
