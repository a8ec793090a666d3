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

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typing_extensions import Self

FIRES_WITHIN, RESOLVES_WITHIN = 30, 40
COOLDOWN = 6
MAIL = "zoe.canary@example.org"
WITHHELD = {"signal": "log", "reason": "redaction_failed"}


class Service:
    """A service on the plain SDK, without the library: serves ten requests a second, one in two failing at first."""

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
        self.withheld = self._metrics.get_meter("discreet").create_counter("discreet.records.withheld", "{record}")
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
            if self._stopped.wait(0.1):
                return


def test_alerts_fire_reach_the_webhook_and_resolve(binary: str, tools: Callable[[str], str], tmp_path: Path) -> None:
    """Failing requests, data past the library, a withheld record: told, after the cooldown again, and once when over.

    What follows from failing requests, that the error budget burns, is held back.
    """
    for name in ("prometheus", "alertmanager"):
        tools(name)
    problems = {
        "RequestErrorRateHigh": ("/operators", "critical"),
        "SecondGateFoundData": ("/security", "warning"),
        "RecordsWithheld": ("/security", "critical"),
    }
    with (
        collector(tmp_path) as running,
        Webhook() as webhook,
        alerting(tmp_path, running, webhook.url, f"{COOLDOWN}s") as servers,
    ):
        with Service(running.endpoint) as service:
            assert webhook.wait_for("Watchdog", "firing", FIRES_WITHIN)
            assert not any(webhook.seen(alert, "firing") for alert in ("SecondGateFoundData", "RecordsWithheld"))
            service.leak()
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
                assert notice.labels["service_name"] == "shop"
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
