"""The example of the doctor: a service that passes its start-up probe, and one that fails it."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from doctor.app import app

BIN = Path(sys.executable).parent
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
GUIDE = EXAMPLES.parent / "doctor.md"
ENVIRONMENT = {
    **os.environ,
    "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    "OTEL_TRACES_EXPORTER": "console",
    "OTEL_METRICS_EXPORTER": "none",
    "OTEL_LOGS_EXPORTER": "none",
}


def _loaded(name: str) -> Any:
    return yaml.safe_load((EXAMPLES / "doctor" / name).read_text(encoding="utf-8"))


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def _served(module: str) -> Iterator[str]:
    """Serve a module's app under opentelemetry-instrument; give its URL once it answers."""
    port = _free_port()
    command = ["opentelemetry-instrument", "uvicorn", f"{module}:app", "--port", str(port)]
    server = subprocess.Popen(command, cwd=EXAMPLES, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert server.poll() is None
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


def test_the_probe_of_the_service_answers_200() -> None:
    """The process that serves asks itself, again and again."""
    with _served("doctor.app") as url:
        for _ in range(2):
            answer = httpx.get(f"{url}/startup", timeout=30)
            assert (answer.status_code, answer.json()) == (200, {"healthy": True, "problems": []})
        assert httpx.get(f"{url}/orders/zoe@example.org").json()["state"] == "on its way"


def test_the_probe_of_the_leaky_service_answers_503() -> None:
    """And says why."""
    with _served("doctor.leaky") as url:
        answer = httpx.get(f"{url}/startup", timeout=30)
    assert answer.status_code == 503
    assert "SynchronousMultiSpanProcessor.on_end: is not the guard's" in answer.json()["problems"][0]


@pytest.mark.parametrize(("module", "status"), [("doctor.app", 0), ("doctor.leaky", 1)])
def test_the_command_of_the_workflow(module: str, status: int) -> None:
    """The step of the workflow, as it stands there, passes for the one and fails for the other."""
    steps = _loaded("workflow.yml")["jobs"]["doctor"]["steps"]
    (step,) = [step for step in steps if "discreet doctor" in step.get("run", "")]
    command = [*step["run"].replace("doctor.app", module).split(), "--port", "0"]
    command[2:2] = ["--timeout", "80"]  # a busy machine
    done = subprocess.run(command, cwd=EXAMPLES, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    assert ("LEAKS" in done.stdout) is bool(status)


def test_the_deployment_asks_what_the_service_answers() -> None:
    """The probe's path is a route of the app, and the init container looks into what the container runs."""
    spec = _loaded("deployment.yaml")["spec"]["template"]["spec"]
    (doctor,), (shop,) = spec["initContainers"], spec["containers"]
    assert shop["startupProbe"]["httpGet"]["path"] in {getattr(route, "path", "") for route in app.routes}
    assert doctor["command"][:2] == ["discreet", "doctor"]
    assert doctor["args"][:3] == [*shop["command"], *shop["args"][:2]]


def test_the_guide_quotes_the_example() -> None:
    """What stands in docs/doctor.md stands in the files too."""
    blocks = re.findall(r"```\w+\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 3
    files = "\n".join(path.read_text(encoding="utf-8") for path in sorted((EXAMPLES / "doctor").glob("*.*")))
    said = {line.strip() for line in files.splitlines()}
    assert [line for block in blocks for line in block.splitlines() if line.strip() not in said] == []
