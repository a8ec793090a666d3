"""Real processes follow their file, and SIGHUP reloads where that takes nothing from anybody."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = Path(__file__).parent / "waits.py"
HANGS_UP = {"DISCREET_RELOAD_INTERVAL": "0"}


class Running:
    """A program that waits for its file to change."""

    def __init__(self, process: subprocess.Popen[str], path: Path) -> None:
        self.process, self._path = process, path

    def line(self) -> str:
        """Give the next line that it says."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def change(self, limit: int) -> None:
        """Write the file anew."""
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps({"cardinality_limit": limit}))
        beside.replace(self._path)

    def hang_up(self) -> None:
        """Send it SIGHUP."""
        self.process.send_signal(signal.SIGHUP)


@contextlib.contextmanager
def running(way: str, folder: Path, *, file: bool = True, environ: dict[str, str]) -> Iterator[Running]:
    """Run the program in a session of its own, that is without a terminal, as under systemd and in containers."""
    path = folder / "discreet.json"
    path.write_text('{"cardinality_limit": 10}')
    variables = {"DISCREET_CONFIG": str(path)} if file else {"DISCREET_CARDINALITY_LIMIT": "10"}
    whole = {**os.environ, **variables, **environ}
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM), way],
        env=whole,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        found = Running(process, path)
        assert found.line() == "limit 10"
        yield found
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.mark.parametrize("way", ["plain", "fork", "thread"])
def test_a_process_follows_its_file(way: str, tmp_path: Path) -> None:
    """At the interval, in a forked child too, and when it was armed in a thread."""
    with running(way, tmp_path, environ={"DISCREET_RELOAD_INTERVAL": "1"}) as program:
        program.change(20)
        assert program.line() == "limit 20"
        program.change(99)
        assert program.line() == "limit 99"
        assert program.process.wait(60) == 0


def test_a_child_forked_while_the_lock_is_held_follows_too(tmp_path: Path) -> None:
    """The thread that held it is not there to give it back."""
    with running("blocked", tmp_path, environ={"DISCREET_RELOAD_INTERVAL": "1"}) as program:
        program.change(99)
        assert program.line() == "limit 99"


def test_hanging_up_reloads(tmp_path: Path) -> None:
    """Without a terminal and without a handler of anybody's, and with no interval: each time, and nothing by itself."""
    with running("plain", tmp_path, environ=HANGS_UP) as program:
        for limit in (20, 30, 99):
            program.change(limit)
            program.hang_up()
            assert program.line() == f"limit {limit}"
        assert program.process.wait(60) == 0


def test_an_interval_of_nothing_is_not_the_end(tmp_path: Path) -> None:
    """A reload that sets it to 0 ends the looking until another one sets it again."""
    with running("plain", tmp_path, environ={}) as program:
        path = tmp_path / "discreet.json"
        path.write_text('{"cardinality_limit": 20, "reload_interval": 0}')
        program.hang_up()
        assert program.line() == "limit 20"
        path.write_text('{"cardinality_limit": 30, "reload_interval": 1}')
        program.hang_up()
        assert program.line() == "limit 30"
        path.write_text('{"cardinality_limit": 99, "reload_interval": 1}')
        assert program.line() == "limit 99"


@pytest.mark.parametrize(
    ("way", "variables", "file"),
    [
        ("plain", {"DISCREET_RELOAD_ON_HANGUP": "never"}, True),
        ("plain", {}, False),
        ("thread", {}, True),
    ],
    ids=["never", "no file", "armed in a thread"],
)
def test_elsewhere_it_ends_the_process_as_ever(way: str, variables: dict[str, str], file: bool, tmp_path: Path) -> None:
    """Where we are told to leave it, where there is nothing to reload, and where it cannot be set."""
    with running(way, tmp_path, file=file, environ={**HANGS_UP, **variables}) as program:
        program.hang_up()
        assert program.process.wait(60) == -signal.SIGHUP


def test_what_is_ignored_stays_so(tmp_path: Path) -> None:
    """As under nohup: whoever always wants a reload by it does not get one either, and the process goes on."""
    variables = {"DISCREET_RELOAD_ON_HANGUP": "always", "DISCREET_RELOAD_INTERVAL": "1"}
    with running("ignored", tmp_path, environ=variables) as program:
        program.hang_up()
        program.change(99)
        assert program.line() == "limit 99"
        assert program.process.wait(60) == 0


@pytest.mark.parametrize(
    ("way", "when", "both"),
    [("own-before", "auto", False), ("own-after", "auto", False), ("own-before", "always", True)],
)
def test_a_handler_of_the_apps_is_called_as_ever(way: str, when: str, both: bool, tmp_path: Path) -> None:
    """Nothing is reloaded by it unless that is asked for; then both happen."""
    with running(way, tmp_path, environ={**HANGS_UP, "DISCREET_RELOAD_ON_HANGUP": when}) as program:
        program.change(99)
        program.hang_up()
        assert program.line() == "own handler"
        if both:
            assert program.line() == "limit 99"
        else:
            program.hang_up()
            assert program.line() == "own handler"


@pytest.mark.parametrize(("when", "ends"), [("auto", True), ("always", False)])
def test_a_process_at_a_terminal_ends_with_it(when: str, ends: bool, tmp_path: Path) -> None:
    """There SIGHUP says that the terminal is gone; it reloads only where that is asked for."""
    path = tmp_path / "discreet.json"
    path.write_text('{"cardinality_limit": 10}')
    environ = {**os.environ, **HANGS_UP, "DISCREET_CONFIG": str(path), "DISCREET_RELOAD_ON_HANGUP": when}
    pid, terminal = pty.fork()
    if not pid:
        os.execve(sys.executable, [sys.executable, str(PROGRAM), "plain"], environ)
    with os.fdopen(terminal, "rb", buffering=0) as screen:
        assert screen.readline().strip() == b"limit 10"
        path.write_text('{"cardinality_limit": 99}')
        os.kill(pid, signal.SIGHUP)
        if not ends:
            assert screen.readline().strip() == b"limit 99"
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert status == (-signal.SIGHUP if ends else 0)
