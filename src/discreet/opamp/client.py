"""The standard client of OpAMP, as this process uses it: each message is made when it is sent, of what changed since.

Loaded only where an OpAMP server is configured, as `requests` and protobuf come with it.
"""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any, Final

import requests
from opentelemetry._opamp import messages
from opentelemetry._opamp.client import OpAMPClient
from opentelemetry._opamp.proto import opamp_pb2
from opentelemetry._opamp.transport.requests import RequestsTransport

from discreet.opamp.reports import clean, description, said

if TYPE_CHECKING:
    from discreet.opamp.reports import Process
    from discreet.policy.opamp import Server

FULL: Final = "full"
CHANGES: Final = "changes"
DISCONNECT: Final = "disconnect"
"""What a message is to say; it is made of what is so when it is sent."""

TIMEOUT: Final = 2_000
"""Milliseconds to wait for a connection, and for each part of an answer."""

_FIELDS: Final = ("agent_description", "health", "effective_config", "remote_config_status")
_CAPABILITIES: Final = (
    opamp_pb2.AgentCapabilities_ReportsStatus
    | opamp_pb2.AgentCapabilities_ReportsHeartbeat
    | opamp_pb2.AgentCapabilities_ReportsHealth
    | opamp_pb2.AgentCapabilities_ReportsEffectiveConfig
    | opamp_pb2.AgentCapabilities_AcceptsRemoteConfig
    | opamp_pb2.AgentCapabilities_ReportsRemoteConfig
)


class HeldError(Exception):
    """Raised in place of sending while the server asked for patience, and once the link has ended."""


class Client(OpAMPClient):
    """Makes and sends the messages of one process. All but `hold` and `end` is called on the agent's worker.

    Attributes:
        offered: The hash of what the server offered last, None until it does.
        applying: Whether that is being put in force.
    """

    def __init__(self, server: Server, process: Process) -> None:
        session = requests.Session()
        session.max_redirects = 0  # the headers are for this server
        session.auth = _as_it_is
        super().__init__(
            endpoint=server.endpoint,
            headers=dict(server.headers),
            timeout_millis=TIMEOUT,
            agent_identifying_attributes={},
            capabilities=_CAPABILITIES,
            transport=RequestsTransport(session),
        )
        self._process = process
        self._started = time.time_ns()
        self._reported: dict[str, Any] = {}
        self._held_until = 0.0
        self._ended = False
        self.offered: bytes | None = None
        self.applying = False

    def build_full_state_message(self) -> Any:
        """Have all said anew."""
        return FULL

    def build_heartbeat_message(self) -> Any:
        """Have said what changed, if anything did."""
        return CHANGES

    def build_agent_disconnect_message(self) -> Any:
        """Have said that this process ends."""
        return DISCONNECT

    def send(self, data: Any) -> Any:
        """Send what is to be said, and give the server's answer.

        Raises:
            HeldError: When nothing may be sent now.
            OpAMPException: When the server did not take it; the next message says all anew.
        """
        if self._ended or time.monotonic() < self._held_until:
            raise HeldError
        message = opamp_pb2.AgentToServer(
            instance_uid=self._instance_uid, sequence_num=self._sequence_num, capabilities=self._capabilities
        )
        if data == DISCONNECT:
            self._ended = True
            message.agent_disconnect.SetInParent()
        said_now = {} if data == DISCONNECT else self._state()
        for name, value in said_now.items():
            if data == FULL or self._reported.get(name) != value:
                getattr(message, name).CopyFrom(value)
        self._reported = {}  # until the server is known to have got it
        answer = super().send(messages.encode_message(message))
        self._reported = said_now
        return answer

    def forget(self) -> None:
        """Have all said anew with the next message."""
        self._reported = {}

    def hold(self, seconds: float) -> None:
        """Send nothing for so long."""
        self._held_until = time.monotonic() + seconds

    def end(self) -> None:
        """Send nothing any more."""
        self._ended = True

    def _state(self) -> dict[str, Any]:
        made = {name: getattr(self, f"_{name}_now")() for name in _FIELDS}
        return {name: value for name, value in made.items() if value is not None}

    def _agent_description_now(self) -> Any:
        found = description(self._process.resource(), str(uuid.UUID(bytes=self._instance_uid)))
        return messages.build_agent_description(found.identifying, found.describing)

    def _health_now(self) -> Any:
        problems = self._process.problems()
        health = opamp_pb2.ComponentHealth(
            healthy=not problems,
            start_time_unix_nano=self._started,
            last_error=said(problems),
            status="policy in force" if not problems else "see last_error",
        )
        for signal, guarded in self._process.signals().items():
            part = health.component_health_map[f"guard/{signal}"]
            part.healthy, part.status = guarded, "guarded" if guarded else "not guarded"
        return health

    def _effective_config_now(self) -> Any:
        return messages.build_effective_config_message(
            {"discreet": clean(self._process.effective())}, "application/json"
        )

    def _remote_config_status_now(self) -> Any:
        if self.offered is None:
            return None
        refused = self._process.refused()
        status = (
            opamp_pb2.RemoteConfigStatuses_APPLYING
            if self.applying
            else opamp_pb2.RemoteConfigStatuses_FAILED
            if refused
            else opamp_pb2.RemoteConfigStatuses_APPLIED
        )
        return messages.build_remote_config_status_message(self.offered, status, "" if self.applying else said(refused))


def _as_it_is(request: Any) -> Any:
    """Leave a request as it is: `requests` would put what ``~/.netrc`` says in the place of our headers."""
    return request
