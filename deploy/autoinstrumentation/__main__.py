"""Writes `requirements.txt`: the packages of `packages.txt`, each as it is locked for the oldest Python."""

from __future__ import annotations

import re
from pathlib import Path

from packaging.requirements import Requirement

HERE = Path(__file__).resolve().parent
LOCK = HERE.parents[1] / "requirements.lock"
OLDEST = {"python_version": "3.10", "python_full_version": "3.10.0"}
_HEAD = "# Written by `make manifests` from packages.txt and requirements.lock.\n"


def wanted() -> list[str]:
    """Give the names of the packages."""
    lines = (HERE / "packages.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def requirements() -> str:
    """Give the file: for each package its version and hashes.

    Raises:
        KeyError: A package is not in the lock.
    """
    locked = _locked()
    return _HEAD + "".join(locked[name] for name in wanted())


def _locked() -> dict[str, str]:
    """Give what the lock says of each package that Python 3.10 is to have: version and hashes, without marker."""
    found = {}
    for block in re.split(r"\n(?=\w)", LOCK.read_text()):
        head, *rest = block.splitlines()
        if head.startswith("#"):
            continue
        requirement = Requirement(head.rstrip(" \\"))
        if requirement.marker is None or requirement.marker.evaluate(OLDEST):
            hashes = [line for line in rest if "--hash" in line]
            found[requirement.name] = "\n".join([f"{requirement.name}{requirement.specifier} \\", *hashes, ""])
    return found


if __name__ == "__main__":
    (HERE / "requirements.txt").write_text(requirements())
