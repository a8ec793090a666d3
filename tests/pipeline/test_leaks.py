"""Nothing raw leaves: an app says a canary at every place, and the bytes that arrive are searched for each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from discreet.testing import OtlpReceiver
from tests.pipeline import canaries
from tests.pipeline.launching import run

APP = str(Path(__file__).with_name("leak_app.py"))

DISTRO_FIRST = {"OTEL_PYTHON_DISTRO": "distro", "OTEL_PYTHON_CONFIGURATOR": "configurator"}
RESOURCE = {"OTEL_RESOURCE_ATTRIBUTES": "owner=canary9999.zoe@example.org,deploy.password=hunter9999Canary"}

WAYS = {
    "instrument": {"instrument": True, "extra": RESOURCE},
    "grpc": {"instrument": True, "extra": {"grpc": "yes"}},
    "another distribution in force": {"instrument": True, "extra": {**DISTRO_FIRST, **RESOURCE}},
    "no instrumentation": {"instrument": True, "extra": {"OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": "*"}},
    "configure": {"instrument": False, "arguments": ["--configure"], "extra": RESOURCE},
}


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_no_canary_leaves(way: str) -> None:
    """None of the canaries is in the bytes that leave, whichever way Discreet came in."""
    settings = dict(WAYS[way])
    with OtlpReceiver() as receiver:
        extra = dict(settings.get("extra", {}))
        if extra.pop("grpc", None):
            extra |= {
                "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
                "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.grpc_endpoint,
                "OTEL_EXPORTER_OTLP_INSECURE": "true",
            }
        done = run(receiver, APP, *settings.get("arguments", []), instrument=settings["instrument"], extra=extra)
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout.splitlines()[-1])
        wire = b"\n".join(b"".join(receiver.raw(signal)) for signal in ("traces", "logs", "metrics"))
        assert leaked(said["places"], wire + json.dumps(said["headers"]).encode()) == []
        assert b"9999" not in wire
        assert b"[WITHHELD:" not in wire  # redacted, not merely withheld
        assert len(receiver.spans()) > 150
        assert len(receiver.logs()) > 100
        assert len(receiver.metrics()) > 30


def leaked(places: dict[str, int], wire: bytes) -> list[str]:
    """Give the places whose canary is in the bytes."""
    found = []
    for place, number in places.items():
        name, _, kind = place.partition("|")
        kind = kind if kind in canaries.KINDS else "password"
        if canaries.secret(kind, number).encode() in wire:
            found.append(f"{name}|{place.partition('|')[2]}")
    return found
