"""What the interpreter prints of exceptions that nobody caught, in processes of their own."""

from __future__ import annotations

import sys
import threading

import pytest

from discreet import guard
from discreet.guard import hooks
from tests.guard.children import bare, run

pytestmark = pytest.mark.seams

UNCAUGHT = {
    "main thread": "def f():\n    raise KeyError(EMAIL)\nf()",
    "chained": "try:\n    raise ValueError(EMAIL)\nexcept ValueError as e:\n    raise RuntimeError(EMAIL) from e",
    "notes and args": "raise OSError(2, 'No such file', '/home/' + EMAIL)",
    "an interrupt": "raise KeyboardInterrupt(EMAIL)",
    "thread": """
        import threading
        def work():
            raise ValueError(EMAIL)
        t = threading.Thread(target=work, name='for ' + EMAIL); t.start(); t.join()
    """,
    "unraisable": """
        class A:
            def __repr__(self): return EMAIL
            def __del__(self): raise ValueError(EMAIL)
        a = A(); del a
    """,
    "the interpreter's own hook, called by a hook of the app's": """
        def hook(kind, error, trace):
            print('seen', file=sys.stderr)
            sys.__excepthook__(kind, error, trace)
        sys.excepthook = hook
        raise ValueError(EMAIL)
    """,
    "a traceback that prints source": "raise ValueError('zoe.canary@example.org')",
}


@pytest.mark.parametrize("program", UNCAUGHT.values(), ids=UNCAUGHT)
def test_uncaught_exceptions_are_printed_clean(program: str) -> None:
    """Without the guard the address is printed; with it the same lines are, without the address."""
    guarded, stock = run(program), bare(program)
    assert "canary" in stock.stderr
    assert "canary" not in guarded.stderr
    assert "[REDACTED:email]" in guarded.stderr
    assert guarded.returncode == stock.returncode
    assert abs(len(guarded.stderr.splitlines()) - len(stock.stderr.splitlines())) <= 1


def _said(text: str) -> list[str]:
    """Give the lines without those of places, whose numbers differ."""
    return [line for line in text.splitlines() if "File" not in line]


@pytest.mark.parametrize(
    "program",
    [
        "raise ValueError('nothing private')",
        "import threading; t = threading.Thread(target=lambda: 1 / 0, name='w'); t.start(); t.join()",
        "raise SystemExit(3)",
        "raise SystemExit('bye')",
        "def f(\n",
    ],
)
def test_what_holds_nothing_private_is_printed_as_ever(program: str) -> None:
    """To the letter; programs end with the same status."""
    guarded, stock = run(program), bare(program)
    assert _said(guarded.stderr) == _said(stock.stderr)
    assert guarded.returncode == stock.returncode


def test_a_hook_of_the_apps_own_is_called_with_the_exception() -> None:
    """A crash reporter that was there before gets the exception itself, once."""
    before = "sys.excepthook = lambda kind, error, trace: print('mine', len(str(error)), file=sys.stderr)\n"
    done = run("raise ValueError(EMAIL)", before=before)
    assert done.stderr == "mine 22\n"


def test_a_hook_of_the_apps_own_that_fails_prints_nothing_private() -> None:
    """The interpreter would print its error and the original exception; so do we, clean."""
    before = "def hook(*args):\n    raise RuntimeError('failed for ' + str(args[1]))\nsys.excepthook = hook\n"
    done = run("raise ValueError(EMAIL)", before=before)
    assert "canary" not in done.stderr
    assert "Error in sys.excepthook" in done.stderr
    assert "RuntimeError" in done.stderr
    assert "ValueError" in done.stderr


def test_output_off_leaves_the_hooks_alone() -> None:
    """The option `output` holds here too."""
    done = run("raise ValueError(EMAIL)", before="import os; os.environ['DISCREET_OUTPUT'] = 'false'\n")
    assert "ValueError: zoe.canary@example.org" in done.stderr


def test_a_failing_redactor_leaves_the_type_only() -> None:
    """Fails closed: type of the exception, nothing else."""
    done = run(
        """
        from discreet.redaction import Redactor
        def broken(*_): raise RuntimeError(EMAIL)
        Redactor.text = broken
        raise ValueError(EMAIL)
        """
    )
    assert done.stderr == "ValueError: [discreet: withheld]\n"
    assert done.returncode == 1


def test_a_closed_stderr_raises_nothing() -> None:
    """There is nothing left to write to."""
    assert run("sys.stderr.close(); raise ValueError(EMAIL)").returncode == 1
    assert run("sys.stderr = None; raise ValueError(EMAIL)").returncode == 1


def test_the_hooks_are_put_back() -> None:
    """A hook that somebody else has set since stays."""
    guard.uninstall()
    before = (sys.excepthook, sys.__excepthook__, threading.excepthook, sys.unraisablehook)
    guard.install()
    assert sys.__excepthook__ is not before[1]
    guard.uninstall()
    assert (sys.excepthook, sys.__excepthook__, threading.excepthook, sys.unraisablehook) == before
    guard.install()
    ours, sys.excepthook = sys.excepthook, print
    try:
        hooks.uninstall()
        assert sys.excepthook is print
    finally:
        sys.excepthook = getattr(ours, "__wrapped__", ours)


BACKPORT = """
import traceback
def exceptiongroup_excepthook(kind, error, trace):
    sys.stderr.write("".join(traceback.format_exception(kind, error, trace)))
exceptiongroup_excepthook.__module__ = "exceptiongroup._formatting"
if sys.excepthook is sys.__excepthook__:
    sys.excepthook = exceptiongroup_excepthook
"""
"""What the backport of exception groups does when it is imported, on Python 3.10."""


@pytest.mark.parametrize("first", [False, True])
def test_the_backport_of_exception_groups_prints_nothing_private(first: bool) -> None:
    """It is imported by anyio, so by FastAPI: before the guard is armed, or after."""
    fails = "\nraise ValueError(EMAIL)"
    guarded = run(fails, before=BACKPORT) if first else run(BACKPORT + fails)
    stock = bare(BACKPORT + fails)
    assert "canary" in stock.stderr
    assert "canary" not in guarded.stderr
    assert "ValueError: [REDACTED:email]" in guarded.stderr
