"""Servers as child processes: free ports, a start that waits until the server is ready, a stop that is certain."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

START_SECONDS = 30
STOP_SECONDS = 10


class ServerError(Exception):
    """A server ended, or was not ready in time; the message holds the end of what it printed."""


def free_ports(count: int) -> list[int]:
    """Give loopback ports that nobody listens on, all different."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


@contextmanager
def server(
    command: Sequence[str | Path], ready_url: str, output: Path, variables: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a server until the block ends; the block begins once `ready_url` answers.

    Args:
        command: The program and its arguments; it runs in the folder of `output`.
        ready_url: Answered with a status below 500 when the server is ready.
        output: The file that takes what it prints.
        variables: Added to the environment; variables of OpenTelemetry and Discreet are not inherited.

    Raises:
        ServerError: It ended at once, or was not ready in time.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("OTEL_", "DISCREET_"))}
    with output.open("wb") as sink:
        process = subprocess.Popen(  # noqa: S603 - our own servers
            command, cwd=output.parent, env={**inherited, **(variables or {})}, stdout=sink, stderr=subprocess.STDOUT
        )
        try:
            _wait_until_ready(process, ready_url, output)
            yield process
        finally:
            _stop(process)


def _wait_until_ready(process: "subprocess.Popen[bytes]", url: str, output: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers(url):
        if process.poll() is not None:
            raise ServerError(f"server ended with status {process.returncode}:\n{_tail(output)}")
        if time.monotonic() > deadline:
            raise ServerError(f"server was not ready within {START_SECONDS} s:\n{_tail(output)}")
        time.sleep(0.05)


def answers(url: str) -> bool:
    """Tell whether a server answers there, with anything but a server error."""
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own loopback servers
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500  # noqa: PLR2004
    except OSError:
        return False


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _tail(output: Path) -> str:
    return output.read_text(errors="replace")[-3000:]
