"""The OpAMP server of the tests, run as a process: what agents report to it, and what it offers to them."""

from __future__ import annotations

import base64
import json
import subprocess
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

BUILD = Path(__file__).parents[1] / "servers" / "opamp.sh"
_PATIENCE = 60.0


class Agent:
    """What one agent reported."""

    def __init__(self, held: dict[str, Any]) -> None:
        self.state: dict[str, Any] = held["state"]
        self.messages: list[dict[str, Any]] = held["messages"]
        self.headers: dict[str, list[str]] = held["headers"]

    @property
    def attributes(self) -> dict[str, Any]:
        """The attributes that identify and describe it."""
        said = self.state.get("agentDescription", {})
        rows = [*said.get("identifyingAttributes", []), *said.get("nonIdentifyingAttributes", [])]
        return {row["key"]: next(iter(row["value"].values())) for row in rows}

    @property
    def pid(self) -> int:
        """Its process."""
        return int(self.attributes.get("process.pid", 0))

    @property
    def options(self) -> dict[str, Any]:
        """The options of its effective configuration: value and origin by name."""
        files = self.state.get("effectiveConfig", {}).get("configMap", {}).get("configMap", {})
        body = files.get("discreet", {}).get("body", "")
        options: dict[str, Any] = json.loads(base64.b64decode(body))["options"] if body else {}
        return options

    @property
    def status(self) -> str:
        """What became of the configuration offered last: "APPLIED", "FAILED", "" where it has none."""
        return str(self.state.get("remoteConfigStatus", {}).get("status", "")).removeprefix("RemoteConfigStatuses_")

    @property
    def error(self) -> str:
        """Why it failed."""
        return str(self.state.get("remoteConfigStatus", {}).get("errorMessage", ""))

    @property
    def is_gone(self) -> bool:
        """Whether it said that it ends."""
        return "agentDisconnect" in self.state


class Server:
    """A running server.

    Args:
        binary: The path of it.
        listen: Where it listens; a free port unless given.
    """

    def __init__(self, binary: str, listen: str = "127.0.0.1:0") -> None:
        self._process = subprocess.Popen(
            [binary, "-listen", listen], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        self.address = self.url.removeprefix("http://")

    @property
    def endpoint(self) -> str:
        """Where agents report to."""
        return f"{self.url}/v1/opamp"

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()

    def offer(self, body: str, *, name: str = "discreet", kind: str = "text/yaml") -> None:
        """Offer a configuration to all agents."""
        where = f"{self.url}/config?{urllib.parse.urlencode({'name': name})}"
        self._ask(urllib.request.Request(where, body.encode(), {"Content-Type": kind}, method="PUT"))

    def withdraw(self) -> None:
        """Offer an empty one."""
        self._ask(urllib.request.Request(f"{self.url}/config", method="DELETE"))

    def agents(self) -> list[Agent]:
        """Give all that reported."""
        return [Agent(held) for held in json.loads(self._ask(f"{self.url}/agents")).values()]

    def wait(self, holds: Callable[[list[Agent]], bool]) -> list[Agent]:
        """Give the agents once something holds of them."""
        end = time.monotonic() + _PATIENCE
        while not holds(agents := self.agents()):
            assert time.monotonic() < end, [agent.state for agent in agents]
            time.sleep(0.05)
        return agents

    def wait_for_one(self, holds: Callable[[Agent], bool]) -> Agent:
        """Give the one agent there is, once something holds of it."""
        (agent,) = self.wait(lambda agents: len(agents) == 1 and holds(agents[0]))
        return agent

    @staticmethod
    def _ask(request: Any) -> bytes:
        with urllib.request.urlopen(request, timeout=10) as answer:
            body: bytes = answer.read()
            return body
