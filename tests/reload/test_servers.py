"""Each worker of a real server follows the file, while requests are answered; SIGHUP means what it meant before."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from discreet.testing import OtlpReceiver
from tests.pipeline.launching import BIN, environment

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
CONF = {"reload_interval": 1}
UVICORN = [
    "uvicorn",
    "served:app",
    "--app-dir",
    str(HERE),
    "--workers",
    "2",
    "--timeout-worker-healthcheck",
    "60",
    "--port",
]
GUNICORN = [
    "gunicorn", "served:app", "--chdir", str(HERE), "--worker-class", "uvicorn.workers.UvicornWorker",
    "--workers", "2", "--bind",
]  # fmt: skip


class Served:
    """A server with two workers, in a session of its own, as a service has it."""

    def __init__(self, url: str, process: subprocess.Popen[str], path: Path) -> None:
        self.url, self.process, self._path = url, process, path

    def write(self, limit: int, **options: object) -> None:
        """Write the configuration anew."""
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps({"cardinality_limit": limit, **CONF, **options}))
        beside.replace(self._path)

    def ask(self) -> tuple[int, int]:
        """Give the worker that answered, and the number of its policy."""
        with urllib.request.urlopen(self.url, timeout=20) as answer:
            told = json.load(answer)
        return told["pid"], told["limit"]

    def workers_with(self, limit: int) -> set[int]:
        """Wait until two workers answer, both by the policy of a number; give them."""
        found: dict[int, int] = {}
        for _ in range(2400):
            with contextlib.suppress(OSError):  # a server that restarts its workers
                pid, has = self.ask()
                found[pid] = has
            having = {pid for pid, has in found.items() if has == limit}
            if len(having) == 2:
                return having
            time.sleep(0.05)
        raise AssertionError(f"not by {limit}: {found}")


@contextlib.contextmanager
def serving(receiver: OtlpReceiver, module: list[str], folder: Path) -> Iterator[Served]:
    """Serve the application under ``opentelemetry-instrument`` with a file of configuration."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    path = folder / "discreet.json"
    path.write_text(json.dumps({"cardinality_limit": 10, **CONF}))
    where = f"127.0.0.1:{port}" if module[-1] == "--bind" else str(port)
    with (folder / "output").open("w") as output:
        process = subprocess.Popen(
            [str(BIN / "opentelemetry-instrument"), sys.executable, "-m", *module, where],
            env=environment(receiver, {"DISCREET_CONFIG": str(path), "OTEL_BLRP_SCHEDULE_DELAY": "200"}),
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    try:
        yield Served(f"http://127.0.0.1:{port}/", process, path)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_twenty_reloads_while_requests_run(tmp_path: Path) -> None:
    """Both workers of uvicorn have each policy, by the interval or by SIGHUP; no request fails, and nothing is raw."""
    stop, failed, answered = Event(), [], []
    with OtlpReceiver() as receiver, serving(receiver, UVICORN, tmp_path) as server:
        workers = server.workers_with(10)

        def asking() -> None:
            while not stop.is_set():
                try:
                    answered.append(server.ask())
                except Exception as error:
                    failed.append(repr(error))
                time.sleep(0.01)

        asker = Thread(target=asking)
        asker.start()
        try:
            for number in range(20):
                server.write(100 + number)
                for worker in workers if number % 2 else ():
                    os.kill(worker, signal.SIGHUP)
                assert server.workers_with(100 + number) == workers
            server.write(0)  # no such limit: refused, and all goes on
            time.sleep(2)
            assert server.workers_with(119) == workers
        finally:
            stop.set()
            asker.join()
        assert receiver.wait_for(lambda: receiver.contains("asked by [REDACTED:email]"), timeout=20)
        assert failed == []
        assert not receiver.contains("zoe.canary")
    assert len(answered) > 20
    told = (tmp_path / "output").read_text()
    assert told.count("(the configuration before stays in force)") >= 2
    assert "zoe.canary" not in told


@pytest.mark.parametrize(
    "module", [UVICORN, GUNICORN, [*GUNICORN[:-1], "--preload", "--bind"]], ids=["uvicorn", "gunicorn", "preload"]
)
def test_a_server_restarts_its_workers_by_hanging_up(module: list[str], tmp_path: Path) -> None:
    """The signal is the server's, as ever: others take the place of both workers, and have the new policy."""
    with OtlpReceiver() as receiver, serving(receiver, module, tmp_path) as server:
        before = server.workers_with(10)
        server.write(20)
        server.process.send_signal(signal.SIGHUP)
        for _ in range(100):
            after = server.workers_with(20)
            if not after & before:
                break
            time.sleep(0.1)
        assert not after & before
        server.write(30)
        assert server.workers_with(30) == after
        assert server.process.poll() is None
