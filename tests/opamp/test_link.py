"""The link and servers that behave badly, without a real one: they refuse, redirect, fall silent, ask for patience."""

from __future__ import annotations

import contextlib
import logging
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry._opamp.callbacks import MessageData
from opentelemetry._opamp.proto import opamp_pb2
from opentelemetry._opamp.transport.exceptions import OpAMPException
from opentelemetry.sdk.resources import Resource

from discreet.opamp import Link, Process, link
from discreet.opamp.callbacks import Callbacks
from discreet.opamp.client import CHANGES, DISCONNECT, FULL, Client, HeldError
from discreet.opamp.reports import description
from discreet.policy import Problem
from discreet.policy.opamp import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADERS = (("x-api-key", "synthetic-key-0001"),)
BAD = Problem("OpAMP:1: actions", "is wrong", "Mend it")


class Answering(ThreadingHTTPServer):
    """Answers each message with the next answer of a list, the last one for ever.

    Attributes:
        answers: Status, headers and message of each.
        got: The messages.
        headers: Those of each request.
        gate: Holds answers back while it is not set.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[tuple[int, dict[str, str], opamp_pb2.ServerToAgent]] = [(200, {}, _message())]
        self.got: list[opamp_pb2.AgentToServer] = []
        self.headers: list[Any] = []
        self.gate = threading.Event()
        self.gate.set()

    @property
    def endpoint(self) -> str:
        """Its URL."""
        return f"http://127.0.0.1:{self.server_port}/v1/opamp"


class _Handler(BaseHTTPRequestHandler):
    server: Answering

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(opamp_pb2.AgentToServer.FromString(body))
        self.server.headers.append(self.headers)
        answers = self.server.answers
        status, headers, message = answers.pop(0) if len(answers) > 1 else answers[0]
        self.server.gate.wait(30)
        with contextlib.suppress(OSError):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(message.SerializeToString())

    def log_message(self, *_: Any) -> None:
        """Write nothing."""


def _message(**fields: Any) -> opamp_pb2.ServerToAgent:
    return opamp_pb2.ServerToAgent(**fields)


@pytest.fixture
def answering() -> Iterator[Answering]:
    """A server, and its address."""
    with Answering() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.gate.set()
        server.shutdown()


class Told:
    """A process that notes what it is to take."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.wrong: tuple[Problem, ...] = ()
        self.resource = Resource({"service.name": "orders", "host.name": "zoe@example.org", "host.ip": ["10.0.0.1"]})

    def take(self, offered: Any) -> tuple[Problem, ...]:
        """Note what is offered."""
        self.taken.append(offered)
        return self.wrong

    def process(self) -> Process:
        """Give what the link asks."""
        return Process(
            resource=lambda: self.resource,
            effective=lambda: {"options": {"classify": {"value": [{"attribute": "user=zoe@example.org"}]}}},
            problems=lambda: self.wrong,
            signals=lambda: {"span": True},
            take=self.take,
            refused=lambda: self.wrong,
        )


def client_of(answering: Answering, told: Told | None = None) -> Client:
    """Give a client of a server."""
    return Client(Server(answering.endpoint, HEADERS, 30), (told or Told()).process())


