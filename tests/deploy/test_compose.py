"""The compose file is one by its schema, hardened, without secrets, and its programs take what it mounts."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from collector.local.tools import run_tool
from tests.deploy.interpreters import ROOT
from tests.deploy.manifests import DEPLOY, PINNED, documents

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

(COMPOSE,) = documents(DEPLOY / "compose.yaml")
SERVICES: dict[str, Any] = COMPOSE["services"]
ROOTS = {"folders"}
"""Services that are root: each ends at once."""
SCHEMA: Any = json.loads(
    (files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json").read_text(encoding="utf-8")
)
SECRETIVE = re.compile(r"PASSWORD|SECRET|TOKEN|_KEY\b")


def _configs(service: str) -> dict[str, Path]:
    """Give the files that a service is given, by where it finds them."""
    files = {name: (DEPLOY / config["file"]).resolve() for name, config in COMPOSE["configs"].items()}
    return {config["target"]: files[config["source"]] for config in SERVICES[service].get("configs", [])}


def test_the_file_is_one_by_the_schema_of_compose() -> None:
    """The schema is the Compose Specification's own, which check-jsonschema brings."""
    jsonschema.validators.validator_for(SCHEMA)(SCHEMA).validate(COMPOSE)


def test_a_mistake_is_found() -> None:
    """The schema is one that refuses."""
    broken = {**COMPOSE, "services": {"clinic": {"image": "x:1", "read-only": True}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validators.validator_for(SCHEMA)(SCHEMA).validate(broken)


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_pinned_and_hardened(name: str) -> None:
    """A version; no root but where it is said; a read-only root; no capability; loopback only; nothing privileged."""
    service = SERVICES[name]
    assert PINNED.match(service["image"]), service["image"]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert (service["user"].split(":")[0] in {"0", "root"}) == (name in ROOTS)
    assert name not in ROOTS or "restart" not in service
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert not {"privileged", "pid", "ipc", "devices", "volumes_from"} & service.keys()


def test_what_is_named_is_there() -> None:
    """Configs, secrets, volumes and networks of services are declared and used; files and folders exist."""
    for kind in ("configs", "secrets", "volumes", "networks"):
        used = {_name(kind, item) for service in SERVICES.values() for item in service.get(kind, [])}
        assert {name for name in used if not name.startswith(".")} == COMPOSE[kind].keys(), kind
        assert all((DEPLOY / name).exists() for name in used if name.startswith(".")), kind
    for config in COMPOSE["configs"].values():
        assert (DEPLOY / config["file"]).is_file(), config
    build = SERVICES["clinic"]["build"]
    dockerfile = (DEPLOY / build["context"] / build["dockerfile"]).read_text()
    assert f"AS {build['target']}\n" in dockerfile
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE):
        assert all((ROOT / source).exists() for source in sources.split()), sources


def _name(kind: str, item: Any) -> str:
    name: str = item["source"] if isinstance(item, dict) else item
    return name.split(":", maxsplit=1)[0] if kind == "volumes" else name


def test_no_secret_is_in_the_file() -> None:
    """Secrets come from the environment alone, and services are told the names of files."""
    assert all(secret.keys() == {"environment"} for secret in COMPOSE["secrets"].values())
    for service in SERVICES.values():
        for variable, value in service.get("environment", {}).items():
            if SECRETIVE.search(variable):
                assert str(value).startswith("/run/secrets/"), variable
    assert re.findall(r"://\w+:\w+@", (DEPLOY / "compose.yaml").read_text()) == []


@pytest.mark.parametrize("name", ["agent", "gateway"])
def test_the_collector_takes_the_configurations(binary: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`validate` passes for each with the files, in the order and the environment that the compose file gives it."""
    for variable, value in SERVICES[name]["environment"].items():
        monkeypatch.setenv(variable, value)
    files = _configs(name)
    arguments = [argument.removeprefix("--config=") for argument in SERVICES[name]["command"]]
    run_tool(binary, "validate", *(f"--config={files[argument]}" for argument in arguments))


def test_prometheus_and_alertmanager_take_theirs(tools: Callable[[str], str], tmp_path: Path) -> None:
    """`promtool` and `amtool` pass, with the rules beside the configuration as they are mounted."""
    for target, file in {**_configs("prometheus"), **_configs("alertmanager")}.items():
        (tmp_path / target.rsplit("/", 1)[1]).write_text(file.read_text())
    assert "1 rule files found" in run_tool(tools("promtool"), "check", "config", tmp_path / "prometheus.yaml")
    run_tool(tools("amtool"), "check-config", tmp_path / "alertmanager.yaml")


def test_everything_that_is_scraped_or_asked_is_a_service() -> None:
    """Names in Prometheus' and Grafana's files, and in endpoints, are services on a network that both share."""
    texts = [file.read_text() for file in (DEPLOY / "compose").glob("*.yaml")]
    texts += [file.read_text() for file in (DEPLOY / "grafana" / "provisioning").rglob("*.yaml")]
    texts.append(json.dumps([service.get("environment", {}) for service in SERVICES.values()]))
    hosts = {host for text in texts for host in re.findall(r"(?:http://|[\[ ])([a-z]+):\d{4,5}\b", text)}
    assert hosts >= {"agent", "gateway", "prometheus", "alertmanager", "victorialogs", "victoriatraces", "payments"}
    assert hosts <= SERVICES.keys()
