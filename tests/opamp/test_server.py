"""A process and a real OpAMP server, that of opamp-go: what is reported, taken and refused, and what is outlasted."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from discreet.testing import OtlpReceiver
from tests.opamp.server import Agent, Server
from tests.pipeline.launching import BIN, environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

HERE = Path(__file__).parent
SERVED = HERE.parent / "autolaunch"
TOKEN = "Bearer synthetic-opamp-token-0001"
EMAIL = "zoe.canary@example.org"
KEEP = {"DISCREET_ACTIONS": "email=keep"}
TIGHTER = "actions: {email: redact}\n"


class App:
    """The running app, asked one thing after another."""

    def __init__(self, process: subprocess.Popen[str], written: IO[str]) -> None:
        self.process, self._written = process, written

    def said(self) -> str:
        """Give what it wrote to standard error until now."""
        self._written.seek(0)
        return self._written.read()

    def wait_until_said(self, words: str) -> None:
        """Wait for words on standard error."""
        end = time.monotonic() + 60
        while words not in self.said():
            assert time.monotonic() < end, self.said()
            time.sleep(0.05)

    def ask(self, line: str) -> str:
        """Give what the app answers."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def end(self) -> str:
        """Let it end, and give what it wrote to standard error."""
        self.process.communicate(timeout=30)
        return self.said()


@contextlib.contextmanager
def app(endpoint: str, **variables: str) -> Iterator[App]:
    """Start the app, reporting to a server, with these variables."""
    given = {"DISCREET_OPAMP_ENDPOINT": endpoint, "DISCREET_OPAMP_INTERVAL": "1", **variables}
    with tempfile.TemporaryFile("w+") as written:
        process = subprocess.Popen(
            [sys.executable, str(HERE / "app.py")],
            env={"PATH": str(BIN), **given},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=written,
            text=True,
        )
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield App(process, written)
        finally:
            process.kill()
            process.communicate()


def reported(agent: Agent) -> bool:
    """Say whether an agent has reported everything."""
    return bool(agent.options) and bool(agent.attributes)


def test_a_process_says_who_it_is_and_how_it_does(server: Server) -> None:
    """Attributes of its resource, redacted, and its process; capabilities; health by signal; with the headers given."""
    resource = f"service.version=1.2,service.instance.id=abc,host.name={EMAIL}"
    headers = f"authorization={TOKEN.replace(' ', '%20')}"
    with app(server.endpoint, OTEL_RESOURCE_ATTRIBUTES=resource, DISCREET_OPAMP_HEADERS=headers) as running:
        agent = server.wait_for_one(reported)
        said = agent.attributes
        assert {name: said[name] for name in ("service.name", "service.version", "service.instance.id")} == {
            "service.name": "orders",
            "service.version": "1.2",
            "service.instance.id": "abc",
        }
        assert said["host.name"] == "[REDACTED:email]"
        assert agent.pid == running.process.pid
        # OpAMP specification, AgentCapabilities: status, remote configuration taken, effective configuration reported,
        # health, status of the remote configuration, heartbeats.
        assert int(agent.state["capabilities"]) == 0x1 | 0x2 | 0x4 | 0x800 | 0x1000 | 0x2000
        health = agent.state["health"]
        assert health["healthy"] is True
        assert {name: part["healthy"] for name, part in health["componentHealthMap"].items()} == dict.fromkeys(
            ("guard/span", "guard/log", "guard/metric", "guard/headers", "guard/output"), True
        )
        assert agent.headers["Authorization"] == [TOKEN]
        assert "synthetic-opamp-token" not in str(agent.options)
        assert agent.options["opamp_headers"] == {"value": "(set)", "from": "DISCREET_OPAMP_HEADERS"}


def test_what_is_wrong_shows_in_the_health(server: Server) -> None:
    """A wrong variable makes the process unhealthy, in the words of its problem, without the value."""
    with app(server.endpoint, DISCREET_DETECTORS="hunter2"):
        health = server.wait_for_one(reported).state["health"]
    assert "healthy" not in health  # false is the default, which JSON leaves out
    assert health["lastError"].startswith("DISCREET_DETECTORS: unknown detector (the name at place 1)")
    assert "hunter2" not in str(health)


