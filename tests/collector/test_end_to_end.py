"""A service that sends with the plain SDK, the real collector, Prometheus, Alertmanager, and a webhook at the end."""

from __future__ import annotations

import itertools
import threading
from typing import TYPE_CHECKING

import requests
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode

from collector.local.alerting import alerting
from collector.local.collector import collector
from collector.local.webhook import Webhook
from discreet.testing import OtlpReceiver

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typing_extensions import Self

FIRES_WITHIN, RESOLVES_WITHIN = 30, 40
COOLDOWN = 6
MAIL = "zoe.canary@example.org"
FILESYSTEM = {
    "system.filesystem.state": "used",
    "system.filesystem.mode": "rw",
    "system.filesystem.mountpoint": "/data",
}
WITHHELD = {"signal": "log", "reason": "redaction_failed"}


class Service:
    """A service on the plain SDK, without the library, ten times a second: at first all that can go wrong does.

    One in two requests fails, twenty others are answered with 401, the database does not answer, the disk is full.
    """

    def __init__(self, endpoint: str) -> None:
        resource = Resource({"service.name": "shop"})
        self._spans = TracerProvider(resource=resource)
        self._spans.add_span_processor(
            BatchSpanProcessor(OTLPSpanExporter(f"{endpoint}/v1/traces"), schedule_delay_millis=200)
        )
        self._logs = LoggerProvider(resource=resource)
        self._logs.add_log_record_processor(
            BatchLogRecordProcessor(OTLPLogExporter(f"{endpoint}/v1/logs"), schedule_delay_millis=200)
        )
        reader = PeriodicExportingMetricReader(OTLPMetricExporter(f"{endpoint}/v1/metrics"), export_interval_millis=500)
        self._metrics = MeterProvider([reader], resource=resource)
        meter = self._metrics.get_meter("discreet")
        self.withheld = meter.create_counter("discreet.records.withheld", "{record}")
        self._health = meter.create_gauge("discreet.health.status", "1")
        self._disk = meter.create_gauge("system.filesystem.utilization", "1")
        self._requests = meter.create_histogram("http.server.request.duration", "s")
        self.withheld.add(0, WITHHELD)
        self.failing = threading.Event()
        self._stopped = threading.Event()
        self._worker = threading.Thread(target=self._serve, name="service", daemon=True)

    def __enter__(self) -> Self:
        self.failing.set()
        self._worker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._worker.join()
        for provider in (self._spans, self._logs, self._metrics):
            provider.shutdown()

    def audit(self) -> None:
        """Log a record of category audit, which the backend rejects."""
        self._logs.get_logger("shop").emit(LogRecord(body="ledger", attributes={"discreet.category": "audit"}))

    def leak(self) -> None:
        """Log an e-mail address, as a service without the library does."""
        record = LogRecord(severity_number=SeverityNumber.WARN, body=f"no such user: {MAIL}")
        self._logs.get_logger("shop").emit(record)

    def _serve(self) -> None:
        tracer = self._spans.get_tracer("shop")
        for number in itertools.count():
            with tracer.start_as_current_span("GET /orders", kind=SpanKind.SERVER) as span:
                if self.failing.is_set() and number % 2:
                    span.set_status(Status(StatusCode.ERROR))
            self._measure(failing=self.failing.is_set())
            if self._stopped.wait(0.1):
                return

    def _measure(self, *, failing: bool) -> None:
        self._health.set(0 if failing else 1, {"check": "database:orders"})
        self._disk.set(0.97 if failing else 0.4, FILESYSTEM)
        for _ in range(20 if failing else 1):
            self._requests.record(0.01, {"http.response.status_code": 401 if failing else 200})


def test_alerts_fire_reach_the_webhook_and_resolve(binary: str, tools: Callable[[str], str], tmp_path: Path) -> None:
    """What goes wrong is told to whom it concerns, after the cooldown again, and once when it is over.

    What follows from failing requests, that the error budget burns, is held back.
    """
    for name in ("prometheus", "alertmanager"):
        tools(name)
    problems = {
        "RequestErrorRateHigh": ("/operators", "critical"),
        "HealthCheckFailing": ("/operators", "critical"),
        "FilesystemSaturated": ("/operators", "warning"),
        "UnauthorizedBurst": ("/security", "warning"),
        "AuditRecordsRejected": ("/security", "critical"),
        "SecondGateFoundData": ("/security", "warning"),
        "RecordsWithheld": ("/security", "critical"),
    }
    with (
        OtlpReceiver() as backend,
        collector(tmp_path, ["otlp"], {"DISCREET_COLLECTOR_OTLP_ENDPOINT": backend.endpoint}) as running,
        Webhook() as webhook,
        alerting(tmp_path, running, webhook.url, f"{COOLDOWN}s") as servers,
    ):
        with Service(running.endpoint) as service:
            assert webhook.wait_for("Watchdog", "firing", FIRES_WITHIN)
            assert not any(webhook.seen(alert, "firing") for alert in ("SecondGateFoundData", "RecordsWithheld"))
            backend.answer(401)
            service.leak()
            service.audit()
            service.withheld.add(1, WITHHELD)
            missing = [alert for alert in problems if not webhook.wait_for(alert, "firing", FIRES_WITHIN)]
            assert missing == []
            once = [alert for alert in problems if not webhook.wait_for(alert, "firing", FIRES_WITHIN, times=2)]
            assert once == [], "each is told again while it lasts"
            assert _active(servers.alertmanager, "ErrorBudgetBurnFast") == {"suppressed"}
            service.failing.clear()
            lasting = [alert for alert in problems if not webhook.wait_for(alert, "resolved", RESOLVES_WITHIN)]
            assert lasting == []
        for notice in webhook.notices():
            if notice.alert in problems:
                assert (notice.path, notice.labels["severity"]) == problems[notice.alert]
                assert notice.labels.get("service_name", "shop") == "shop"
                assert notice.annotations["runbook_url"] == f"docs/runbooks/{notice.alert}.md"
        for alert in problems:
            told = [(notice.status, notice.seconds) for notice in webhook.notices() if notice.alert == alert]
            assert [status for status, _ in told] == ["firing"] * (len(told) - 1) + ["resolved"]
            firing = [seconds for status, seconds in told if status == "firing"]
            assert all(later - sooner > COOLDOWN - 1 for sooner, later in itertools.pairwise(firing)), firing
        assert not webhook.seen("ErrorBudgetBurnFast", "firing")
        assert MAIL.encode() not in running.everything()
        assert b"no such user" not in running.written("general")
        running.process.kill()
        assert webhook.wait_for("CollectorDown", "firing", FIRES_WITHIN)
        assert not webhook.seen("Watchdog", "resolved")


def _active(alertmanager: str, alert: str) -> set[str]:
    """Give the states of an alert at Alertmanager."""
    found = requests.get(f"{alertmanager}/api/v2/alerts", params={"filter": f'alertname="{alert}"'}, timeout=5).json()
    return {one["status"]["state"] for one in found}
