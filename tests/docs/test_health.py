"""docs/health.md is what the code does, and its worker can be asked."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor

from discreet.events import emitting
from discreet.health import ROUNDS, check
from discreet.health.built_in import CHECKS
from discreet.health.checks import remove
from discreet.health.report import PATHS
from discreet.policy import OPTIONS
from tests.docs.consoles import ROOT, fenced, page

PAGE = page("health.md")
WORKER = ROOT / "docs" / "examples" / "health" / "worker.py"


def _first_cells(header: str) -> list[str]:
    rows = PAGE.partition(header)[2].partition("\n\n")[0]
    return re.findall(r"^\| `([^`]+)`", rows, re.MULTILINE)


def test_every_check_and_path_is_told() -> None:
    """Each built-in check with whether it is critical, and each path."""
    assert _first_cells("| check | critical |") == [*(one.name for one in CHECKS), "database:..."]
    for one in CHECKS:
        assert f"| `{one.name}` | {'yes' if one.critical else 'no'} | " in PAGE
    assert _first_cells("| path | status 200 |") == list(PATHS)
    for option in OPTIONS:
        if option.name.startswith("health"):
            assert option.variable in PAGE


def test_the_attributes_of_the_event_are_told(monkeypatch: Any) -> None:
    """Its name, and each attribute of ours."""
    exporter: Any = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
    provider = LoggerProvider()
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    monkeypatch.setattr(emitting, "get_logger_provider", lambda: provider)
    check("c")(lambda: False)
    try:
        ROUNDS.once()
    finally:
        remove("c")
        ROUNDS.forget()
    (data,) = exporter.get_finished_logs()
    told = {data.log_record.event_name, *data.log_record.attributes} - {"discreet.category", "discreet.security_level"}
    assert {name for name in told if f"`{name}`" not in PAGE} == set()


def test_the_worker_is_asked() -> None:
    """By the command of the page, which prints each of its checks."""
    (console,) = fenced(PAGE, "console")
    start, ask = (line.removeprefix("$ ") for line in console.splitlines())
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = str(one.getsockname()[1])
    command = [sys.executable, str(WORKER), *start.replace("9465", port).removesuffix(" &").split()[2:]]
    with subprocess.Popen(command) as worker:
        try:
            url = ask.replace("9465", port).split()[-1]
            said = _asked(url)
        finally:
            worker.terminate()
    assert said["status"] in {"pass", "warn"}
    assert set(said["checks"]) == {"queue", "printer", *(one.name for one in CHECKS)}
    assert said["checks"]["queue"][0]["observedValue"] == 0


def _asked(url: str) -> Any:
    """Give the answer once the first round is over."""
    command = [str(Path(sys.executable).with_name("discreet")), "health", url, "--json"]
    until = time.monotonic() + 30
    while time.monotonic() < until:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
        if done.returncode == 0:
            return json.loads(done.stdout)
        time.sleep(0.2)
    raise AssertionError(done.stdout + done.stderr)


def test_the_probes_are_yaml() -> None:
    """Of what orchestrators take."""
    (block,) = fenced(PAGE, "yaml")
    assert set(yaml.safe_load(block)) == {"livenessProbe", "readinessProbe"}
