"""The dashboards are what their tables say, and every query of them finds what is really emitted."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

pytest.importorskip("grafana_foundation_sdk", reason="Grafana's library needs Python 3.11")

from demo_collector.running import clinic, send_raw_span

from collector.local.alerting import alerting
from collector.local.collector import collector
from collector.local.webhook import Webhook
from deploy.dashboards.__main__ import FOLDER, stale
from deploy.dashboards.catalogue import DASHBOARDS
from discreet.testing import OtlpReceiver
from tests.collector.sending import log, logs_request, send

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FILES = {dashboard.uid: json.loads((FOLDER / f"{dashboard.uid}.json").read_text()) for dashboard in DASHBOARDS}
GRAFANA = {"$__rate_interval": "10s", "$__range": "30s", "$service": ".*"}
"""What Grafana puts in, for metrics that are scraped every second."""
WITHIN = 40


LEVELS = {"DISCREET_EXPORTERS": "otlp=confidential", "DISCREET_LEVEL_ACTIONS": "restricted=strip"}
LEVELLED = """
import logging, time
while True:
    logging.getLogger("till").warning("paid with 4111 1111 1111 1111")
    time.sleep(0.5)
"""


class Asked(NamedTuple):
    """A query of a panel, and where it is."""

    dashboard: str
    panel: str
    expr: str
    legend: str

    @property
    def where(self) -> str:
        return f"{self.dashboard} / {self.panel}: {self.expr}"


def _queries() -> Iterator[Asked]:
    for uid, dashboard in FILES.items():
        for panel in dashboard["panels"]:
            for target in panel.get("targets", []):
                yield Asked(uid, panel["title"], target["expr"], target.get("legendFormat", ""))


QUERIES = list(_queries())


def answer(prometheus: str, expr: str) -> list[dict[str, Any]]:
    """Give the series that Prometheus has for an expression now."""
    for variable, value in GRAFANA.items():
        expr = expr.replace(variable, value)
    question = urllib.parse.urlencode({"query": expr})
    with urllib.request.urlopen(f"{prometheus}/api/v1/query?{question}", timeout=10) as response:
        found: list[dict[str, Any]] = json.load(response)["data"]["result"]
    return found


def lacks(prometheus: str, asked: Asked) -> str:
    """Say what a query lacks; nothing where it gives numbers, and every label that its legend names."""
    series = answer(prometheus, asked.expr)
    if not any(not math.isnan(float(one["value"][1])) for one in series):
        return "no data"
    named = set(re.findall(r"{{(\w+)}}", asked.legend))
    missing = {label for label in named if not any(label in one["metric"] for one in series)}
    return f"no label {sorted(missing)}" if missing else ""


@contextmanager
def till(endpoint: str) -> Iterator[None]:
    """Run a service whose records are above the ceiling of its exporter, until the block ends."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("OTEL_", "DISCREET_"))}
    variables = {
        "OTEL_SERVICE_NAME": "till",
        "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_METRIC_EXPORT_INTERVAL": "1000",
        **LEVELS,
    }
    command: list[str | Path] = [
        Path(sys.executable).parent / "opentelemetry-instrument",
        sys.executable,
        "-c",
        LEVELLED,
    ]
    process = subprocess.Popen(command, env={**inherited, **variables})
    try:
        yield
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def prometheus(binary: str, tools: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Prometheus over the collector, into which the clinic and a careless service send; the backend refuses some."""
    for name in ("prometheus", "alertmanager"):
        tools(name)
    folder = tmp_path_factory.mktemp("dashboards")
    with (
        OtlpReceiver() as backend,
        Webhook() as webhook,
        collector(folder, ["otlp"], {"DISCREET_COLLECTOR_OTLP_ENDPOINT": backend.endpoint}) as running,
        alerting(folder, running, webhook.url) as servers,
        clinic(folder, running.endpoint) as service,
        till(running.endpoint),
    ):
        service.traffic.run()
        send_raw_span(running.endpoint)
        audit = logs_request(log("a right was granted", {"discreet.category": "audit"}))
        with service.asked_for_insurance():
            assert backend.wait_for(lambda: backend.spans() and backend.metrics(), WITHIN)
            backend.answer(400)
            assert send(running.endpoint, audit) == [200]
            yield servers.prometheus


def test_the_files_are_what_the_tables_give() -> None:
    """`make dashboards` would change nothing."""
    assert stale() == []


def test_every_query_finds_what_is_emitted(prometheus: str) -> None:
    """Each query of each panel gives numbers with the labels of its legend, over what clinic and collector emit."""
    deadline = time.monotonic() + WITHIN
    while missing := {asked.where: lack for asked in QUERIES if (lack := lacks(prometheus, asked))}:
        if time.monotonic() > deadline:
            pytest.fail("\n".join(f"{lack}: {where}" for where, lack in missing.items()))
        time.sleep(1)


def test_services_can_be_chosen(prometheus: str) -> None:
    """The variable of each dashboard lists the services of a metric that there is."""
    for uid, dashboard in FILES.items():
        for variable in dashboard["templating"]["list"]:
            if variable["name"] == "service":
                (metric, label) = re.findall(r"label_values\((\w+), (\w+)\)", variable["query"])[0]
                assert "clinic" in {series["metric"].get(label) for series in answer(prometheus, metric)}, uid


@pytest.mark.parametrize("uid", FILES)
def test_a_query_uses_the_chosen_service_where_there_is_a_choice(uid: str) -> None:
    """No dashboard asks for `$service` without having the variable, nor has it for nothing."""
    names = {variable["name"] for variable in FILES[uid]["templating"]["list"]}
    used = any("$service" in asked.expr for asked in QUERIES if asked.dashboard == uid)
    assert used == ("service" in names)


@pytest.mark.parametrize("uid", FILES)
def test_every_panel_says_what_it_shows(uid: str) -> None:
    """Each panel has a title of its own, a description, a query, and a place that overlaps no other."""
    panels = [panel for panel in FILES[uid]["panels"] if panel["type"] != "row"]
    assert len({panel["title"] for panel in panels}) == len(panels)
    assert all(panel["description"] and panel["targets"] for panel in panels)
    taken = [cell for panel in FILES[uid]["panels"] for cell in _cells(panel["gridPos"])]
    assert len(taken) == len(set(taken))


def _cells(place: dict[str, int]) -> Iterator[tuple[int, int]]:
    for x in range(place["x"], place["x"] + place["w"]):
        for y in range(place["y"], place["y"] + place["h"]):
            assert x < 24
            yield x, y