def test_what_the_server_tightens_is_in_force(server: Server) -> None:
    """What was kept locally is redacted, without a restart; origins say so; taken back, the local sources count."""
    with app(server.endpoint, **KEEP) as running:
        server.wait_for_one(reported)
        assert running.ask(f"redact {EMAIL}") == EMAIL
        server.offer(TIGHTER)
        agent = server.wait_for_one(lambda agent: agent.status == "APPLIED")
        assert running.ask(f"redact {EMAIL}") == "[REDACTED:email]"
        agent = server.wait_for_one(lambda agent: agent.options["actions"]["value"] == {"email": "redact"})
        assert agent.options["actions"]["from"] == "OpAMP:1: actions"
        statuses = [message.get("remoteConfigStatus", {}).get("status", "") for message in agent.messages]
        assert [status.removeprefix("RemoteConfigStatuses_") for status in statuses if status] == [
            "APPLYING",
            "APPLIED",
        ]
        server.withdraw()
        server.wait_for_one(lambda agent: agent.options["actions"]["from"] == "DISCREET_ACTIONS")
        assert running.ask(f"redact {EMAIL}") == EMAIL
        assert "Traceback" not in running.end()


@pytest.mark.parametrize(
    ("body", "kind", "error"),
    [
        (
            "actions: {email: drop, card: keep}\n",
            "text/yaml",
            "OpAMP:1: actions: may only be tightened by a remote: card",
        ),
        ('{"output": false}', "application/json", "OpAMP:1: output: may only be tightened by a remote"),
        ("opamp_may_loosen: true\n", "", "OpAMP:1: opamp_may_loosen: is not taken from a remote"),
        ("actions: [\n", "text/yaml", "OpAMP:2: is not YAML"),
        ("honeytokens: file:/etc/hostname\n", "", "OpAMP:1: honeytokens: refers to a variable or file of this process"),
    ],
)
def test_what_loosens_or_is_wrong_is_refused(server: Server, body: str, kind: str, error: str) -> None:
    """As a whole, with the reason; what was taken before stays in force, and the app runs on."""
    with app(server.endpoint, **KEEP) as running:
        server.offer(TIGHTER)
        server.wait_for_one(lambda agent: agent.status == "APPLIED")
        server.offer(body, kind=kind)
        agent = server.wait_for_one(lambda agent: agent.status == "FAILED")
        assert agent.error.startswith(error)
        assert running.ask(f"redact {EMAIL} 4111111111111111") == "[REDACTED:email] [REDACTED:card]"
        assert f"ERROR discreet: {error}" in running.end()


def test_the_local_sources_may_let_it_loosen(server: Server) -> None:
    """Only they: ``opamp_may_loosen``."""
    with app(server.endpoint, DISCREET_OPAMP_MAY_LOOSEN="true") as running:
        server.offer("actions: {email: keep}\n", name="")
        server.wait_for_one(lambda agent: agent.status == "APPLIED")
        assert running.ask(f"redact {EMAIL}") == EMAIL


def test_the_end_of_a_process_is_said(server: Server) -> None:
    """By ``agent_disconnect``, with the last message."""
    with app(server.endpoint) as running:
        server.wait_for_one(reported)
        running.end()
        assert running.process.returncode == 0
        server.wait_for_one(lambda agent: agent.is_gone)


def test_an_outage_is_said_once_and_outlasted(server: Server, binary: str) -> None:
    """What the server gave stays in force; one that knows nothing any more is told everything anew."""
    with app(server.endpoint, **KEEP) as running:
        server.offer(TIGHTER)
        first = server.wait_for_one(lambda agent: agent.status == "APPLIED")
        server.stop()
        running.wait_until_said("the OpAMP server cannot be reached")
        assert running.ask(f"redact {EMAIL}") == "[REDACTED:email]"
        anew = Server(binary, server.address)
        try:
            agent = anew.wait_for_one(reported)
            assert agent.state["instanceUid"] == first.state["instanceUid"]
            assert agent.status == "APPLIED"
            assert running.ask(f"redact {EMAIL}") == "[REDACTED:email]"
            said = running.end()
        finally:
            anew.stop()
    assert [line[:48] for line in said.splitlines()] == [
        "INFO discreet: the OpAMP server's configuration is in force"[:48],
        "WARNING discreet: the OpAMP server cannot be reached"[:48],
        "INFO discreet: the OpAMP server answers again"[:48],
    ]


