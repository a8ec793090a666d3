"""The manifests are what Kubernetes takes by its schemas, belong together, and hold what the collector itself takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import kubernetes_validate
import pytest
import yaml

from collector.local.tools import run_tool
from deploy.kubernetes.collectors import manifests, merged
from tests.deploy.manifests import DEPLOY, PINNED, documents, variables_that_are_no_options

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = DEPLOY / "kubernetes"
(KUSTOMIZATION,) = documents(FOLDER / "kustomization.yaml")
RESOURCES = [one for name in KUSTOMIZATION["resources"] for one in documents(FOLDER / name)]
KUBERNETES = ("1.30", "1.34")
"""The oldest and the newest Kubernetes whose schemas are asked."""
OPERATOR = {"Instrumentation", "OpenTelemetryCollector"}
COLLECTORS = {one["metadata"]["name"]: one for one in RESOURCES if one["kind"] == "OpenTelemetryCollector"}
DEPLOYMENTS = {one["metadata"]["name"]: one for one in RESOURCES if one["kind"] == "Deployment"}
POLICIES = [one for one in RESOURCES if one["kind"] == "NetworkPolicy"]
(INSTRUMENTATION,) = (one for one in RESOURCES if one["kind"] == "Instrumentation")
KEYS = {
    "Instrumentation": ("opentelemetry.io/v1alpha1", {"exporter", "sampler", "python"}, {"python"}),
    "OpenTelemetryCollector": (
        "opentelemetry.io/v1beta1",
        {"config", "env", "envFrom", "image", "mode", "observability", "podDisruptionBudget", "podSecurityContext"}
        | {"replicas", "resources", "securityContext", "tolerations", "upgradeStrategy", "volumeClaimTemplates"}
        | {"volumeMounts", "volumes"},
        {"config", "image", "mode"},
    ),
}
"""Of the operator's resources: version, the fields of `spec` that we use and it has, and those that must be there."""
CONTAINER = ("env", "envFrom", "image", "resources", "securityContext", "volumeMounts")
POD = ("tolerations", "volumes")
HARDENED = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}


def _name(resource: Any) -> str:
    return f"{resource['kind']} {resource['metadata']['name']}"


def _pod_of(collector: dict[str, Any]) -> dict[str, Any]:
    """Give the pod that the operator makes of a collector, as far as the resource says it."""
    spec = collector["spec"]
    container = {"name": "otc-container", **{key: spec[key] for key in CONTAINER if key in spec}}
    volumes = [{"name": one["metadata"]["name"], "emptyDir": {}} for one in spec.get("volumeClaimTemplates", [])]
    pod = {"containers": [container], "securityContext": spec["podSecurityContext"], "volumes": volumes}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": collector["metadata"],
        "spec": merged(pod, {key: spec[key] for key in POD if key in spec}),
    }


def _template(deployment: dict[str, Any]) -> dict[str, Any]:
    template: dict[str, Any] = deployment["spec"]["template"]
    return template


def _labels() -> dict[tuple[str, str], dict[str, str]]:
    """Give the labels of every pod that there will be, by namespace and name."""
    ours = {("clinic", name): _template(one)["metadata"]["labels"] for name, one in DEPLOYMENTS.items()}
    operators = {("observability", name): {"app.kubernetes.io/name": f"{name}-collector"} for name in COLLECTORS}
    return {**ours, **operators}


@pytest.mark.parametrize("version", KUBERNETES)
@pytest.mark.parametrize("resource", [one for one in RESOURCES if one["kind"] not in OPERATOR], ids=_name)
def test_kubernetes_own_resources_are_valid(resource: dict[str, Any], version: str) -> None:
    """Each passes the schema of its kind, strictly: no unknown field."""
    kubernetes_validate.validate(resource, version, strict=True)


@pytest.mark.parametrize("version", KUBERNETES)
@pytest.mark.parametrize("collector", COLLECTORS.values(), ids=_name)
def test_what_the_operator_makes_of_collectors_is_valid(collector: dict[str, Any], version: str) -> None:
    """Environment, mounts, contexts, resources and volumes of a collector pass the schema of a pod."""
    kubernetes_validate.validate(_pod_of(collector), version, strict=True)
    for claim in collector["spec"].get("volumeClaimTemplates", []):
        whole = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", **claim}
        kubernetes_validate.validate(whole, version, strict=True)


