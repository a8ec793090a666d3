"""The demonstration, run as `make demo` runs it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DEMO = Path(__file__).resolve().parents[2] / "docs" / "examples" / "demo" / "demo.py"
STOCK = os.environ.get("DISCREET_STOCK_PYTHON", "")
if not STOCK:
    pytest.skip(
        "run `make test`, or set DISCREET_STOCK_PYTHON to a Python with opentelemetry-distro and without discreet",
        allow_module_level=True,
    )


@pytest.fixture(scope="module")
def demo() -> subprocess.CompletedProcess[str]:
    """The demonstration's output and exit status."""
    command = [sys.executable, str(DEMO), "--stock-python", STOCK, "--discreet-python", sys.executable]
    environment = {**os.environ, "COLUMNS": "180"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def left(output: str, channel: str) -> tuple[int, int]:
    """Give how many private values left through a channel, with the stock distribution and with Discreet."""
    figures = re.search(rf"^  {channel} +(\d+) of \d+ +(\d+) of \d+", output, re.MULTILINE)
    assert figures, output
    return int(figures[1]), int(figures[2])


def test_exit_status(demo: subprocess.CompletedProcess[str]) -> None:
    """The demonstration ends with status 0: nothing private left, and everything arrived, classified."""
    assert demo.returncode == 0, demo.stdout + demo.stderr


@pytest.mark.parametrize("channel", ["traces", "logs", "metrics", "outgoing headers", "console"])
def test_stock_leaks_and_discreet_does_not(demo: subprocess.CompletedProcess[str], channel: str) -> None:
    """Through every channel the stock distribution lets private values out, and Discreet none."""
    stock, discreet = left(demo.stdout, channel)
    assert stock > 0
    assert discreet == 0


def test_shows_both_sides(demo: subprocess.CompletedProcess[str]) -> None:
    """The table shows a value as the application said it, and the marker that left in its place."""
    assert re.search(r"registered clara\.fakenham@example\.org .*registered \[REDACTED:email\]", demo.stdout)
