"""Agent and gateway together: nothing that was accepted is lost, nothing private passes, nobody else is let in."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import requests
from demo_collector.checks import wait_until

from collector.local.collector import collector
from collector.local.processes import free_ports, server
from collector.local.tools import ROOT as COLLECTOR
from discreet.testing import OtlpReceiver
from tests.collector.sending import log, logs_request, send, span, spans_request
from tests.deploy.agents import agent
from tests.deploy.manifests import DEPLOY

if TYPE_CHECKING:
    from pathlib import Path


def test_the_agent_holds_what_the_gateway_does_not_take(binary: str, tmp_path: Path) -> None:
    """What the agent accepted while the gateway answered 503 arrives later, though the agent was killed meanwhile."""
    with OtlpReceiver() as gateway:
        gateway.answer(503)
        with agent(binary, tmp_path, gateway.endpoint) as sender:
            assert send(sender.endpoint, logs_request(log("an order")), spans_request(span("order"))) == [200, 200]
            assert gateway.wait_for(lambda: {one.signal for one in gateway.requests()} == {"logs", "traces"}, 20)
            sender.process.kill()
        gateway.answer(200)
        with agent(binary, tmp_path, gateway.endpoint):
            assert gateway.wait_for(lambda: gateway.logs() and gateway.spans(), 20)


def test_what_the_agent_sends_passes_the_gate(binary: str, tmp_path: Path) -> None:
    """Agent and gateway together: private data of an app without Discreet is in none of the gateway's files."""
    (tmp_path / "gateway").mkdir()
    record = log("paid by zoe@example.org", {"discreet.security_level": "internal"})
    with collector(tmp_path / "gateway") as gateway, agent(binary, tmp_path, gateway.endpoint) as sender:
        assert send(sender.endpoint, logs_request(record)) == [200]
        assert wait_until(lambda: gateway.items("restricted"), 20)
    assert b"zoe@example.org" not in gateway.everything()
    assert [item.record["body"] for item in gateway.items("restricted")] == [{"stringValue": "paid by ****"}]


def _certificate(folder: Path) -> dict[str, str]:
    """Make a certificate for loopback and a token; give the variables that say where they are."""
    subject = ["-subj", "/CN=gateway", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject, *files]
    subprocess.run(new, check=True, capture_output=True)
    (folder / "token").write_text("made-for-this-test")
    return {
        "DISCREET_COLLECTOR_CERT_FILE": str(folder / "cert.pem"),
        "DISCREET_COLLECTOR_KEY_FILE": str(folder / "key.pem"),
        "DISCREET_COLLECTOR_CA_FILE": str(folder / "cert.pem"),
        "DISCREET_COLLECTOR_TOKEN_FILE": str(folder / "token"),
    }


def test_a_secured_gateway_lets_agents_in_alone(binary: str, tmp_path: Path) -> None:
    """With TLS and the token the agent's records arrive; without the token the answer is 401, without TLS an error."""
    http, grpc, health, derived, telemetry = free_ports(5)
    secured = _certificate(tmp_path)
    variables = {
        "DISCREET_COLLECTOR_HTTP_ENDPOINT": f"127.0.0.1:{http}",
        "DISCREET_COLLECTOR_GRPC_ENDPOINT": f"127.0.0.1:{grpc}",
        "DISCREET_COLLECTOR_HEALTH_ENDPOINT": f"127.0.0.1:{health}",
        "DISCREET_COLLECTOR_PROMETHEUS_ENDPOINT": f"127.0.0.1:{derived}",
        "DISCREET_COLLECTOR_TELEMETRY_PORT": str(telemetry),
        "DISCREET_COLLECTOR_OUT": str(tmp_path / "gateway"),
        **secured,
    }
    files = [COLLECTOR / "config.yaml", COLLECTOR / "overlays" / "otlp.yaml"]
    files.append(DEPLOY / "collector" / "secured-gateway.yaml")
    command = [binary, *(f"--config={file}" for file in files)]
    with OtlpReceiver() as backend:
        variables["DISCREET_COLLECTOR_OTLP_ENDPOINT"] = backend.endpoint
        with (
            server(command, f"http://127.0.0.1:{health}", tmp_path / "gateway.log", variables),
            agent(binary, tmp_path, f"https://127.0.0.1:{http}", "secured-agent.yaml", variables=secured) as sender,
        ):
            assert send(sender.endpoint, logs_request(log("an order"))) == [200]
            assert backend.wait_for(backend.logs, 20)
            url = f"//127.0.0.1:{http}/v1/logs"
            stranger = requests.post(f"https:{url}", data=b"", verify=secured["DISCREET_COLLECTOR_CA_FILE"], timeout=10)
            assert stranger.status_code == 401
            assert requests.post(f"http:{url}", data=b"", timeout=10).status_code == 400
