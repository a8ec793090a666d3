"""Nothing raw leaves: an app says a canary at every place, and the bytes that arrive are searched for each."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from discreet.testing import OtlpReceiver
from tests.pipeline import canaries
from tests.pipeline.launching import run

pytestmark = pytest.mark.seams

APP = str(Path(__file__).with_name("leak_app.py"))

RESOURCE = {
    "OTEL_RESOURCE_ATTRIBUTES": "owner=canary9999.zoe@example.org,deploy.password=hunter9999Canary",
    "OTEL_SERVICE_NAME": "of canary9999.zoe@example.org",
    "OTEL_EXPERIMENTAL_RESOURCE_DETECTORS": "process,otel",
}
DISTRO_FIRST = {"OTEL_PYTHON_DISTRO": "distro", "OTEL_PYTHON_CONFIGURATOR": "configurator"}

WAYS: dict[str, dict[str, str]] = {
    "instrument": RESOURCE,
    "grpc": {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_EXPORTER_OTLP_INSECURE": "true"},
    "another distribution in force": DISTRO_FIRST | RESOURCE,
    "beyond the bounds": {},
    "length limits": {"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT": "24"},
    "no instrumentation": {"OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": "*"},
    "configure": RESOURCE,
}
if importlib.util.find_spec("opentelemetry.configuration"):  # needs OpenTelemetry 1.43
    WAYS["declarative file"] = {}

DECLARATIVE = """
file_format: "1.0"
resource: {{attributes: [{{name: owner, value: canary9999.zoe@example.org}}]}}
tracer_provider: {{processors: [{{batch: {{exporter: {{otlp_http: {{endpoint: "{url}/v1/traces"}}}}}}}}]}}
logger_provider: {{processors: [{{batch: {{exporter: {{otlp_http: {{endpoint: "{url}/v1/logs"}}}}}}}}]}}
meter_provider: {{readers: [{{periodic: {{exporter: {{otlp_http: {{endpoint: "{url}/v1/metrics"}}}}}}}}]}}
distribution: {{discreet: {{output: true}}}}
"""


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_no_canary_leaves(way: str, tmp_path: Path) -> None:
    """None of the canaries is in the bytes that leave, whichever way Discreet came in."""
    extra = {"DISCREET_BAGGAGE_KEYS": "*", "DISCREET_BAGGAGE_HOSTS": "*", **WAYS[way]}
    with OtlpReceiver() as receiver:
        if way == "grpc":
            extra["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.grpc_endpoint
        if way == "declarative file":
            extra["OTEL_CONFIG_FILE"] = str(tmp_path / "otel.yaml")
            (tmp_path / "otel.yaml").write_text(DECLARATIVE.format(url=receiver.endpoint))
        in_code = way == "configure"
        done = run(
            receiver,
            APP,
            "--password=hunter9999Canary",
            *(["--configure"] if in_code else []),
            *(["--beyond-bounds"] if way == "beyond the bounds" else []),
            instrument=not in_code,
            extra=extra,
        )
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout.splitlines()[-1])
        wire = b"\n".join(b"".join(receiver.raw(signal)) for signal in ("traces", "logs", "metrics"))
        told = "\n".join(str(item) for item in (*receiver.spans(), *receiver.logs(), *receiver.metrics()))
        everything = b"\n".join([wire, json.dumps(said["headers"]).encode(), done.stderr.encode(), told.encode()])
        assert leaked(said["places"], everything, cut=way == "length limits") == []
        assert all('"baggage": "fine=ok"' in headers for headers in said["headers"])
        assert b"9999" not in wire
        if way == "beyond the bounds":
            assert b"[WITHHELD:depth]" in wire
            assert b"[WITHHELD:length]" in wire
        else:
            assert b"[WITHHELD:" not in wire  # redacted, not merely withheld
        assert len(receiver.spans()) > 150
        assert len(receiver.logs()) > 100
        assert len(receiver.metrics()) > 30
        _are_classified(receiver)


def _are_classified(receiver: OtlpReceiver) -> None:
    items: list[Any] = [*receiver.spans(), *receiver.logs()]
    records: list[Any] = [item.record for item in items]
    for record in records:
        names = {attribute.key for attribute in record.attributes}
        assert names >= {"discreet.category", "discreet.security_level"}


def leaked(places: dict[str, int], wire: bytes, *, cut: bool = False) -> list[str]:
    """Give the places whose canary is in the bytes; or the first three quarters of it, where a limit may have cut."""
    found = []
    for place, number in places.items():
        name, _, kind = place.partition("|")
        kind = kind if kind in (*canaries.KINDS, *canaries.NUMBERS) else "password"
        secret = canaries.secret(kind, number)
        if secret[: len(secret) * 3 // 4 if cut and kind == "email" else None].encode() in wire:
            found.append(f"{name}|{place.partition('|')[2]}")
    return found
