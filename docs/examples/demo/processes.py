"""Servers as child processes: a free port, a start that waits until the port answers, a stop that is certain."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 40
STOP_SECONDS = 15


class ServerError(Exception):
    """A server ended, or did not answer in time; the message holds the end of what it printed."""


def free_ports() -> tuple[int, int]:
    """Give two loopback ports that nobody listens on."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


@contextmanager
def server(command: Sequence[str | Path], port: int, output: Path, variables: Mapping[str, str]) -> Iterator[None]:
    """Run a server until the block ends.

    Args:
        command: The program and its arguments.
        port: The loopback port it is going to listen on.
        output: The file that takes what it prints.
        variables: Added to the environment; variables of OpenTelemetry, Discreet and the clinic are not inherited.
    """
    own = ("OTEL_", "DISCREET_", "CLINIC_", "PYTHON")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    with output.open("wb") as sink:
        process = subprocess.Popen(
            command, cwd=output.parent, env={**environment, **variables}, stdout=sink, stderr=subprocess.STDOUT
        )
        try:
            _wait_until_up(process, port, output)
            yield
        finally:
            _stop(process)


def _wait_until_up(process: subprocess.Popen[bytes], port: int, output: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(port):
        if process.poll() is not None:
            raise ServerError(f"server ended with status {process.returncode}:\n{_tail(output)}")
        if time.monotonic() > deadline:
            raise ServerError(f"server did not listen within {START_SECONDS} s:\n{_tail(output)}")
        time.sleep(0.05)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stop it as Ctrl-C does: after SIGTERM, uvicorn ends without the exit handlers that flush telemetry."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _tail(output: Path) -> str:
    return output.read_text(errors="replace")[-3000:]
