"""`discreet.configure()` in code: before or after the app made its own providers, applications and engines."""

from __future__ import annotations

import re
import subprocess
import sys
import threading

import pytest

from tests.autolaunch.programs import LATE, UNCOVERABLE
from tests.pipeline.launching import BIN

pytestmark = pytest.mark.seams


@pytest.mark.parametrize("own", [False, True], ids=["no provider", "the app's own provider"])
def test_what_exists_already_is_covered(own: bool) -> None:
    """Applications, running or not, engines, and the provider that were there before are traced, redacted, answered."""
    done = subprocess.run(
        [sys.executable, "-c", LATE, *(["own"] if own else [])],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={"PATH": str(BIN)},
    )
    assert done.stdout.count('"name": "GET /of/{who}"') == 3
    assert done.stdout.count('"name": "select :memory:"') == 3
    assert "canary" not in done.stdout
    assert len(re.findall(r"traceresponse 00-[0-9a-f]{32}-", done.stderr)) == 3
    assert ("kept=('traces',)" in done.stderr) is own
    assert "unreached=()" in done.stderr


def test_what_cannot_be_instrumented_later_works_without() -> None:
    """Where an older application or engine cannot be instrumented, it answers and connects all the same."""
    done = subprocess.run(
        [sys.executable, "-c", UNCOVERABLE],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={"PATH": str(BIN)},
    )
    assert done.stdout.split() == ["200", "1", "200", "1"]
    assert "a FastAPI application could not be instrumented (RuntimeError)" in done.stderr
    assert "an SQLAlchemy engine could not be instrumented (RuntimeError)" in done.stderr
    assert "Traceback" not in done.stderr


def test_bad_arguments_raise_and_set_nothing_up() -> None:
    """Every wrong argument is named at once, with its remedy and without its value; a right call then works."""
    import discreet

    with pytest.raises(discreet.ConfigurationError) as caught:
        discreet.configure(
            endpoint="hunter2", protocol="hunter2", signals=["hunter2"], detectors=["hunter2"], outputt="hunter2"
        )
    message = str(caught.value)
    for name in ("endpoint", "protocol", "signals", "detectors", "output"):
        assert name in message
    assert "hunter2" not in message
    assert len(caught.value.problems) == 5


def test_importing_does_nothing() -> None:
    """Importing the package loads neither OpenTelemetry nor anything else of ours."""
    program = "import sys, discreet; print([m for m in sys.modules if m.startswith(('opentelemetry', 'discreet.'))])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == "[]"


def test_public_names_are_there() -> None:
    """Every name of `__all__` can be had."""
    import discreet

    assert all(getattr(discreet, name) is not None for name in discreet.__all__)
    with pytest.raises(AttributeError):
        _ = discreet.no_such_name


def test_many_threads_configure_once() -> None:
    """Concurrent calls give the same report."""
    import discreet

    reports: list[object] = []
    call = lambda: reports.append(discreet.configure(signals=(), instrument=False))  # noqa: E731
    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, reports))) == 1