def test_a_mistake_is_found() -> None:
    """The schemas are ones that refuse."""
    broken = {**DEPLOYMENTS["clinic"], "spec": {**DEPLOYMENTS["clinic"]["spec"], "replica": 2}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, KUBERNETES[0], strict=True)


@pytest.mark.parametrize("resource", [one for one in RESOURCES if one["kind"] in OPERATOR], ids=_name)
def test_the_operators_resources_have_its_shape(resource: dict[str, Any]) -> None:
    """Version and fields are the operator's. Its own schema is not to be had here: this is what we know of it."""
    version, known, needed = KEYS[resource["kind"]]
    assert resource["apiVersion"] == version
    assert needed <= resource["spec"].keys() <= known
    assert resource["metadata"].keys() == {"name", "namespace"}


def test_the_kustomization_has_every_file() -> None:
    """Each manifest of the folder is named, and each file that is named is there."""
    named = {
        *KUSTOMIZATION["resources"],
        *(file for one in KUSTOMIZATION["configMapGenerator"] for file in one.get("files", [])),
    }
    assert named == {file.name for file in FOLDER.iterdir() if file.suffix in {".yaml", ".json"}} - {
        "kustomization.yaml"
    }


def test_the_collectors_are_written_from_their_configurations() -> None:
    """`make manifests` would change nothing."""
    assert {name: (FOLDER / name).read_text() for name in manifests()} == manifests()


