"""Answers alerts with commands: a webhook for Alertmanager, of the standard library alone.

    python respond.py --token-file /etc/alertmanager/secrets/webhook \
        --on CollectorDown "systemctl restart otelcol-discreet"

A command is what its operator wrote; nothing of the alert goes into it, so who can make an alert cannot make a command.
It runs once at a time, not again within the pause, and without a shell. Other alerts, and those that are over, do
nothing.
"""

import argparse
import hmac
import json
import logging
import shlex
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

MOST_BYTES = 1024 * 1024
SECONDS = 120
"""How long a command may take."""

logger = logging.getLogger("respond")


class Responder:
    """Runs the command of an alert, unless it runs, or ran within the pause."""

    def __init__(self, commands: Mapping[str, Sequence[str]], pause: float) -> None:
        self._commands, self._pause = commands, pause
        self._started: dict[str, float] = {}
        self._running: set[str] = set()
        self._lock = threading.Lock()

    def respond(self, alert: str) -> bool:
        """Start the command of an alert, and tell whether it was started."""
        with self._lock:
            now = time.monotonic()
            soon = now - self._started.get(alert, -self._pause) < self._pause
            if alert not in self._commands or alert in self._running or soon:
                return False
            self._started[alert] = now
            self._running.add(alert)
        threading.Thread(target=self._run, args=(alert,), name=f"respond-{alert}", daemon=True).start()
        return True

    def _run(self, alert: str) -> None:
        try:
            logger.warning("%s: started %s", alert, self._commands[alert][0])
            done = subprocess.run(self._commands[alert], timeout=SECONDS, check=False)
            logger.warning("%s: ended with status %d", alert, done.returncode)
        except (OSError, subprocess.TimeoutExpired) as error:
            logger.error("%s: %s", alert, type(error).__name__)  # noqa: TRY400 - the type says it
        finally:
            with self._lock:
                self._running.discard(alert)


class Handler(BaseHTTPRequestHandler):
    """Takes notices of Alertmanager (webhook, version 4)."""

    server: "Server"
    timeout = 10

    def do_POST(self) -> None:
        """Answer 202 to a notice, 401 without the token, 400 and 413 to what is none."""
        token = self.server.token
        given = self.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if token and not hmac.compare_digest(given, b"Bearer " + token):
            self._answer(401)
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            self._answer(413)
            return
        try:
            firing = firing_alerts(json.loads(self.rfile.read(int(length))))
        except (ValueError, RecursionError):
            self._answer(400)
            return
        for alert in firing:
            self.server.responder.respond(alert)
        self._answer(202)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Say nothing of requests."""


class Server(ThreadingHTTPServer):
    """The webhook."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], responder: Responder, token: bytes) -> None:
        super().__init__(address, Handler)
        self.responder, self.token = responder, token


def firing_alerts(notice: Any) -> list[str]:
    """Give the names of the alerts of a notice that fire, each once.

    Raises:
        ValueError: It is no notice.
    """
    try:
        alerts = [one["labels"]["alertname"] for one in notice["alerts"] if one["status"] == "firing"]
        return list(dict.fromkeys(str(alert) for alert in alerts))
    except (TypeError, KeyError):
        raise ValueError("not a notice of Alertmanager") from None


def main() -> None:
    """Serve until it is stopped."""
    parser = argparse.ArgumentParser(description="Answer alerts with commands.")
    parser.add_argument("--listen", default="127.0.0.1:9098", help="host:port (%(default)s)")
    parser.add_argument("--token-file", type=Path, help="the bearer token that Alertmanager sends")
    parser.add_argument("--pause", type=float, default=900, help="seconds before a command runs again (%(default)s)")
    parser.add_argument("--on", nargs=2, action="append", required=True, metavar=("ALERT", "COMMAND"))
    given = parser.parse_args()
    logging.basicConfig(format="%(asctime)s %(message)s")
    commands = {alert: shlex.split(command) for alert, command in given.on}
    token = given.token_file.read_bytes().strip() if given.token_file else b""
    host, _, port = given.listen.rpartition(":")
    Server((host, int(port)), Responder(commands, given.pause), token).serve_forever()


if __name__ == "__main__":
    main()
