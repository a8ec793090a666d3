"""A webhook for Alertmanager: keeps each notice with the seconds since it was started."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import Self


@dataclass(frozen=True)
class Notice:
    """One alert of one notification: when it came, where to, and what it said."""

    seconds: float
    path: str
    status: str
    labels: dict[str, str]
    annotations: dict[str, str]

    @property
    def alert(self) -> str:
        """The alert's name."""
        return self.labels.get("alertname", "")


class Webhook:
    """Receive notifications on a free loopback port while the `with` block runs.

    Args:
        on_notice: Called with each new notice.
    """

    def __init__(self, on_notice: Callable[[Notice], None] | None = None) -> None:
        self._server = _Server(self._take)
        self._started = time.monotonic()
        self._on_notice = on_notice
        self._notices: list[Notice] = []
        self._arrived = threading.Condition()

    def __enter__(self) -> "Self":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="webhook", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Its base URL."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def notices(self) -> list[Notice]:
        """Give what came so far."""
        with self._arrived:
            return list(self._notices)

    def seen(self, alert: str, status: str) -> bool:
        """Tell whether an alert was told with that status, "firing" or "resolved"."""
        return any(notice.alert == alert and notice.status == status for notice in self.notices())

    def wait_for(self, alert: str, status: str, timeout: float, times: int = 1) -> bool:
        """Wait until an alert is told with that status, so many times; tell whether it was in time."""
        with self._arrived:
            return self._arrived.wait_for(
                lambda: sum(notice.alert == alert and notice.status == status for notice in self._notices) >= times,
                timeout,
            )

    def _take(self, path: str, body: dict[str, Any]) -> None:
        seconds = time.monotonic() - self._started
        new = [
            Notice(seconds, path, alert["status"], alert["labels"], alert["annotations"]) for alert in body["alerts"]
        ]
        with self._arrived:
            self._notices += new
            self._arrived.notify_all()
        for notice in new:
            if self._on_notice is not None:
                self._on_notice(notice)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, take: Callable[[str, dict[str, Any]], None]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.take = take


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.take(self.path, json.loads(body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Keep the output clean."""
