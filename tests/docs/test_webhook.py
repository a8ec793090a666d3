"""The webhook that answers alerts with commands: which it runs, how often, and for whom."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.docs.consoles import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RESPOND = ROOT / "docs" / "examples" / "webhook" / "respond.py"
TOKEN = "synthetic-token"


class Answering:
    """The webhook, running; its command for CollectorDown adds a line to a file."""

    def __init__(self, url: str, ran: Path) -> None:
        self.url, self._ran = url, ran

    def told(self, *alerts: dict[str, Any], token: str = TOKEN) -> int:
        """Send a notice, and give the status of the answer."""
        notice = json.dumps({"version": "4", "alerts": alerts})
        return self.posted(notice.encode(), token)

    def posted(self, body: bytes, token: str = TOKEN) -> int:
        """Send what may be no notice."""
        return requests.post(self.url, body, headers={"Authorization": f"Bearer {token}"}, timeout=10).status_code

    def ran(self, count: int) -> bool:
        """Tell whether the command ran so many times, as soon as it did."""
        deadline = time.monotonic() + 10
        while self.times() < count and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.times() == count

    def times(self) -> int:
        """Give how often the command ran so far."""
        return len(self._ran.read_text().splitlines()) if self._ran.exists() else 0


@contextmanager
def _answering(folder: Path, pause: str) -> Iterator[Answering]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "token").write_text(f"{TOKEN}\n")
    ran = folder / "ran.txt"
    command = f'{sys.executable} -c \'open("{ran}", "a").write("ran\\n")\''
    arguments = ["--listen", f"127.0.0.1:{port}", "--token-file", str(folder / "token"), "--pause", pause]
    on = ["--on", "CollectorDown", command, "--on", "Missing", str(folder / "no-such-program")]
    with subprocess.Popen([sys.executable, str(RESPOND), *arguments, *on], stderr=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 10
            while socket.socket().connect_ex(("127.0.0.1", port)):
                assert time.monotonic() < deadline
                time.sleep(0.05)
            yield Answering(f"http://127.0.0.1:{port}/", ran)
        finally:
            process.terminate()


def _alert(name: str, status: str = "firing") -> dict[str, Any]:
    return {"status": status, "labels": {"alertname": name}, "annotations": {}}


def test_a_firing_alert_runs_its_command_once_within_the_pause(tmp_path: Path) -> None:
    """Told again, and twice in one notice, it runs once; alerts without command and those that are over do nothing."""
    with _answering(tmp_path, pause="900") as hook:
        assert hook.told(_alert("LatencyHigh"), _alert("CollectorDown", "resolved")) == 202
        assert hook.told(_alert("Missing")) == 202
        assert hook.told(_alert("CollectorDown"), _alert("CollectorDown")) == 202
        assert hook.ran(1)
        assert hook.told(_alert("CollectorDown")) == 202
        assert hook.told(_alert("CollectorDown")) == 202
        assert hook.times() == 1


def test_after_the_pause_it_runs_again(tmp_path: Path) -> None:
    """Without a pause each notice runs it."""
    with _answering(tmp_path, pause="0") as hook:
        assert hook.told(_alert("CollectorDown")) == 202
        assert hook.ran(1)
        deadline = time.monotonic() + 10
        while hook.times() < 2:  # told while it still runs, it would not run again
            assert time.monotonic() < deadline
            assert hook.told(_alert("CollectorDown")) == 202
            time.sleep(0.05)


def test_nothing_of_the_alert_reaches_the_command(tmp_path: Path) -> None:
    """A name that holds a command, or is like one that is known, runs nothing."""
    with _answering(tmp_path, pause="900") as hook:
        for name in ("CollectorDown; touch /tmp/x", "$(CollectorDown)", "collectordown", "../CollectorDown"):
            assert hook.told(_alert(name)) == 202
        assert hook.told({**_alert("Other"), "annotations": {"alertname": "CollectorDown"}}) == 202
        assert hook.told(_alert("CollectorDown")) == 202
        assert hook.ran(1)


def test_without_the_token_nothing_runs(tmp_path: Path) -> None:
    """401, whatever is sent."""
    with _answering(tmp_path, pause="900") as hook:
        for token in ("", "wrong", f"{TOKEN}x"):
            assert hook.told(_alert("CollectorDown"), token=token) == 401
        assert hook.told(_alert("CollectorDown")) == 202
        assert hook.ran(1)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"alerts": 1}', b'{"alerts": [{}]}', b"[" * 100_000])
def test_what_is_no_notice_is_refused(tmp_path: Path, body: bytes) -> None:
    """400, and it goes on answering."""
    with _answering(tmp_path, pause="900") as hook:
        assert hook.posted(body) == 400
        assert hook.told(_alert("CollectorDown")) == 202
        assert hook.ran(1)
