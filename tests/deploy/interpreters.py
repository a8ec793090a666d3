"""Interpreters on this machine, and environments of apps made with them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).parent / "uv"
OTHERS = [f"3.{minor}" for minor in (13, 12, 10, 11) if minor != sys.version_info.minor]


def another() -> str:
    """Give an interpreter of another version than this one, the newest that is found; empty if there is none."""
    return next((found for version in OTHERS if (found := _executable(version))), "")


def _executable(version: str) -> str:
    """Give the path of an interpreter by its version, if its name on the PATH runs; pyenv's names run if told which."""
    name = shutil.which(f"python{version}")
    ask = [name or "", "-c", "import sys; print(sys.executable)"]
    for variables in ({}, {"PYENV_VERSION": version}) if name else ():
        done = subprocess.run(ask, env={**os.environ, **variables}, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout.strip()
    return ""


def environment(folder: Path, interpreter: str, *packages: str) -> str:
    """Make a virtual environment with packages, of the versions in the lock; give its interpreter."""
    python = str(folder / "bin" / "python")
    commands = [
        ["venv", "--quiet", "--python", interpreter, str(folder)],
        ["pip", "install", "--quiet", "--python", python, "--constraint", str(ROOT / "requirements.lock"), *packages],
    ]
    for command in commands:
        subprocess.run([UV, *command], check=True)
    return python
