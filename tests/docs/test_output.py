"""The example of three logging libraries does what it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "output" / "three_loggers.py"


def test_each_library_writes_redacted_lines() -> None:
    """Lines and traceback hold markers, and what is not private stays."""
    done = subprocess.run([sys.executable, str(EXAMPLE)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "INFO order of [REDACTED:email]\n" in done.stdout
    assert '"customer": "[REDACTED:email]", "card": "[REDACTED:card]", "amount": 12' in done.stdout
    assert "INFO order of [REDACTED:email] {'password': '[REDACTED:password]'}" in done.stdout
    assert "LookupError: no stock for [REDACTED:email]" in done.stderr
    assert "zoe@" not in done.stdout + done.stderr
