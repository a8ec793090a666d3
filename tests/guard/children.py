"""Programs run in a process of their own, armed before their first line."""

from __future__ import annotations

import subprocess
import sys
import textwrap

ARMED = "import discreet.runtime; discreet.runtime.arm()\nEMAIL = 'zoe.' + 'canary@' + 'example.org'\n"


def run(program: str, *, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program; `before` comes before the guard is armed."""
    source = "import sys\n" + textwrap.dedent(before) + ARMED + textwrap.dedent(program)
    return subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=60, check=False)


def bare(program: str) -> subprocess.CompletedProcess[str]:
    """Run the same program without the guard."""
    source = "import sys\n" + ARMED.partition("\n")[2] + textwrap.dedent(program)
    return subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=60, check=False)
