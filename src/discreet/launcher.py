"""Makes our entry points win in what the ``opentelemetry-instrument`` command starts.

Which of several installed distributions wins is else the order of directories. What is set here is taken back by
`discreet.distro` in the app's process, so that a child process in another environment does not inherit it.
"""

import os

MARK = "_DISCREET_CHOSE"
CHOSEN = ("OTEL_PYTHON_DISTRO", "OTEL_PYTHON_CONFIGURATOR")


def choose() -> None:
    """Choose our distribution and configurator, each unless the user chose one."""
    ours = [name for name in CHOSEN if name not in os.environ]
    os.environ.update(dict.fromkeys(ours, "discreet"))
    os.environ[MARK] = ",".join(ours)


def take_back() -> None:
    """Take the choice out of the environment again."""
    for name in os.environ.pop(MARK, "").split(","):
        if name in CHOSEN and os.environ.get(name) == "discreet":
            del os.environ[name]
