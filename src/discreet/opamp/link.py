"""The link to the OpAMP server: threads of its own, anew in each forked child, that end in bounded time."""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
from threading import Event
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from discreet.policy import Problem

if TYPE_CHECKING:
    from discreet.opamp.reports import Process
    from discreet.policy.opamp import Server

FAREWELL: Final = 2.0
"""Seconds that the end of the process waits for the server to hear of it."""

_TRIES: Final = 4
"""Further tries to connect before heartbeats begin, after 1, 2, 4 and 8 seconds."""

_logger = logging.getLogger("discreet")


class _Running(NamedTuple):
    agent: Any
    client: Any
    callbacks: Any


class Link:
    """Reports to a server, and takes what it offers, until it is ended.

    Args:
        server: Which one.
        process: What is asked of this process.
    """

    def __init__(self, server: Server, process: Process) -> None:
        self._server, self._process = server, process
        self._running: _Running | None = None
        atexit.register(self.end)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._anew)

    def begin(self) -> Problem | None:
        """Start, unless it runs; give what is wrong where it cannot. Never raises, and does not wait for the server."""
        if self._running is not None:
            return None
        try:
            self._running = _started(self._server, self._process)
        except ImportError:
            return Problem("opamp_endpoint", "needs a package that is not installed", "pip install 'discreet[opamp]'")
        except Exception as error:  # no more threads, or another version of the client
            rule = f"cannot be used: the OpAMP client failed ({type(error).__name__})"
            return Problem("opamp_endpoint", rule, "pip install --upgrade 'discreet[opamp]'")
        return None

    def end(self) -> None:
        """Tell the server, if it is there, and end the threads; returns within some seconds whatever it does."""
        running, self._running = self._running, None
        if running is None:
            return
        with contextlib.suppress(Exception):
            if running.callbacks.connected:
                heard = Event()
                running.agent.send(running.client.build_agent_disconnect_message(), 0, heard.set)
                heard.wait(FAREWELL)
            running.client.end()
            running.agent.stop(timeout=0)

    def _anew(self) -> None:
        """Start in a forked child, as an agent of its own: the parent's threads are not there."""
        if self._running is not None:
            self._running = None
            problem = self.begin()
            if problem is not None:
                _logger.warning("discreet: %s", problem)


def _started(server: Server, process: Process) -> _Running:
    from opentelemetry._opamp.agent import OpAMPAgent

    from discreet.opamp.callbacks import Callbacks
    from discreet.opamp.client import Client

    # What it says is said once by our callbacks; it says it for each try, with the message.
    logging.getLogger("opentelemetry._opamp").setLevel(logging.CRITICAL)
    client, callbacks = Client(server, process), Callbacks(process)
    agent = OpAMPAgent(
        interval=server.interval, callbacks=callbacks, max_retries=_TRIES, heartbeat_max_retries=0, client=client
    )
    agent.start()
    atexit.unregister(agent.stop)  # it waits for its threads, and a child would say that its parent ends
    return _Running(agent, client, callbacks)
