"""Unit and pipeline tests for every supported Python that is found, at three points of OpenTelemetry: ``make matrix``.

Environments are made by uv. A Python that is not on this machine is named, and its sessions are left out; with
``CI=true`` it is an error.
"""

from __future__ import annotations

import subprocess

import nox

nox.options.default_venv_backend = "uv"
nox.options.error_on_missing_interpreters = nox.options.stop_on_first_error = False

PYTHONS = ("3.10", "3.11", "3.12", "3.13")
TESTS = (
    "tests/guard", "tests/context", "tests/pipeline", "tests/autolaunch", "tests/test_processors.py",
    "tests/test_sampling.py",
)  # fmt: skip
OPENTELEMETRY: dict[str, tuple[str, ...]] = {
    "oldest": ("-r", "tests/oldest.txt"),
    "1.43": ("-r", "tests/oldest.txt", "--override", "tests/opentelemetry-1.43.txt"),
    "newest": ("--require-hashes", "-r", "requirements.lock"),
}
"""How each OpenTelemetry is installed."""


@nox.session(python=PYTHONS)
@nox.parametrize("opentelemetry", list(OPENTELEMETRY), ids=list(OPENTELEMETRY))
def tests(session: nox.Session, opentelemetry: str) -> None:
    """Run the tests of the seams; at the newest the whole unit tests of what records pass as well."""
    session.install(*OPENTELEMETRY[opentelemetry])
    session.install("--no-deps", "--editable", ".")
    chosen = ("-m", "seams") if opentelemetry != "newest" else ()
    rooms = TESTS if chosen else (*TESTS, "tests/policy", "tests/redaction", "tests/detectors", "tests/metrics")
    session.run("python", "-m", "pytest", "-q", *chosen, *rooms, *session.posargs)


def _runs(version: str) -> bool:
    """Say whether a Python of that version runs here: a name on the path may be an empty shim."""
    try:
        done = subprocess.run([f"python{version}", "--version"], capture_output=True, check=False)  # noqa: S603 - no input
    except OSError:
        return False
    return done.returncode == 0


@nox.session(python=False)
def missing(session: nox.Session) -> None:
    """Say which of the supported Pythons are not on this machine."""
    absent = [version for version in PYTHONS if not _runs(version)]
    session.log(f"not here, and not tested: Python {', '.join(absent)}" if absent else "every supported Python is here")
