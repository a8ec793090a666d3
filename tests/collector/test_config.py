"""The shipped configuration is valid, starts without a warning, and does not need anything else to be there."""

from __future__ import annotations

import re
import signal
import subprocess
import time
import urllib.request
from typing import TYPE_CHECKING

import pytest
import yaml
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from collector.local.collector import collector
from collector.local.tools import ROOT, configs, run_tool
from discreet.classification import CATEGORIES, Level
from discreet.testing import OtlpReceiver
from tests.collector.places import CANARIES, gauge
from tests.collector.sending import log, logs_request, metrics_request, send, span, spans_request

if TYPE_CHECKING:
    from pathlib import Path

    from collector.local.collector import Collector
    from tests.collector.conftest import Gate

OVERLAYS = sorted(file.stem for file in (ROOT / "overlays").glob("*.yaml"))
SINK = {"DISCREET_COLLECTOR_OTLP_ENDPOINT": "http://127.0.0.1:9"}
CONFIG = (ROOT / "config.yaml").read_text()


def test_the_base_configuration_is_valid(binary: str) -> None:
    """`validate` accepts config.yaml as it stands, with no variable set."""
    run_tool(binary, "validate", *configs())


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_overlays_are_valid(binary: str, overlay: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`validate` accepts each overlay merged into the base configuration."""
    for name, given in SINK.items():
        monkeypatch.setenv(name, given)
    run_tool(binary, "validate", *configs([overlay]))


@pytest.mark.parametrize("overlays", [[], *([name] for name in OVERLAYS)], ids=str)
def test_nothing_is_warned_of_at_start(binary: str, tmp_path: Path, overlays: list[str]) -> None:
    """The collector starts with lines of level info only."""
    with collector(tmp_path, overlays, SINK) as running:
        _wait_for(running, "Everything is ready", 1)
        lines = running.log.read_text().splitlines()
    assert [line for line in lines if "\tinfo\t" not in line or "rewrite" in line] == []


def test_otlp_in_over_grpc_passes_the_gate(gate: Gate) -> None:
    """What comes in over gRPC goes through the same gate as what comes over HTTP."""
    provider = TracerProvider()
    exporter = OTLPSpanExporter(gate.collector.grpc_endpoint, insecure=True)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    before = len(gate.collector.everything())
    provider.get_tracer("app").start_span(f"over gRPC to {CANARIES['e-mail']}").end()
    provider.shutdown()
    written = gate.collector.written("restricted")
    assert b"over gRPC to ****" in written
    assert CANARIES["e-mail"].encode() not in gate.collector.everything()[before:]


def test_otlp_out_takes_each_branch_to_its_endpoint(binary: str, tmp_path: Path) -> None:
    """With the overlay the branches leave over OTLP, masked, to one endpoint or to one each."""
    with OtlpReceiver() as common, OtlpReceiver() as audit:
        variables = {
            "DISCREET_COLLECTOR_OTLP_ENDPOINT": common.endpoint,
            "DISCREET_COLLECTOR_OTLP_AUDIT": audit.endpoint,
        }
        with collector(tmp_path, ["otlp"], variables) as running:
            mail = CANARIES["e-mail"]
            requests = [
                logs_request(log(mail), log("all right", {"discreet.security_level": "public"})),
                logs_request(log("signed", {"discreet.category": "audit", "discreet.security_level": "internal"})),
                spans_request(span(mail)),
                metrics_request(gauge(description=mail)),
            ]
            assert set(send(running.endpoint, *requests)) == {200}
            assert common.wait_for(lambda: len(common.logs()) == 2 and common.spans() and common.metrics())
            assert audit.wait_for(lambda: len(audit.logs()) == 1)
            assert not common.contains(mail)
            assert sorted(str(item.body) for item in common.logs()) == ["****", "all right"]
            assert running.written("general")
            assert running.written("audit")


def test_an_outage_of_the_backend_refuses_and_loses_nothing(binary: str, tmp_path: Path) -> None:
    """While the backend answers 503 the collector accepts, keeps the records on disk and sends them later."""
    with OtlpReceiver() as backend:
        backend.answer(503)
        variables = {"DISCREET_COLLECTOR_OTLP_ENDPOINT": backend.endpoint}
        with collector(tmp_path, ["otlp"], variables) as running:
            assert send(running.endpoint, logs_request(log("kept")))[0] == 200
            assert backend.wait_for(lambda: backend.requests("logs"))
        backend.answer(200)
        with collector(tmp_path, ["otlp"], variables):
            assert backend.wait_for(lambda: [item.body for item in backend.logs()] == ["kept"])


def test_reload_keeps_working_and_a_broken_file_is_caught_before_it(binary: str, tmp_path: Path) -> None:
    """SIGHUP reads the configuration again; `validate` says of a broken one what SIGHUP would end the process for."""
    with collector(tmp_path) as running:
        _wait_for(running, "Everything is ready", 1)
        running.process.send_signal(signal.SIGHUP)
        _wait_for(running, "Everything is ready", 2)
        assert send(running.endpoint, logs_request(log("after")))[0] == 200
        assert b"after" in running.written("restricted")
    broken = tmp_path / "broken.yaml"
    broken.write_text(CONFIG.replace("flatten(log.attributes", "flaten(log.attributes"))
    assert subprocess.run([binary, "validate", f"--config={broken}"], capture_output=True, check=False).returncode == 1


def test_what_the_gate_found_is_counted_by_service_and_signal(gate: Gate) -> None:
    """Prometheus finds one counter for each signal in which something was found, and none for clean records."""
    mail, service = CANARIES["e-mail"], {"service.name": "leaky"}
    clean = {"service.name": "tidy"}
    gate.through(
        logs_request(log(mail), log(mail), log("fine"), resource=service),
        spans_request(span(mail), resource=service),
        metrics_request(gauge(description=mail), resource=service),
        logs_request(log("fine"), resource=clean),
    )
    lines = _derived(gate, "discreet_gate_found_records_total", 'job="leaky"', 3)
    found = {re.search(r'signal="(\w+)"', line)[1]: line.split()[-1] for line in lines}  # type: ignore[index]
    assert found == {"log": "2", "span": "1", "metric": "1"}
    assert _derived(gate, "discreet_log_records_total", 'job="tidy"', 1)
    assert _derived(gate, "discreet_gate_found_records_total", 'job="tidy"', 0) == []
    assert not any("instance=" in line for line in lines), "a series for each process would grow without end"


def _wait_for(running: Collector, words: str, count: int) -> None:
    """Wait until the collector has said something that many times."""
    deadline = time.monotonic() + 10
    while running.log.read_text().count(words) < count:
        assert time.monotonic() < deadline, f"the collector did not say: {words}"
        time.sleep(0.05)


def _derived(gate: Gate, name: str, label: str, count: int) -> list[str]:
    """Give the series of that name and label, as soon as there are so many."""
    deadline = time.monotonic() + 5
    while True:
        with urllib.request.urlopen(f"http://127.0.0.1:{gate.collector.derived_port}/metrics") as answer:
            lines = [line for line in answer.read().decode().splitlines() if line.startswith(name) and label in line]
        if len(lines) >= count or time.monotonic() > deadline:
            return lines
        time.sleep(0.1)


def test_the_collector_knows_the_librarys_categories_and_levels() -> None:
    """The names in the configuration are those of the library's classification, all of them."""
    assert f'"^({"|".join(CATEGORIES)})$"' in CONFIG
    assert f'"^({"|".join(level.label for level in Level)})$"' in CONFIG


def test_every_gate_propagates_errors() -> None:
    """No transform or filter is left with the default that lets a record pass when its statement fails."""
    processors = yaml.safe_load(CONFIG)["processors"]
    kinds = {name: body.get("error_mode") for name, body in processors.items() if name.startswith(("trans", "filter"))}
    assert set(kinds.values()) == {"propagate"}