@pytest.mark.parametrize("name", COLLECTORS)
def test_the_collector_takes_the_configuration(
    binary: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`validate` passes for what is in the resource, in the environment that its pods have."""
    spec = COLLECTORS[name]["spec"]
    generated = {one["name"]: one.get("literals", []) for one in KUSTOMIZATION["configMapGenerator"]}
    literals = [item for source in spec.get("envFrom", []) for item in generated[source["configMapRef"]["name"]]]
    for variable, value in [
        *(item.split("=", 1) for item in literals),
        *((one["name"], one["value"]) for one in spec["env"]),
    ]:
        monkeypatch.setenv(variable, value)
    (tmp_path / "collector.yaml").write_text(yaml.safe_dump(spec["config"]))
    run_tool(binary, "validate", f"--config={tmp_path / 'collector.yaml'}")


@pytest.mark.parametrize("name", COLLECTORS)
def test_collectors_listen_where_they_are_asked(name: str) -> None:
    """All addresses, and data on the one folder that is writable."""
    text = yaml.safe_dump(COLLECTORS[name]["spec"]["config"])
    assert "127.0.0.1" not in text
    (mount,) = COLLECTORS[name]["spec"]["volumeMounts"]
    assert set(re.findall(r"(?:path|directory): (\S+)/[\w.-]+$", text, re.MULTILINE)) == {mount["mountPath"]}


@pytest.mark.parametrize("deployment", DEPLOYMENTS.values(), ids=_name)
def test_pods_are_hardened_and_pinned(deployment: dict[str, Any]) -> None:
    """No root, no capability, a read-only root, no token of the API; versions come from the kustomization."""
    spec = _template(deployment)["spec"]
    tags = {image["name"]: image["newTag"] for image in KUSTOMIZATION["images"]}
    assert spec["securityContext"]["runAsNonRoot"]
    assert spec["automountServiceAccountToken"] is False
    for container in spec["containers"]:
        assert container["securityContext"] == HARDENED
        assert PINNED.match(f"{container['image']}:{tags[container['image']]}")
        assert container["resources"]["limits"]["memory"]
    for collector in COLLECTORS.values():
        assert collector["spec"]["securityContext"] == HARDENED
        assert PINNED.match(collector["spec"]["image"])
    assert PINNED.match(INSTRUMENTATION["spec"]["python"]["image"])


@pytest.mark.parametrize("deployment", DEPLOYMENTS.values(), ids=_name)
def test_pods_get_discreet_and_are_not_ready_without_it(deployment: dict[str, Any]) -> None:
    """The annotation names our resource, and the probes ask what only Discreet answers."""
    template = _template(deployment)
    annotations = template["metadata"]["annotations"]
    assert annotations["instrumentation.opentelemetry.io/inject-python"] == INSTRUMENTATION["metadata"]["name"]
    assert deployment["metadata"]["namespace"] == INSTRUMENTATION["metadata"]["namespace"]
    (container,) = template["spec"]["containers"]
    assert container["livenessProbe"]["httpGet"] == {"path": "/livez", "port": "http"}
    assert container["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}


def test_what_is_configured_is_followed() -> None:
    """The config map keeps its name and is mounted as a folder, so that a change reaches the running pods."""
    (generated,) = (one for one in KUSTOMIZATION["configMapGenerator"] if one["namespace"] == "clinic")
    assert KUSTOMIZATION["generatorOptions"] == {"disableNameSuffixHash": True}
    spec = _template(DEPLOYMENTS["clinic"])["spec"]
    (container,) = spec["containers"]
    mounts = {mount["name"]: mount for mount in container["volumeMounts"]}
    (volume,) = (one for one in spec["volumes"] if one.get("configMap") == {"name": generated["name"]})
    assert not any("subPath" in mount for mount in mounts.values())
    config = next(one["value"] for one in container["env"] if one["name"] == "DISCREET_CONFIG")
    assert config == f"{mounts[volume['name']]['mountPath']}/{generated['files'][0]}"
    key = re.findall(r"file:([^\"]+)", (FOLDER / generated["files"][0]).read_text())[0]
    assert key.startswith(mounts["keys"]["mountPath"])


def test_no_secret_is_here() -> None:
    """Secrets are named, and made by others."""
    assert not [one for one in RESOURCES if one["kind"] == "Secret"]
    assert "secretGenerator" not in KUSTOMIZATION


def test_variables_are_options() -> None:
    """Every variable of ours that the manifests set is one that is known."""
    names = {one["name"] for one in INSTRUMENTATION["spec"]["python"]["env"]}
    names |= {
        one["name"]
        for pod in DEPLOYMENTS.values()
        for box in _template(pod)["spec"]["containers"]
        for one in box.get("env", [])
    }
    assert variables_that_are_no_options(names) == set()


def test_endpoints_are_services_that_the_operator_makes() -> None:
    """Apps send to the agent's service and the agent to the gateway's, at a port that listens."""
    said = yaml.safe_dump([INSTRUMENTATION["spec"]["exporter"], COLLECTORS["agent"]["spec"]["env"]])
    endpoints = re.findall(r"http://(\w+)-collector\.(\w+)\.svc\.cluster\.local:(\d+)", said)
    assert sorted(endpoints) == [("agent", "observability", "4318"), ("gateway", "observability", "4318")]
    for name, namespace, port in endpoints:
        assert COLLECTORS[name]["metadata"]["namespace"] == namespace
        protocols = COLLECTORS[name]["spec"]["config"]["receivers"]["otlp"]["protocols"]
        assert protocols["http"]["endpoint"].endswith(f":{port}")


def _matches(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    wanted: dict[str, str] = selector.get("matchLabels", {})
    return wanted.items() <= labels.items()


@pytest.mark.parametrize("policy", POLICIES, ids=_name)
def test_network_policies_are_about_pods_that_there_are(policy: dict[str, Any]) -> None:
    """Each selects pods of its namespace, and each peer by labels within ours is one of them."""
    spec, namespace = policy["spec"], policy["metadata"]["namespace"]
    assert any(_matches(spec["podSelector"], labels) for (place, _), labels in _labels().items() if place == namespace)
    rules = [*spec.get("ingress", []), *spec.get("egress", [])]
    for peer in (peer for rule in rules for peer in [*rule.get("from", []), *rule.get("to", [])]):
        if "podSelector" in peer:
            assert any(_matches(peer["podSelector"], labels) for labels in _labels().values())


def test_nothing_leaves_the_apps_but_what_is_said() -> None:
    """There is a policy without exception for every pod of the apps, and telemetry may go to the agent alone."""
    (nothing,) = (one for one in POLICIES if one["spec"]["podSelector"] == {} and len(one["spec"]) == 2)
    assert nothing["spec"]["policyTypes"] == ["Ingress", "Egress"]
    (telemetry,) = (one for one in POLICIES if one["metadata"]["name"] == "telemetry")
    (rule,) = telemetry["spec"]["egress"]
    (peer,) = rule["to"]
    assert peer["podSelector"]["matchLabels"] == {"app.kubernetes.io/name": "agent-collector"}
    for labels in (one for (place, _), one in _labels().items() if place == "clinic"):
        assert _matches(telemetry["spec"]["podSelector"], labels)
