"""The endpoints on a port of the loopback interface, for apps that are not ASGI: `health_port`."""

from __future__ import annotations

import contextlib
import logging
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from discreet.health.report import answer

_logger = logging.getLogger("discreet")
_HOST = "127.0.0.1"
_SLOWEST = 5.0  # seconds in which a client has to say what it wants


class _Handler(BaseHTTPRequestHandler):
    timeout = _SLOWEST

    def do_GET(self) -> None:
        found = answer(self.path.partition("?")[0])
        if found is None:
            self.send_error(404)
            return
        self.send_response(found.status)
        for name, value in found.headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(found.body)

    do_HEAD = do_GET  # noqa: N815 - the name that http.server asks for

    def version_string(self) -> str:
        """Give no version away."""
        return "discreet"

    def log_message(self, *_: Any) -> None:
        """Write nothing: probes come every few seconds."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Write nothing: a client that went away is no fault of the app."""


class Port:
    """A server of the endpoints, one for each process; of several that ask for the same port the first one has it."""

    def __init__(self) -> None:
        self._asked = 0
        self._server: _Server | None = None
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._after_fork)

    def open(self, number: int) -> None:
        """Serve on a port, unless that is done already or 0. Never raises."""
        if not number or self._server is not None:
            return
        self._asked = number
        try:
            server = _Server((_HOST, number), _Handler)
            Thread(target=server.serve_forever, name="discreet-health-port", daemon=True).start()
        except (OSError, OverflowError, RuntimeError) as error:
            _logger.warning("discreet: health is not served on port %d (%s)", number, type(error).__name__)
            return
        self._server = server

    def close(self) -> None:
        """Serve no more."""
        server, self._server, self._asked = self._server, None, 0
        if server is not None:
            server.shutdown()
            server.server_close()

    def _after_fork(self) -> None:
        """The socket is the parent's, which serves on; close this process's end of it, without its threads."""
        server, self._server = self._server, None
        if server is not None:
            with contextlib.suppress(OSError):
                server.socket.close()


PORT = Port()
"""The port of this process."""