class Agent:
    """Stands for the agent's queue."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def send(self, payload: Any, **_: Any) -> None:
        """Note what is to be said."""
        self.sent.append(payload)


def test_a_message_says_what_changed_since_the_last_one_that_arrived(answering: Answering) -> None:
    """Everything at first, nothing where nothing changed, and everything after one that was lost."""
    told = Told()
    client = client_of(answering, told)
    answering.answers = [(status, {}, _message()) for status in (200, 200, 200, 503, 200)]
    client.send(FULL)
    client.send(CHANGES)
    told.wrong = (BAD,)
    client.send(CHANGES)
    with pytest.raises(OpAMPException):
        client.send(CHANGES)
    client.send(CHANGES)
    says = [{field.name for field, _ in message.ListFields()} for message in answering.got]
    always = {"instance_uid", "capabilities", "sequence_num"}
    everything = {"agent_description", "health", "effective_config"}
    assert [names - always for names in says] == [everything, set(), {"health"}, set(), everything]
    assert [message.sequence_num for message in answering.got] == [0, 1, 2, 3, 4]
    assert answering.got[2].health.last_error == "OpAMP:1: actions: is wrong. Mend it"


def test_what_is_reported_is_redacted(answering: Answering) -> None:
    """The effective configuration and the description hold nothing that records may not."""
    client_of(answering).send(FULL)
    assert b"zoe@example.org" not in answering.got[0].SerializeToString()
    assert "user=[REDACTED:email]" in answering.got[0].effective_config.config_map.config_map["discreet"].body.decode()


def test_an_agent_has_an_id_where_the_resource_has_none() -> None:
    """Its own; lists are left out, as the client cannot write them."""
    found = description(Told().resource, "the-instance")
    assert found.identifying == {"service.name": "orders", "service.instance.id": "the-instance"}
    assert sorted(found.describing) == ["host.name", "process.pid"]


def test_a_redirect_is_not_followed(answering: Answering) -> None:
    """The headers are for the server that is configured."""
    with Answering() as other:
        answering.answers = [(307, {"Location": other.endpoint}, _message())]
        with pytest.raises(OpAMPException):
            client_of(answering).send(FULL)
        assert other.got == []
    assert answering.headers[0]["x-api-key"] == "synthetic-key-0001"


def test_netrc_does_not_replace_the_headers(
    answering: Answering, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`requests` reads it for every host, and lets it win."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password hunter2\n")
    monkeypatch.setenv("NETRC", str(netrc))
    told = Told()
    Client(Server(answering.endpoint, (("authorization", "Bearer synthetic"),), 30), told.process()).send(FULL)
    assert answering.headers[0]["authorization"] == "Bearer synthetic"


@pytest.mark.parametrize(
    "answer",
    [
        (429, {"Retry-After": "60"}, _message()),
        (503, {"Retry-After": "60"}, _message()),
        (
            200,
            {},
            _message(
                error_response=opamp_pb2.ServerErrorResponse(
                    type=opamp_pb2.ServerErrorResponseType_Unavailable,
                    retry_info=opamp_pb2.RetryInfo(retry_after_nanoseconds=60 * 10**9),
                )
            ),
        ),
    ],
)
def test_a_server_that_asks_for_patience_gets_it(
    answering: Answering, answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is sent meanwhile, and one line says why."""
    answering.answers = [answer]
    client, callbacks = client_of(answering), Callbacks(Told().process())
    try:
        given = client.send(FULL)
    except OpAMPException as error:
        callbacks.on_connect_failed(None, client, error)  # type: ignore[arg-type]
    else:
        callbacks.on_error(None, client, given.error_response)  # type: ignore[arg-type]
    for _ in range(3):
        with pytest.raises(HeldError) as held:
            client.send(CHANGES)
        callbacks.on_connect_failed(None, client, held.value)  # type: ignore[arg-type]
    assert len(answering.got) == 1
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_a_configuration_is_taken_once(answering: Answering) -> None:
    """The same hash again is nothing new; the status says that it is put in force, and then what came of it."""
    told = Told()
    client, callbacks, agent = client_of(answering, told), Callbacks(told.process()), Agent()
    files = opamp_pb2.AgentConfigMap()
    files.config_map["discreet"].body = b"strict: true\n"
    remote = opamp_pb2.AgentRemoteConfig(config=files, config_hash=b"1")
    told.wrong = (BAD,)
    for _ in range(2):
        callbacks.on_message(agent, client, MessageData(remote))  # type: ignore[arg-type]
    client.send(agent.sent.pop())
    assert (len(told.taken), agent.sent) == (1, [])
    statuses = [message.remote_config_status for message in answering.got]
    assert [(status.status, status.error_message) for status in statuses] == [
        (opamp_pb2.RemoteConfigStatuses_APPLYING, ""),
        (opamp_pb2.RemoteConfigStatuses_FAILED, "OpAMP:1: actions: is wrong. Mend it"),
    ]
    assert {status.last_remote_config_hash for status in statuses} == {b"1"}


def test_nothing_is_sent_after_the_end(answering: Answering) -> None:
    """The farewell is the last message."""
    client = client_of(answering)
    client.send(DISCONNECT)
    with pytest.raises(HeldError):
        client.send(CHANGES)
    assert answering.got[0].HasField("agent_disconnect")


def test_the_end_waits_for_no_server(answering: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that falls silent is given up on, and the threads end."""
    monkeypatch.setattr(link, "FAREWELL", 0.1)
    told = Told()
    linked = Link(Server(answering.endpoint, HEADERS, 1), told.process())
    assert linked.begin() is None
    assert linked.begin() is None  # once only
    _wait(lambda: len(answering.got) > 1)
    answering.gate.clear()
    _wait(lambda: len(answering.got) > 2)
    linked.end()
    linked.end()
    answering.gate.set()
    _wait(lambda: _agents() == 0)


def _agents() -> int:
    return sum(thread.name.startswith("OpAMPAgent") for thread in threading.enumerate())


def _wait(holds: Any) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_missing_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it; the app runs on."""
    monkeypatch.setitem(sys.modules, "opentelemetry._opamp.agent", None)
    problem = Link(Server("http://127.0.0.1:1", (), 30), Told().process()).begin()
    assert str(problem) == "opamp_endpoint: needs a package that is not installed. pip install 'discreet[opamp]'"


def test_without_an_endpoint_nothing_is_loaded() -> None:
    """Neither the client nor `requests`; nor is there a thread of it."""
    program = (
        "import sys, threading, discreet\n"
        "discreet.configure(exporters=['none'], instrument=False)\n"
        "print([name for name in ('requests', 'opentelemetry._opamp', 'discreet.opamp') if name in sys.modules],\n"
        "      [thread.name for thread in threading.enumerate() if 'OpAMP' in thread.name])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env={})
    assert (done.stdout, done.stderr) == ("[] []\n", "")
