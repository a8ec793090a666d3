"""The commands, run as a user runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

DISCREET = Path(sys.executable).with_name("discreet")
KEY_LINES = b"-----BEGIN RSA PRIVATE KEY-----\nZmFrZSBmYWtlIGZha2U=\nbm90IGEga2V5\n-----END RSA PRIVATE KEY-----\n"


def run(*arguments: str, given: bytes = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Run `discreet` with arguments, standard input and variables; give its outputs and status."""
    return subprocess.run(
        [str(DISCREET), *arguments],
        input=given,
        env={**os.environ, **variables},
        capture_output=True,
        timeout=30,
        check=False,
    )
