"""Console blocks of the pages under docs/: commands behind `$ `, and what they print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def page(name: str) -> str:
    """Give the text of a page."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def fenced(text: str, language: str) -> list[str]:
    """Give what stands between fences of a language."""
    return [str(block) for block in re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)]


def printed(block: str, beside: Path) -> tuple[str, str]:
    """Give what the commands of a block print, run by a shell in a folder, and what the block says that they do.

    Raises:
        AssertionError: When they write to standard error.
    """
    commands = "\n".join(line[2:] for line in block.splitlines() if line.startswith("$ "))
    expected = "".join(line for line in block.splitlines(keepends=True) if not line.startswith("$ "))
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["sh", "-c", commands], env=environment, cwd=beside, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr == ""
    return done.stdout, expected