def test_a_server_that_is_not_there_holds_nothing_up() -> None:
    """The app starts, works and ends; one line says so, however often it is tried."""
    with socket.socket() as taken:  # bound, but not listening: connections are refused
        taken.bind(("127.0.0.1", 0))
        with app(f"http://127.0.0.1:{taken.getsockname()[1]}/v1/opamp") as running:
            assert running.ask(f"redact {EMAIL}") == "[REDACTED:email]"
            running.wait_until_said("cannot be reached")
            time.sleep(3)  # it is tried again after one second, and after two
            (line,) = running.end().splitlines()
    assert running.process.returncode == 0
    assert line.startswith("WARNING discreet: the OpAMP server cannot be reached (ConnectionError)")


def test_no_span_is_made_of_it(server: Server) -> None:
    """Although the library that the client calls by is instrumented."""
    with app(server.endpoint) as running:
        server.wait_for_one(lambda agent: len(agent.messages) > 2)
        assert running.ask("spans") == ""


def test_a_forked_child_is_an_agent_of_its_own(server: Server) -> None:
    """With its own id and process; it has what its parent took, and its end says nothing of its parent's."""
    with app(server.endpoint, **KEEP) as running:
        server.offer(TIGHTER)
        server.wait_for_one(lambda agent: agent.status == "APPLIED")
        child = int(running.ask("fork"))
        agents = server.wait(lambda agents: [agent.status for agent in agents] == ["APPLIED"] * 2)
        assert {agent.pid for agent in agents} == {running.process.pid, child}
        assert len({agent.state["instanceUid"] for agent in agents}) == 2
        running.end()
        gone = server.wait(lambda agents: all(agent.is_gone for agent in agents))
        assert [sum("agentDisconnect" in message for message in agent.messages) for agent in gone] == [1, 1]


WORKERS: dict[str, tuple[int, list[str]]] = {
    # The supervisor, two workers, and the process by which multiprocessing cleans up.
    "uvicorn": (
        4,
        [
            *("uvicorn", "served:app", "--app-dir", str(SERVED), "--workers", "2"),
            *("--timeout-worker-healthcheck", "60", "--port"),
        ],
    ),
    "gunicorn that preloads": (
        3,
        [
            *("gunicorn", "served:app", "--chdir", str(SERVED), "--workers", "2", "--preload"),
            *("--worker-class", "uvicorn.workers.UvicornWorker", "--bind"),
        ],
    ),
}
"""How many processes a server is, all under ``opentelemetry-instrument``, and how it is started."""


@pytest.mark.parametrize("shape", WORKERS)
def test_every_worker_takes_what_is_offered(server: Server, shape: str) -> None:
    """Each process reports under its own id, and has what is offered in force."""
    number, module = WORKERS[shape]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = {"DISCREET_OPAMP_ENDPOINT": server.endpoint, "DISCREET_OPAMP_INTERVAL": "1", **KEEP}
    server.offer(TIGHTER)
    with OtlpReceiver() as receiver:
        process = subprocess.Popen(
            [
                *(str(BIN / "opentelemetry-instrument"), sys.executable, "-m", *module),
                f"127.0.0.1:{port}" if module[-1] == "--bind" else str(port),
            ],
            env=environment(receiver, given),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            agents = server.wait(lambda agents: len(agents) == number and all(a.status == "APPLIED" for a in agents))
            assert len({agent.pid for agent in agents}) == number
            server.wait(lambda agents: all(a.options["actions"]["value"] == {"email": "redact"} for a in agents))
            process.send_signal(signal.SIGTERM)
            said = process.communicate(timeout=60)[0]
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    assert "Traceback" not in said
