"""What the page on log lines says is what the code does."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import loguru
import pytest
import structlog
import yaml

import discreet
import discreet.integrations
from discreet import guard
from discreet.guard.entries import FIELDS
from discreet.guard.servers import ATOMS
from discreet.policy import Policy, gather_again, put_in_force, resolve

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "logs" / "shop.py"
PAGE = (ROOT / "docs" / "logs.md").read_text(encoding="utf-8")
VARYING = ("timestamp", "trace_id", "span_id", "trace_flags", "process.pid")
"""Fields that differ at each run: their shape is compared."""


def fenced(language: str) -> list[str]:
    """Give what stands between fences of a language."""
    return [str(text) for text in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)]


def run(form: str) -> subprocess.CompletedProcess[str]:
    """Run the example."""
    environment = {**os.environ, "DISCREET_LOG_FORMAT": form}
    return subprocess.run(
        [sys.executable, str(EXAMPLE)], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def shape(value: Any) -> str:
    """Give a value with letters and digits for any."""
    return re.sub(r"[0-9a-f]", "0", str(value)) if isinstance(value, str) else type(value).__name__


def test_the_example_writes_what_the_page_says() -> None:
    """Three libraries, one trace id, nothing private; the first line is that of the page, field by field, in order."""
    done = run("json")
    assert done.returncode == 1
    first, second, structured, serialized = [json.loads(line) for line in done.stdout.splitlines()]
    said = json.loads(fenced("json")[0])
    assert list(first) == list(said)
    assert {**first, **{name: said[name] for name in VARYING}} == said
    assert {name: shape(first[name]) for name in VARYING} == {name: shape(said[name]) for name in VARYING}
    assert second["attributes"] == {"customer": "[REDACTED:email]", "amount": 12}
    ids = {line["trace_id"] for line in (first, second, structured, serialized["record"]["extra"])}
    assert len(ids) == 1
    fallen = json.loads(done.stderr)
    assert (fallen["logger"], fallen["exception.type"]) == ("sys.excepthook", "LookupError")
    assert "zoe@" not in done.stdout + done.stderr


def test_the_line_for_a_terminal_is_that_of_the_page() -> None:
    """But for time and trace id; no colours where it is no terminal."""
    written = run("console").stdout.splitlines()[0]
    said = fenced("text")[0].rstrip("\n")
    varying = re.compile(r"^[\d:.]{12}|[0-9a-f]{32}")
    assert varying.sub("#", written) == varying.sub("#", said)


def test_the_table_of_fields_is_the_codes() -> None:
    """Every field in its order, in the words of the code, and no other."""
    rows = "".join(f"| `{name}` | {what} |\n" for name, what in FIELDS.items())
    assert f"| field | what |\n|---|---|\n{rows}\n" in PAGE


@pytest.mark.parametrize("name", ATOMS.values())
def test_the_attributes_of_access_logs_are_named(name: str) -> None:
    """Each that is read from a server's record."""
    assert f"`{name}`" in PAGE


def test_the_configuration_on_the_page_is_taken(tmp_path: Path) -> None:
    """As a file, in both environments."""
    path = tmp_path / "d.yaml"
    path.write_text(fenced("yaml")[0])
    assert yaml.safe_load(path.read_text())["log_format"] == "json"
    for name, form in (("production", "json"), ("development", "console")):
        variables = {"OTEL_RESOURCE_ATTRIBUTES": f"deployment.environment.name={name}", "DISCREET_CONFIG": str(path)}
        found = gather_again(environ=variables)
        assert (found.problems, found.settings["log_format"]) == ((), form)


@pytest.fixture
def _armed() -> None:
    guard.install()
    put_in_force(Policy.compiled(resolve(arguments={"log_format": "json"})[0]))


def _run(snippet: str) -> None:
    exec(snippet, {"structlog": structlog, "loguru": loguru, "discreet": discreet, "logging": logging, "sys": sys})


@pytest.mark.usefixtures("_armed")
@pytest.mark.parametrize("snippet", fenced("python")[:2], ids=["stdlib", "own"])
def test_the_ways_of_structlog_on_the_page_work(snippet: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As they stand there."""
    handler = logging.StreamHandler(sys.stdout)
    logging.getLogger("page").addHandler(handler)
    try:
        _run(snippet)
        structlog.get_logger("page").warning("to zoe@example.org", amount=3)
    finally:
        structlog.reset_defaults()
        logging.getLogger("page").removeHandler(handler)
    out = capsys.readouterr().out
    line = json.loads(out)
    assert line.get("body", line.get("event")) == "to [REDACTED:email]"
    assert line.get("attributes", line)["amount"] == 3
    assert line["discreet.security_level"] == "confidential"


@pytest.mark.usefixtures("_armed")
@pytest.mark.parametrize("snippet", fenced("python")[2:], ids=["serialized", "handler"])
def test_the_ways_of_loguru_on_the_page_work(snippet: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As they stand there."""
    loguru.logger.remove()
    try:
        _run(snippet)
        loguru.logger.warning("to zoe@example.org")
    finally:
        loguru.logger.remove()
        loguru.logger.configure(patcher=lambda _: None)
    out = capsys.readouterr().out
    line = json.loads(out)
    assert line.get("body") == "to [REDACTED:email]" or line["record"]["message"] == "to [REDACTED:email]"
    assert "zoe" not in out
