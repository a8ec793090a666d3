"""The example of the public processors does what it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "processors" / "two_pipelines.py"


def test_one_pipeline_is_redacted_and_the_other_whole() -> None:
    """What leaves holds markers, what stays holds what the app said."""
    done = subprocess.run([sys.executable, str(EXAMPLE)], capture_output=True, text=True, check=True)
    assert '"customer": "[REDACTED:email]"' in done.stdout
    assert "order of [REDACTED:email], card [REDACTED:card]" in done.stdout
    assert "zoe@" not in done.stdout
    assert '"customer": "zoe@example.org"' in done.stderr
