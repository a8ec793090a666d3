"""Agent and gateway as resources of the OpenTelemetry operator."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

DEPLOY = Path(__file__).resolve().parents[1]
COLLECTOR = DEPLOY.parent / "collector"
IMAGE = "otel/opentelemetry-collector-contrib:0.161.0"
NAMESPACE = "observability"
DATA = "/var/lib/otelcol"
_LISTENING = {
    "DISCREET_COLLECTOR_GRPC_ENDPOINT": "0.0.0.0:4317",
    "DISCREET_COLLECTOR_HTTP_ENDPOINT": "0.0.0.0:4318",
    "DISCREET_COLLECTOR_HEALTH_ENDPOINT": "0.0.0.0:13133",
    "DISCREET_COLLECTOR_PROMETHEUS_ENDPOINT": "0.0.0.0:9464",
    "DISCREET_COLLECTOR_TELEMETRY_HOST": "0.0.0.0",  # noqa: S104 - reached by the network policy's peers alone
    "DISCREET_COLLECTOR_TELEMETRY_PORT": "8888",
    "DISCREET_COLLECTOR_OUT": DATA,
}
"""Put in when the file is written: the operator reads ports out of the configuration to make services of them."""
_HEAD = """\
# Written by `make manifests` from {sources}: change those.
# Never applied where this was written, as no cluster runs there: the configuration in it was run by the collector, the
# rest was checked for its shape.
"""


class _Dumper(yaml.SafeDumper):
    """Writes what is shared as often as it is used: anchors are for those who write by hand."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def merged(*documents: Any) -> Any:
    """Give documents as one, as the collector merges its `--config`: mappings by key, all else by the last."""
    first, *others = documents
    for other in others:
        if not isinstance(first, dict) or not isinstance(other, dict):
            first = other
            continue
        first = {key: merged(*(one[key] for one in (first, other) if key in one)) for key in {**first, **other}}
    return first


def config(*files: Path) -> dict[str, Any]:
    """Give the configuration of files, listening on all addresses."""
    texts = [file.read_text() for file in files]
    for name, value in _LISTENING.items():
        texts = [re.sub(rf"\$\{{env:{name}(:-[^}}]*)?\}}", value, text) for text in texts]
    found: dict[str, Any] = merged(*map(yaml.safe_load, texts))
    return found


def _collector(name: str, settings: dict[str, Any], configuration: dict[str, Any]) -> dict[str, Any]:
    """Give the resource: what both collectors have in common, and what one has of its own."""
    return {
        "apiVersion": "opentelemetry.io/v1beta1",
        "kind": "OpenTelemetryCollector",
        "metadata": {"name": name, "namespace": NAMESPACE},
        "spec": {
            "image": IMAGE,
            "upgradeStrategy": "none",
            "podSecurityContext": {
                "runAsNonRoot": True,
                "runAsUser": 10001,
                "runAsGroup": 10001,
                "fsGroup": 10001,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            },
            "observability": {"metrics": {"enableMetrics": True}},
            "volumeMounts": [{"name": "data", "mountPath": DATA}],
            **settings,
            "config": configuration,
        },
    }


def agent() -> dict[str, Any]:
    """Give the agent: one on each node, its queue in a folder that lives as long as its pod."""
    settings = {
        "mode": "daemonset",
        "env": [
            {
                "name": "DISCREET_GATEWAY_ENDPOINT",
                "value": f"http://gateway-collector.{NAMESPACE}.svc.cluster.local:4318",
            }
        ],
        "resources": {"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"memory": "384Mi"}},
        "tolerations": [{"operator": "Exists"}],
        "volumes": [{"name": "data", "emptyDir": {"sizeLimit": "2Gi"}}],
    }
    return _collector("agent", settings, config(DEPLOY / "collector" / "agent.yaml"))


def gateway() -> dict[str, Any]:
    """Give the gateway: two, each with a disk for its queues and files."""
    settings = {
        "mode": "statefulset",
        "replicas": 2,
        "envFrom": [{"configMapRef": {"name": "gateway-backends"}}],
        "env": [{"name": "DISCREET_COLLECTOR_MEMORY_MIB", "value": "768"}],
        "resources": {"requests": {"cpu": "250m", "memory": "512Mi"}, "limits": {"memory": "1Gi"}},
        "podDisruptionBudget": {"maxUnavailable": 1},
        "volumeClaimTemplates": [
            {
                "metadata": {"name": "data"},
                "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "20Gi"}}},
            }
        ],
    }
    return _collector("gateway", settings, config(COLLECTOR / "config.yaml", COLLECTOR / "overlays" / "otlp.yaml"))


def manifests() -> dict[str, str]:
    """Give every file that is written, by its name in this folder."""
    return {
        "agent.yaml": _text(agent(), "deploy/collector/agent.yaml"),
        "gateway.yaml": _text(gateway(), "collector/config.yaml and collector/overlays/otlp.yaml"),
    }


def _text(resource: dict[str, Any], sources: str) -> str:
    return _HEAD.format(sources=sources) + yaml.dump(resource, Dumper=_Dumper, sort_keys=False, width=1000)
