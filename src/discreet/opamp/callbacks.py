"""What is done with the server's answers, and said of its silence."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Any, Final

from opentelemetry._opamp.callbacks import MessageData, OpAMPCallbacks
from opentelemetry._opamp.proto import opamp_pb2

from discreet.opamp.client import CHANGES, HeldError
from discreet.policy.offered import offered

if TYPE_CHECKING:
    from opentelemetry._opamp.agent import OpAMPAgent

    from discreet.opamp.reports import Process

_logger = logging.getLogger("discreet")
_LONGEST_HOLD: Final = 3600  # seconds
_NANO: Final = 1e9


class Callbacks(OpAMPCallbacks):
    """Puts what the server offers in force, and says once when it falls silent and once when it is back.

    Attributes:
        connected: Whether the server took the last message.
    """

    def __init__(self, process: Process) -> None:
        self._process = process
        self._down = False
        self.connected = False

    def on_connect_failed(self, agent: OpAMPAgent, client: Any, error: Exception) -> None:  # noqa: ARG002 - as called
        """Say that the server cannot be reached, once in an outage, and wait as long as it asks for."""
        if isinstance(error, HeldError):
            return
        cause = error.__cause__ or error
        answer = getattr(cause, "response", None)
        self._fail(type(cause).__name__ if answer is None else f"HTTP {answer.status_code}")
        if answer is not None:
            with contextlib.suppress(ValueError):  # a date; the interval is patience enough then
                client.hold(min(float(answer.headers.get("Retry-After", 0)), _LONGEST_HOLD))

    def on_error(self, agent: OpAMPAgent, client: Any, error_response: Any) -> None:  # noqa: ARG002 - as called
        """Say that the server refuses what it is sent, once, and wait as long as it asks for."""
        client.forget()
        self._fail(opamp_pb2.ServerErrorResponseType.Name(error_response.type))
        client.hold(min(error_response.retry_info.retry_after_nanoseconds / _NANO, _LONGEST_HOLD))

    def on_message(self, agent: OpAMPAgent, client: Any, message: MessageData) -> None:
        """Put what is offered in force, unless it is what was offered before."""
        if self._down:
            _logger.info("discreet: the OpAMP server answers again")
        self._down, self.connected = False, True
        remote = message.remote_config
        if remote is None or remote.config_hash == client.offered:
            return
        client.offered, client.applying = remote.config_hash, True
        with contextlib.suppress(Exception):
            client.send(CHANGES)
        try:
            files = {name: (file.body, file.content_type) for name, file in remote.config.config_map.items()}
            self._process.take(offered(files))
        finally:
            client.applying = False
            agent.send(client.build_heartbeat_message(), max_retries=0)

    def _fail(self, reason: str) -> None:
        self.connected = False
        if not self._down:
            self._down = True
            _logger.warning(
                "discreet: the OpAMP server cannot be reached (%s); the configuration in force stays, and it is tried "
                "again at each heartbeat. Check opamp_endpoint and opamp_headers.",
                reason,
            )
