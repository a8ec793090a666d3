"""What the operator copies into a pod, laid out as the Dockerfile does it, guards an app that knows nothing of it."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import httpx
import pytest
import yaml
from clinic.traffic import Traffic
from demo.processes import free_ports, server
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.autoinstrumentation.__main__ import HERE, requirements, wanted
from discreet.testing import OtlpReceiver
from tests.deploy.interpreters import ROOT, another, environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EXAMPLES = ROOT / "docs" / "examples"
APP = ("fastapi", "greenlet", "httpx", "sqlalchemy", "uvicorn")
LEFT_OUT = {"google-re2", "greenlet", "opentelemetry-exporter-otlp"}
"""What Discreet requires and the image lacks on purpose: packages.txt says why."""
INSTRUMENTATION = yaml.safe_load((ROOT / "deploy" / "kubernetes" / "instrumentation.yaml").read_text())["spec"]
PROBES = ("/livez", "/readyz")
"""What the pods' probes ask: only Discreet answers."""
MAIL = "zoe.canary@example.org"
FOR_ONE_PYTHON = ("re2", "grpc", "yaml")


class Pod(NamedTuple):
    """An app's container: its interpreter, and the folder that the operator mounts into it."""

    python: str
    folder: Path

    def variables(self, receiver: OtlpReceiver) -> dict[str, str]:
        """Give the environment as the operator makes it: what the resource says, and what it adds itself."""
        said = {item["name"]: item["value"] for item in INSTRUMENTATION["python"]["env"]}
        known = {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_METRICS_EXPORTER": "otlp", "OTEL_LOGS_EXPORTER": "otlp"}
        first = self.folder / "opentelemetry" / "instrumentation" / "auto_instrumentation"
        return {
            **known,
            **said,
            "PYTHONPATH": f"{first}{os.pathsep}{self.folder}",
            "OTEL_SERVICE_NAME": "clinic",
            "OTEL_RESOURCE_ATTRIBUTES": "k8s.namespace.name=clinic,k8s.pod.name=clinic-0",
            "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint,
            "OTEL_TRACES_SAMPLER": INSTRUMENTATION["sampler"]["type"],
        }

    def run(self, program: str, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run a program in the container to its end."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("OTEL_", "DISCREET_"))}
        return subprocess.run(
            [self.python, "-c", program],
            env={**kept, **variables},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree that the image holds for glibc: the wheel and the packages, by the commands of the Dockerfile."""
    place = tmp_path_factory.mktemp("image")
    wheel: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        place / "wheel",
        ROOT,
    ]
    subprocess.run(wheel, check=True)
    (built,) = (place / "wheel").glob("*.whl")
    tag = f"manylinux2014_{os.uname().machine}"
    lay_out: list[str | Path] = [HERE / "lay_out.sh", place / "autoinstrumentation", built, tag]
    subprocess.run(lay_out, env={**os.environ, "PYTHON": sys.executable}, check=True)
    return place / "autoinstrumentation"


@pytest.fixture(scope="module", params=["this Python", *(["another Python"] if another() else [])])
def pod(request: pytest.FixtureRequest, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Pod:
    """A container with the app's own packages, none of OpenTelemetry among them; on a second Python where one is."""
    interpreter = sys.executable if request.param == "this Python" else another()
    return Pod(environment(tmp_path_factory.mktemp("app") / "venv", interpreter, *APP), folder)


@pytest.fixture
def receiver() -> Iterator[OtlpReceiver]:
    """Where the agent would be."""
    with OtlpReceiver() as running:
        yield running


def test_the_requirements_are_those_of_the_lock() -> None:
    """`make manifests` would change nothing."""
    assert (HERE / "requirements.txt").read_text() == requirements()


def test_the_dockerfile_lays_out_by_the_script_that_is_tested() -> None:
    """Both trees that the operator asks for, by the same script, from the lock alone."""
    dockerfile = (HERE / "Dockerfile").read_text()
    calls = re.findall(r"lay_out\.sh (/\S+) \S+ \"(\w+?)_\$machine\"", dockerfile)
    assert calls == [("/autoinstrumentation", "manylinux2014"), ("/autoinstrumentation-musl", "musllinux_1_2")]
    for target, _ in calls:
        assert f"COPY --from=build {target} {target}\n" in dockerfile
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE):
        assert all((ROOT / name).exists() for name in source.split()), source


def test_every_binary_is_for_the_stable_abi(folder: Path) -> None:
    """No file of the tree is for one version of Python, and everybody may read everything."""
    binaries = [file for file in folder.rglob("*.so*") if file.is_file()]
    assert [file.name for file in binaries if ".abi3." not in file.name] == []
    assert any("psutil" in str(file) for file in binaries)
    assert all(file.stat().st_mode & 0o004 for file in folder.rglob("*"))
    assert not (folder / "bin").exists()


def test_nothing_that_is_needed_is_missing(folder: Path) -> None:
    """What each distribution of the tree requires is in the tree, on every Python, but for what is left out by name."""
    versions = {canonicalize_name(one.metadata["Name"]): one.version for one in distributions(path=[str(folder)])}
    assert versions.keys() == {*wanted(), "discreet"}
    needed = [Requirement(line) for one in distributions(path=[str(folder)]) for line in one.requires or []]
    for requirement in filter(_on_some_python, needed):
        name = canonicalize_name(requirement.name)
        if name not in LEFT_OUT:
            assert requirement.specifier.contains(versions[name], prereleases=True), requirement


def _on_some_python(requirement: Requirement) -> bool:
    """Say whether a supported Python has it required, with no extra."""
    pythons = [{"python_version": f"3.{minor}", "python_full_version": f"3.{minor}.0"} for minor in range(10, 14)]
    marker = requirement.marker
    return marker is None or any(marker.evaluate({**python, "extra": ""}) for python in pythons)


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    """The configuration of the config map, with the key of the secret, where they would be mounted."""
    (tmp_path / "pseudonym").write_text(f"k1:{base64.b64encode(bytes(range(16))).decode()}\n")
    said = (ROOT / "deploy" / "kubernetes" / "discreet.json").read_text()
    (tmp_path / "discreet.json").write_text(said.replace("/etc/discreet/keys", str(tmp_path)))
    return tmp_path / "discreet.json"


def test_the_clinic_is_guarded(pod: Pod, receiver: OtlpReceiver, configuration: Path, tmp_path: Path) -> None:
    """Spans, logs and metrics of a morning arrive, and not one private value; and the probes are answered."""
    port, payments = free_ports()
    url = f"http://127.0.0.1:{port}"
    variables = {
        **pod.variables(receiver),
        "DISCREET_CONFIG": str(configuration),
        "CLINIC_PAYMENT_URL": f"http://127.0.0.1:{payments}",
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "OTEL_BLRP_SCHEDULE_DELAY": "200",
        "OTEL_METRIC_EXPORT_INTERVAL": "1000",
    }
    uvicorn: list[str | Path] = [pod.python, "-m", "uvicorn", "--app-dir", EXAMPLES, "--host", "127.0.0.1", "--port"]
    with (
        server([*uvicorn, str(payments), "clinic.payment_service:app"], payments, tmp_path / "payments.log", {}),
        server([*uvicorn, str(port), "clinic.app:create_app", "--factory"], port, tmp_path / "clinic.log", variables),
    ):
        traffic = Traffic(url)
        trace_ids = {step.trace_id for step in traffic.run()}
        assert [httpx.get(f"{url}{path}").status_code for path in PROBES] == [200, 200]
        assert [httpx.get(f"http://127.0.0.1:{payments}{path}").status_code for path in PROBES] == [404, 404]
        assert receiver.wait_for(lambda: trace_ids <= {span.trace_id for span in receiver.spans()})
        assert receiver.wait_for(lambda: receiver.logs() and receiver.metrics())
    log = (tmp_path / "clinic.log").read_text()
    for private in traffic.private_values():
        assert not receiver.contains(private.value), private
        assert private.value not in log, private
    assert receiver.contains("[PSEUDONYM:email:k1:")
    libraries = {span.scope.name.removeprefix("opentelemetry.instrumentation.") for span in receiver.spans()}
    assert libraries == {"fastapi", "sqlalchemy", "httpx"}


LOGGING = f"import logging; logging.getLogger('app').warning('hello {MAIL}')"


def test_a_plain_program_and_its_child_are_guarded(pod: Pod, receiver: OtlpReceiver) -> None:
    """A program that imports nothing of OpenTelemetry, and the Python that it starts; re2, gRPC, YAML are not there."""
    there = f"from importlib.util import find_spec; print([name for name in {FOR_ONE_PYTHON} if find_spec(name)])"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {LOGGING!r}], check=True)"
    done = pod.run(f"{there}; {LOGGING}; {child}", pod.variables(receiver))
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")
    assert [item.body for item in receiver.logs()] == ["hello [REDACTED:email]"] * 2
    assert not receiver.contains(MAIL)


def test_where_the_distribution_fails_the_guard_is_armed_all_the_same(pod: Pod, receiver: OtlpReceiver) -> None:
    """With a distribution that is not there, the app's own pipeline is guarded: the propagator arms."""
    own = f"""
from opentelemetry import propagate
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor
provider = TracerProvider(); provider.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter()))
with provider.get_tracer("shop").start_as_current_span("GET /users/{MAIL}"): pass
"""
    broken = {f"OTEL_PYTHON_{name}": "nobody" for name in ("DISTRO", "CONFIGURATOR")}
    done = pod.run(own, {**pod.variables(receiver), **broken})
    assert done.returncode == 0, done.stderr
    assert "[REDACTED:email]" in done.stdout
    assert MAIL not in done.stdout
