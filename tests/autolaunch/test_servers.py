"""Servers start, serve and stop under ``opentelemetry-instrument`` as they do without it, in every shape of process."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from discreet.testing import OtlpReceiver
from tests.pipeline.launching import BIN, environment

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
EMAIL = "zoe.canary@example.org"
CARD = "4111111111111111"

UVICORN = ["uvicorn", "served:app", "--app-dir", str(HERE), "--port"]
GUNICORN = [
    "gunicorn", "served:app", "--chdir", str(HERE), "--worker-class", "uvicorn.workers.UvicornWorker",
    "--access-logfile", "-", "--workers", "2",
]  # fmt: skip
SHAPES: dict[str, tuple[list[str], dict[str, str]]] = {
    "uvicorn": (UVICORN, {}),
    "uvicorn with two workers": (["uvicorn", "--workers", "2", *UVICORN[1:]], {}),
    "gunicorn": ([*GUNICORN, "--bind"], {}),
    "gunicorn that preloads": ([*GUNICORN, "--preload", "--bind"], {}),
    "FastAPI's own telemetry set up as well": (UVICORN, {"FASTAPI_OTEL_AUTO_CONFIGURE": "true"}),
    "both generations of conventions": (UVICORN, {"OTEL_SEMCONV_STABILITY_OPT_IN": "http/dup,database/dup"}),
    "another distribution in force": (
        UVICORN,
        {"OTEL_PYTHON_DISTRO": "distro", "OTEL_PYTHON_CONFIGURATOR": "configurator"},
    ),
}
"""The module that serves with its arguments, which the port follows, and variables."""


@contextlib.contextmanager
def serving(receiver: OtlpReceiver, module: list[str], extra: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    """Serve an application; give its address, and its output once it has stopped."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    where = f"127.0.0.1:{port}" if module[-1] == "--bind" else str(port)
    command = [str(BIN / "opentelemetry-instrument"), sys.executable, "-m", *module, where]
    delays = {"OTEL_BSP_SCHEDULE_DELAY": "200", "OTEL_BLRP_SCHEDULE_DELAY": "200"}
    server = subprocess.Popen(
        command,
        env=environment(receiver, {**delays, **extra}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    output: list[str] = []
    try:
        _wait(f"http://127.0.0.1:{port}/openapi.json")
        yield f"http://127.0.0.1:{port}", output
        server.send_signal(signal.SIGTERM)
        output.append(server.communicate(timeout=20)[0])
        assert server.returncode in (0, -signal.SIGTERM)
    finally:
        server.kill()


def _wait(url: str) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=2).close()
            return
        time.sleep(0.1)
    raise AssertionError("the server did not come up")


def _names(receiver: OtlpReceiver) -> list[str]:
    return [item.record.name for item in receiver.spans()]


def _asked(receiver: OtlpReceiver) -> bool:
    return any("asked for [REDACTED:email]" in str(item.record.body) for item in receiver.logs())


@pytest.mark.parametrize("shape", SHAPES)
def test_a_server_is_served_redacted(shape: str) -> None:
    """Requests are answered with the trace id; spans of requests and database arrive; nothing private anywhere."""
    module, extra = SHAPES[shape]
    with OtlpReceiver() as receiver:
        with serving(receiver, module, extra) as (url, output):
            for _ in range(4):
                with urllib.request.urlopen(f"{url}/of/{EMAIL}", timeout=10) as answer:
                    assert json.load(answer)["pid"]
                    assert re.match(r"00-[0-9a-f]{32}-", answer.headers["traceresponse"])
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.urlopen(f"{url}/fails/{EMAIL}", timeout=10)
            # uvicorn ends by the signal that stopped it, so that nothing is flushed at exit, with us or without.
            assert receiver.wait_for(
                lambda: _names(receiver).count("GET /of/{who}") >= 4 and _asked(receiver), timeout=15
            )
        # FastAPI adds exporters of its own to the same backend when told to: everything arrives twice, and clean.
        twice = 2 if "FASTAPI_OTEL_AUTO_CONFIGURE" in extra else 1
        assert _names(receiver).count("GET /of/{who}") == 4 * twice
        assert any(name.startswith("select") for name in _names(receiver))
        for needle in ("canary", "zoe.can"):
            assert not receiver.contains(needle)
            assert needle not in output[0]
        assert re.search(r"asked for \[REDACTED:email\] trace_id=[0-9a-f]{32}", output[0])


SMOKE: tuple[tuple[str, str, dict[str, str] | None, int, Any], ...] = (
    ("POST", "/people", {"email": EMAIL, "card": CARD}, 201, {"id": 1}),
    ("POST", "/people", {"email": EMAIL, "card": CARD}, 409, {"detail": f"{EMAIL} is known"}),
    ("GET", f"/people/{EMAIL}", None, 200, {"email": EMAIL, "card": CARD}),
    ("GET", f"/people/no.{EMAIL}", None, 404, {"detail": f"no no.{EMAIL}"}),
    ("GET", "/people", None, 200, [EMAIL]),
    ("GET", f"/fails/{EMAIL}", None, 500, "Internal Server Error"),
)
"""What an application is asked, and what it answers, with us or without: method, path, body, status, answer."""


def _asked_for(url: str, method: str, body: dict[str, str] | None) -> tuple[int, str]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_an_async_server_passes_its_smoke_traffic(tmp_path: Path) -> None:
    """FastAPI on SQLAlchemy's asyncio answers as ever; spans of both and its logs arrive, and nothing private."""
    database = {"SERVED_DATABASE": f"sqlite+aiosqlite:///{tmp_path}/people.db"}
    with OtlpReceiver() as receiver:
        with serving(receiver, ["uvicorn", "served_async:app", *UVICORN[2:]], database) as (url, output):
            for method, path, body, status, wanted in SMOKE:
                told = wanted if isinstance(wanted, str) else json.dumps(wanted, separators=(",", ":"))
                assert _asked_for(f"{url}{path}", method, body) == (status, told)
            assert receiver.wait_for(
                lambda: "GET /fails/{email}" in _names(receiver) and _asked(receiver) and _fell(receiver), timeout=15
            )
        names = _names(receiver)
        assert {"POST /people", "GET /people", "GET /people/{email}", "GET /fails/{email}"} <= set(names)
        assert any(name.startswith("INSERT") for name in names)
        assert any(name.startswith("SELECT") for name in names)
        assert receiver.contains("[REDACTED:email]")
        for needle in ("canary", CARD):
            assert not receiver.contains(needle)
            assert needle not in output[0]
        assert re.search(r"asked for \[REDACTED:email\] trace_id=[0-9a-f]{32}", output[0])


def _fell(receiver: OtlpReceiver) -> bool:
    return any("known already" in str(item.record.body) for item in receiver.logs())


def test_a_child_in_another_environment_does_not_inherit_the_choice() -> None:
    """What the launcher set so that ours win is gone from the environment of the app."""
    from tests.pipeline.launching import run

    with OtlpReceiver() as receiver:
        done = run(receiver, "-c", "import os, json; print(json.dumps(dict(os.environ)))")
    environ = json.loads(done.stdout)
    assert "OTEL_PYTHON_DISTRO" not in environ
    assert "OTEL_PYTHON_CONFIGURATOR" not in environ
    assert environ["OTEL_TRACES_EXPORTER"] == "otlp"


def test_ours_is_in_force_beside_another_distribution() -> None:
    """With opentelemetry-distro installed and nothing chosen, our distribution and configurator are in force."""
    from tests.pipeline.launching import run

    program = (
        "from opentelemetry.instrumentation.distro import BaseDistro\n"
        "from discreet.distro import DiscreetConfigurator, DiscreetDistro\n"
        "print(DiscreetDistro._instance is not None, DiscreetConfigurator._instance is not None)"
    )
    with OtlpReceiver() as receiver:
        done = run(receiver, "-c", program)
    assert done.stdout.strip() == "True True", done.stderr
